import { describe, expect, it } from "vitest";
import { leasetap } from "../support/program.js";

const TABLE = `Name    Mtu Network       Address              Ipkts Ierrs Idrop    Opkts Oerrs  Coll
re0    1500 <Link#1>      52:54:00:8c:00:c5   246113     0     0   224253     0 223971
`;

describe("leasetap doctor", () => {
  it("--netstat tells that no packet was lost", async () => {
    const { code, stdout, stderr } = await leasetap(["doctor", "--netstat", "-"], { input: Buffer.from(TABLE) });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("no packet was lost");
    expect(stdout).toContain("ifconfig re0 -txcsum");
  });

  it("--netstat of something else says so", async () => {
    const { code, stdout } = await leasetap(["doctor", "--netstat", "-"], { input: Buffer.from("hello\n") });
    expect(code).toBe(0);
    expect(stdout).toContain("There is no table of netstat -i");
  });

  it("--json prints the host as a record, without root as well", async () => {
    const { stdout } = await leasetap(["doctor", "--json", "--fail-on", "never"]);
    const [first = ""] = stdout.split("\n");
    expect(JSON.parse(first)).toMatchObject({ type: "host", rules: {} });
  });

  it("a missing file ends with 3", async () => {
    const { code, stderr } = await leasetap(["doctor", "--netstat", "missing.txt"]);
    expect([code, stderr]).toEqual([3, 'leasetap: "missing.txt" does not exist: check the path.\n']);
  });
});

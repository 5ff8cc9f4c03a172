import { describe, expect, it } from "vitest";
import { ended, leasetap, start } from "../support/program.js";

describe("leasetap explain", () => {
  it("lists all that can be explained", async () => {
    const { code, stdout, stderr } = await leasetap(["explain"]);
    expect(stdout).toMatch(/^Replies that came and were ignored\n {2}offload-partial /);
    for (const name of ["nak", "partial-seen", "bit-flip", "collisions", "tap-tx-off"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    }
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("prints the page of a code", async () => {
    const { code, stdout, stderr } = await leasetap(["explain", "offload-partial"]);
    expect(stdout).toMatch(/^offload-partial: /);
    expect(stdout).toContain("0a08 + 0c01 + 0a08 + 0c96 + 0011 + 0134 = 2dec");
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("prints several pages", async () => {
    const { stdout } = await leasetap(["explain", "nak", "tap-tx-off", "good"]);
    expect(stdout).toMatch(/^nak: [^]*\n\n\n {2}Switch the offload off at the guest's port[^]*\n\n\ngood: /);
  });

  it.each([[["5 bad udp checksums in 5 packets"]], [["5", "bad", "udp", "checksums", "in", "5", "packets"]]])(
    "finds the page for a line of a log, in quotes or not: %j",
    async (words) => {
      const { code, stdout } = await leasetap(["explain", ...words]);
      expect(stdout.replace(/\s+/g, " ")).toMatch(/^Such a line is printed by ISC .* checksum-rejected: /);
      expect(code).toBe(0);
    },
  );

  it("suggests what was meant, and ends with 2", async () => {
    const { code, stdout, stderr } = await leasetap(["explain", "offlod-partial"]);
    expect(stderr).toBe(
      'leasetap: there is no page for "offlod-partial". Did you mean offload-partial, partial? leasetap explain lists all there are.\n',
    );
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("shows what it was asked for without obeying it", async () => {
    const { code, stderr } = await leasetap(["explain", "\u001b]0;owned\u0007\u202e"]);
    expect(stderr).toContain('there is no page for "\\x1b]0;owned\\x07\\u{202e}"');
    expect(code).toBe(2);
  });

  it.each([["40"], ["100"]])("keeps to %s columns where it is told so", async (columns) => {
    const { stdout } = await leasetap(["explain", "lease-time"], { env: { COLUMNS: columns } });
    const prose = stdout.split("\n").filter((line) => !/https?:|'/.test(line));
    const widest = Math.max(...prose.map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(Number(columns));
    expect(widest).toBeGreaterThan(Number(columns) - 12);
  });

  it("does not mind a reader that has seen enough", async () => {
    const child = start(["explain"]);
    child.stdout.once("data", () => child.stdout.destroy());
    const { code, stderr } = await ended(child);
    expect([code, stderr]).toEqual([0, ""]);
  });
});

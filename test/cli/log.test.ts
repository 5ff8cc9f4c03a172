import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leasetap, pcaps, recordsOf } from "../support/program.js";
import { requireTool } from "../support/tools.js";

const recorded = (name: string): string => fileURLToPath(new URL(`../logs/recorded/${name}`, import.meta.url));
const lost = recorded("networkd-partial.log");
const well = recorded("dhcpcd-healthy.log");
const capture = join(pcaps, "s01-healthy/bridge.pcap");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-log-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("leasetap log", () => {
  it.each([
    ["a lost lease", [lost], 1],
    ["a well guest", [well], 0],
    ["both", [well, lost], 1],
    ["a lost lease, when nothing counts", [lost, "--fail-on", "never"], 0],
  ])("ends as its findings say: %s", async (_name, args, code) => {
    const { code: got, stderr } = await leasetap(["log", ...args]);
    expect([got, stderr]).toEqual([code, ""]);
  });

  it("prints nothing but valid records with --json", async () => {
    const { stdout } = await leasetap(["log", "--json", lost, well]);
    const records = recordsOf(stdout);
    expect(records.map(({ type }) => type)).toEqual(["start", "input", "input", "finding", "summary"]);
    expect(JSON.stringify(records[3]?.["evidence"])).toMatch(/^\[\{"input":".*networkd-partial.log","line":\d+\}/);
  });

  it("reads standard input, and gzip", async () => {
    const { stdout, code } = await leasetap(["log", "-"], {
      input: gzipSync("dhclient: bound to 10.0.0.1 -- renewal\n"),
    });
    expect(code).toBe(0);
    expect(stdout).toContain("standard input: 1 line, 1 about DHCP (dhclient)");
  });

  it.each(["lz4", "zstd"])("reads a log that %s compressed, and says so", async (tool) => {
    const packed = spawnSync(requireTool(tool), ["-q", "-c"], { input: "dhclient: bound to 10.0.0.1 -- renewal\n" });
    const { stdout, code } = await leasetap(["log", "-", "--json"], { input: packed.stdout });
    expect(code).toBe(0);
    expect(recordsOf(stdout)[1]).toMatchObject({ type: "input", compression: tool, damage: null });
  });

  it("says of a compressed capture that it is no log", async () => {
    const { stderr, code } = await leasetap(["log", "-"], { input: gzipSync(readFileSync(capture)) });
    expect(stderr).toContain("is no text. If it is a capture: leasetap analyze.");
    expect(code).toBe(3);
  });

  it("tells what it could read of a cut gzip, and ends with 3", async () => {
    const cut = join(folder, "cut.gz");
    const text = "Mar  6 10:18:06 h dhclient: DHCPNAK from 10.0.0.1\n".repeat(20_000);
    writeFileSync(cut, gzipSync(text).subarray(0, -20));
    const { stdout, code } = await leasetap(["log", cut]);
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, " ")).toContain("The gzip-compressed input is cut off");
  });

  it("says that a log is of something else", async () => {
    const { stdout, code } = await leasetap(["log", "-"], { input: Buffer.from("all is well\n") });
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing in it is about DHCP.");
  });

  it.each([
    [["log"], 2, "no FILE was named"],
    [["log", "missing.log"], 3, "does not exist"],
    [["log", lost, "--tz", "Mars"], 2, "is no time zone"],
    [["log", lost, "--year", "11"], 2, "is no year"],
    [["log", tmpdir()], 3, "is a directory"],
    [["log", capture], 3, "is no text. If it is a capture: leasetap analyze."],
  ])("%j ends with %i and a sentence", async (args, code, words) => {
    const { code: got, stderr, stdout } = await leasetap(args);
    expect([got, stdout]).toEqual([code, ""]);
    expect(stderr).toContain(words);
  });
});

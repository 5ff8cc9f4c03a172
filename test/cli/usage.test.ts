import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { leasetap, pcaps } from "../support/program.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");

describe("wrong use ends with 2 and a sentence that helps", () => {
  it.each([
    ["no command", [], /Usage: leasetap/],
    ["an unknown command", ["analyse", lost], /Did you mean analyze\?/],
    ["a capture in place of a command", [lost], /to analyze that file: leasetap analyze .*bridge\.pcap/],
    ["an unknown option", ["analyze", "--jsno", lost], /Did you mean --json\?/],
    ["an unknown severity", ["analyze", "--fail-on", "bad", lost], /error, warning, note, never/],
    ["an unknown log level", ["--log-level", "loud", "analyze", lost], /"debug"|debug/],
    ["no file", ["analyze"], /no FILE was named/],
    ["--frames without --json", ["analyze", "--frames", lost], /--json/],
    ["a time that is none", ["analyze", "--since", "yesterday", lost], /"yesterday" is no time: write 2026-/],
    ["a time of day that is none", ["analyze", "--until", "25:00", lost], /"25:00" is no time/],
    ["a day that is none", ["analyze", "--until", "2026-02-30", lost], /is no time/],
    ["a window without time in it", ["analyze", "--since", "11:05", "--until", "11:04", lost], /is later than --until/],
    ["an option without its value", ["analyze", lost, "--client"], /argument missing/],
  ])("%s", async (_name, args, sentence) => {
    const { code, stdout, stderr } = await leasetap(args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("a capture that is piped in and not named is explained, not waited for", async () => {
    const { code, stderr } = await leasetap(["analyze"], { input: new Uint8Array(10) });
    expect(code).toBe(2);
    expect(stderr).toContain("leasetap analyze -");
  });
});

describe("help and version", () => {
  it.each([
    [["--version"], /^\d+\.\d+\.\d+\n$/],
    [["--help"], /analyze/],
    [["analyze", "--help"], /Exit codes/],
  ])("%j goes to standard output and ends with 0", async (args, text) => {
    const { code, stdout, stderr } = await leasetap(args);
    expect(stdout).toMatch(text);
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("a mistake of the program", () => {
  // Without the schema that it was built with, the program is broken.
  const broken = mkdtempSync(join(tmpdir(), "leasetap-broken-"));
  beforeAll(() => {
    const home = join(dirname(inject("program")), "../..");
    for (const name of ["dist", "package.json"]) cpSync(join(home, name), join(broken, name), { recursive: true });
    symlinkSync(join(home, "node_modules"), join(broken, "node_modules"));
  });
  afterAll(() => rmSync(broken, { recursive: true }));
  const run = (...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [join(broken, "dist/cli/main.js"), ...args], { encoding: "utf8" });

  it("is owned up to in a sentence, with 70", () => {
    const { status, stderr } = run("verify", pcaps);
    expect(String(stderr)).toMatch(/^leasetap: this is a mistake of leasetap, not yours .* --log-level debug .*\n$/);
    expect(status).toBe(70);
  });

  it("shows where it happened only to those who look for it", () => {
    expect(String(run("verify", pcaps, "--log-level", "debug").stderr)).toMatch(/^ {4}at /m);
  });
});

describe("--log-level", () => {
  it("logs to standard error only, as JSON", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", lost, "--json", "--log-level", "debug"]);
    expect(code).toBe(1);
    for (const line of stderr.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
    expect(stdout).not.toContain('"msg"');
  });

  it("is silent by default", async () => {
    expect((await leasetap(["analyze", lost])).stderr).toBe("");
  });
});

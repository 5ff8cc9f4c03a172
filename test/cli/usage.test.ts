import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { leasetap, pcaps } from "../support/program.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");

describe("wrong use ends with 2 and one sentence that helps", () => {
  it.each([
    ["a misspelled command", ["analyse", lost], "there is no command analyse: did you mean analyze?"],
    ["a command in capitals", ["Verify"], "there is no command Verify: did you mean verify?"],
    ["the beginning of a command", ["comp"], "there is no command comp: did you mean completion?"],
    ["a command that is none", ["frobnicate"], "there is no command frobnicate: leasetap --help says what there is."],
    ["a misspelled command in help", ["help", "analyse"], "there is no command analyse: did you mean analyze?"],
    ["a capture for a command", [lost], `there is no command ${lost}; to analyze a capture: leasetap analyze ${lost}`],
    [
      "a capture with a strange name, which is not there",
      ["no $such.pcap", "--fail-on", "note"],
      "there is no command \"no $such.pcap\"; to analyze a capture: leasetap analyze 'no $such.pcap' --fail-on note",
    ],
    ["standard input for a command", ["-"], "there is no command -; to analyze a capture: leasetap analyze -"],
    [
      "an option before its command",
      ["--json", "analyze", "a"],
      "--json is an option of analyze: leasetap analyze --json a",
    ],
    ["an option without its command", ["--json", "a"], "--json is an option of analyze: leasetap analyze --json a"],
    ["a misspelled option", ["analyze", "--jsno", lost], "analyze has no option --jsno: did you mean --json?"],
    ["the beginning of an option", ["analyze", "--cli", "x"], "analyze has no option --cli: did you mean --client?"],
    ["a misspelled option and no command", ["--jsno", lost], "there is no option --jsno: did you mean --json?"],
    [
      "a misspelled global option",
      ["analyze", "--log-leve", "x"],
      "analyze has no option --log-leve: did you mean --log-level?",
    ],
    ["an option of another command", ["verify", "--frames"], "verify has no option --frames: that is one of analyze."],
    [
      "a letter for an option",
      ["analyze", "-j"],
      "analyze has no option -j: leasetap analyze --help says what there is.",
    ],
    ["a value for an option that takes none", ["analyze", "--json=yes"], "--json takes no value."],
    ["an option without its value", ["analyze", lost, "--client"], "--client needs a MAC|IP|NAME."],
    [
      "an option for the value of another",
      ["analyze", lost, "--client", "--json"],
      "--client needs a MAC|IP|NAME, and --json is an option.",
    ],
    [
      "an option without one of its values",
      ["analyze", "--fail-on"],
      "--fail-on needs a SEVERITY: error, warning, note or never.",
    ],
    [
      "a severity that is none",
      ["analyze", "--fail-on", "warnings", lost],
      "--fail-on does not take warnings, only error, warning, note or never. Did you mean warning?",
    ],
    [
      "a log level that is none",
      ["--log-level", "loud", "analyze", lost],
      "--log-level does not take loud, only silent, fatal, error, warn, info, debug or trace.",
    ],
    [
      "two clients",
      ["analyze", "--client", "a", "--client", "b", lost],
      "--client was given twice: a report is of one client, or of all.",
    ],
    ["no shell", ["completion"], "completion needs a SHELL: bash, zsh or fish."],
    ["another shell", ["completion", "tcsh"], "completion does not take tcsh, only bash, zsh or fish."],
    ["one word too many", ["completion", "bash", "zsh"], "completion takes one argument; zsh is too much."],
    ["a word where none belongs", ["man", "it"], "man takes no argument; it is too much."],
    ["an escape for a command", ["\u001b[2J"], 'there is no command "\\u001b[2J": leasetap --help says what there is.'],
  ])("%s", async (_name, args, sentence) => {
    expect(await leasetap(args)).toEqual({ code: 2, signal: null, stdout: "", stderr: `leasetap: ${sentence}\n` });
  });

  it.each([
    ["no file", ["analyze"], /no FILE was named/],
    ["--frames without --json", ["analyze", "--frames", lost], /--json/],
    ["a time that is none", ["analyze", "--since", "yesterday", lost], /"yesterday" is no time: write 2026-/],
    ["a time of day that is none", ["analyze", "--until", "25:00", lost], /"25:00" is no time/],
    ["a day that is none", ["analyze", "--until", "2026-02-30", lost], /is no time/],
    ["a window without time in it", ["analyze", "--since", "11:05", "--until", "11:04", lost], /is later than --until/],
  ])("%s", async (_name, args, sentence) => {
    const { code, stdout, stderr } = await leasetap(args);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("no command at all shows what there is", async () => {
    const { code, stdout, stderr } = await leasetap([]);
    expect(stderr).toMatch(/^Usage: leasetap /);
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
    expect(String(run("verify", pcaps, "--log-level", "debug").stderr)).toMatch(
      /^ {4}at .*src\/verify\/record-shape\.ts:\d+:\d+\)?$/m,
    );
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

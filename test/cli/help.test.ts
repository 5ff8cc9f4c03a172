import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { pageOf, type Example } from "../../src/cli/command-page.js";
import { createProgram } from "../../src/cli/program.js";
import { leasetap, pcaps } from "../support/program.js";
import { requireTool } from "../support/tools.js";

const program = createProgram(() => undefined);
const commands = program.commands.map((command) => ({ name: command.name(), command }));
const examples = [program, ...program.commands].flatMap((command) =>
  pageOf(command).examples.map((example) => ({ name: `${command.name()}: ${example.line}`, example })),
);

describe("help", () => {
  it("of leasetap names every command with its summary", async () => {
    const { stdout } = await leasetap(["--help"]);
    for (const { name, command } of commands) {
      expect(command.summary()).not.toBe("");
      expect(stdout).toContain(`  ${name} `);
    }
  });

  it.each(commands)(
    "of $name has two examples, its exit codes, and is the same asked for in any way",
    async ({ name, command }) => {
      const { stdout, code } = await leasetap([name, "--help"]);
      const { examples: shown, exits } = pageOf(command);
      expect(shown.length).toBeGreaterThanOrEqual(2);
      expect(exits.length).toBeGreaterThanOrEqual(2);
      for (const { does, line } of shown) expect(stdout).toContain(`  # ${does}\n  ${line}\n`);
      for (const [exit] of exits) expect(stdout).toMatch(new RegExp(`^ +${exit}  `, "m"));
      expect(await leasetap(["help", name])).toEqual({ code, signal: null, stdout, stderr: "" });
      expect(code).toBe(0);
    },
  );

  it.each([40, 60, 80, 132])("fits a screen of %i columns; its examples fit 80", async (columns) => {
    const lines = new Set(examples.map(({ example }) => `  ${example.line}`));
    expect([...lines].filter((line) => line.length > 80)).toEqual([]);
    for (const args of [["--help"], ...commands.map(({ name }) => [name, "--help"])]) {
      const { stdout } = await leasetap(args, { env: { COLUMNS: String(columns) } });
      expect(stdout.split("\n").filter((line) => line.length > columns && !lines.has(line))).toEqual([]);
    }
  });

  it("is plain ASCII, for any terminal", async () => {
    for (const { name } of commands) expect((await leasetap([name, "--help"])).stdout).toMatch(/^[\n -~]*$/);
  });
});

describe("the examples of help and manual", () => {
  const home = mkdtempSync(join(tmpdir(), "leasetap-examples-"));
  afterAll(() => rmSync(home, { recursive: true }));

  it.each(examples)("$name", ({ name, example }) => {
    const { recorded } = example;
    if (recorded === null) {
      expect(name).toMatch(/^(completion|man|live|doctor|log): /);
      return;
    }
    if (example.line.startsWith("tcpdump")) requireTool("tcpdump");
    const { status, stderr } = run(example, recorded.folder);
    expect([status, stderr]).toEqual([recorded.ends, ""]);
  });

  /** In a folder that holds the recording's files and may be written to; no interface is needed: tcpdump reads the recording. */
  function run({ line }: Example, folder: string): { status: number | null; stderr: string } {
    const place = mkdtempSync(join(home, "run-"));
    for (const target of [".config/fish/completions", ".local/share/bash-completion/completions"]) {
      mkdirSync(join(place, target), { recursive: true });
    }
    const recording = join(pcaps, folder);
    for (const name of readdirSync(recording)) symlinkSync(join(recording, name), join(place, name));
    const script = [
      "set -o pipefail",
      'leasetap() { "$NODE" "$PROGRAM" "$@"; }',
      'tcpdump() { shift 2; command tcpdump -r bridge.pcap "$@" 2>/dev/null; }',
      line,
    ].join("\n");
    const env = {
      PATH: `${process.env["PATH"] ?? ""}:/usr/sbin`,
      HOME: place,
      LANG: "C.UTF-8",
      NODE: process.execPath,
      PROGRAM: inject("program"),
    };
    return spawnSync("bash", ["-c", script], { cwd: place, env, encoding: "utf8" });
  }
});

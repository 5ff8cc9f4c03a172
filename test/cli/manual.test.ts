import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { manualPage } from "../../src/cli/manual/page.js";
import { roff } from "../../src/cli/manual/roff.js";
import { createProgram } from "../../src/cli/program.js";
import { leasetap } from "../support/program.js";
import { describeWithTools } from "../support/tools.js";

const program = createProgram(() => undefined);
const page = manualPage(program);

describe("leasetap man", () => {
  it("prints the manual page", async () => {
    expect(await leasetap(["man"])).toEqual({ code: 0, signal: null, stdout: page, stderr: "" });
  });
});

describeWithTools(["man"], "the manual page in man", () => {
  const { stdout, stderr, status } = format(["man", "--warnings", "-E", "UTF-8", "-l", "-"]);

  it("has nothing that man would warn of", () => {
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("has the usual sections, in their usual order", () => {
    const sections = [...stdout.matchAll(/^[A-Z][A-Z ]+$/gm)].map(([section]) => section);
    expect(sections).toEqual([
      "NAME",
      "SYNOPSIS",
      "DESCRIPTION",
      "COMMANDS",
      "OPTIONS",
      "EXIT STATUS",
      "ENVIRONMENT",
      "EXAMPLES",
      "SEE ALSO",
    ]);
    expect(stdout).toMatch(/^NAME\n +leasetap - /m);
  });

  it("has every command with all of its options", () => {
    for (const command of program.commands) {
      expect(stdout).toMatch(new RegExp(`^ {3}${command.name()}$`, "m"));
      for (const { long } of command.options) expect(stdout).toMatch(new RegExp(`^ {7}(-., )?${long ?? ""}\\b`, "m"));
    }
    for (const { long } of program.options) expect(stdout).toMatch(new RegExp(`^ {7}(-., )?${long ?? ""}\\b`, "m"));
  });

  it("has no line that 80 columns would break", () => {
    expect(stdout.split("\n").filter((line) => line.length > 90)).toEqual([]);
  });
});

describeWithTools(["groff"], "the manual page in groff", () => {
  it("gives back texts that look like requests and escapes", () => {
    const texts = [".TH x", "'br", "a\\fBb\\n(.x", "--json -15m", 'it\'s "so" `x` ~/.a ^C'];
    for (const text of texts) {
      const source = `.TH X 1\n.SH A\n${roff(text)}\n`;
      const { stdout, stderr } = spawnSync("groff", ["-man", "-Tascii", "-ww", "-P-c", "-P-bou"], {
        input: source,
        encoding: "utf8",
      });
      expect([stderr, stdout.split("\n").map((line) => line.trim())]).toEqual(["", expect.arrayContaining([text])]);
    }
  });
});

describeWithTools(["mandoc"], "the manual page in mandoc", () => {
  it("has no errors", () => {
    const { stdout, status } = format(["mandoc", "-Tlint", "-Wwarning"]);
    // It has no date on purpose: the same source gives the same page.
    const complaints = stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"));
    expect(complaints).toEqual([]);
    expect(status).toBeLessThanOrEqual(2);
  });
});

function format([program = "", ...args]: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  const env = {
    PATH: process.env["PATH"],
    LC_ALL: "C.UTF-8",
    MANWIDTH: "80",
    MANPAGER: "cat",
    MAN_KEEP_FORMATTING: "",
  };
  return spawnSync(program, args, { input: page, env, encoding: "utf8" });
}

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SHELLS } from "../../src/cli/completion/shells.js";
import { completionScript } from "../../src/cli/completion/script.js";
import { createProgram } from "../../src/cli/program.js";
import { leasetap } from "../support/program.js";
import { describeWithTools } from "../support/tools.js";

const program = createProgram(() => undefined);
const commands = program.commands.map((command) => command.name()).sort();
const optionsOfAnalyze = (program.commands.find((command) => command.name() === "analyze")?.options ?? []).map(
  ({ long }) => long ?? "",
);

const folder = mkdtempSync(join(tmpdir(), "leasetap-completion-"));
writeFileSync(join(folder, "bridge 1.pcap"), "");
writeFileSync(join(folder, "bridge2.pcap"), "");
mkdirSync(join(folder, "brought"));
for (const shell of SHELLS) {
  writeFileSync(join(folder, `script.${shell}`), await completionScript(program, shell));
}
afterAll(() => rmSync(folder, { recursive: true }));

/** What is typed, up to the key TAB, and all that is then offered. */
const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["an"], ["analyze"]],
  [[""], commands],
  [["--log-level", "de"], ["debug"]],
  [["--log-level", "debug", "an"], ["analyze"]],
  [["analyze", "--jso"], ["--json"]],
  [["analyze", "--fail-on", "e"], ["error"]],
  [
    ["analyze", "--fail-on", ""],
    ["error", "warning", "note", "never"],
  ],
  [["analyze", "--client", "x", "--js"], ["--json"]],
  [["analyze", "x.pcap", "--log-l"], ["--log-level"]],
  [
    ["verify", "--"],
    ["--update", "--help", "--log-level"],
  ],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["completion", "f"], ["fish"]],
  [["help", "ver"], ["verify"]],
  [
    ["analyze", "bri"],
    ["bridge 1.pcap", "bridge2.pcap"],
  ],
  [["verify", "br"], ["brought"]],
  [["analyze", "--client", ""], []],
];

describe("leasetap completion", () => {
  it.each(SHELLS)("%s prints the script", async (shell) => {
    const expected = { code: 0, signal: null, stdout: await completionScript(program, shell), stderr: "" };
    expect(await leasetap(["completion", shell])).toEqual(expected);
  });
});

describeWithTools(["bash"], "completion in bash", () => {
  it.each(cases)("leasetap %j", (words, offered) => {
    expect(inBash(words).sort()).toEqual([...offered].sort());
  });

  it("knows the options of analyze, also behind --option=value", () => {
    expect(inBash(["analyze", "--fail-on", "=", "error", "-"])).toEqual(expect.arrayContaining(optionsOfAnalyze));
    expect(inBash(["analyze", "--fail-on", "=", "e"])).toEqual(["error"]);
    expect(inBash(["analyze", "--fail-on", "="])).toEqual(["error", "warning", "note", "never"]);
  });

  it("takes what stands behind -- for files", () => {
    expect(inBash(["analyze", "--", "--js"])).toEqual([]);
    expect(inBash(["analyze", "--", "bridge2"])).toEqual(["bridge2.pcap"]);
  });

  it("says nothing on standard error, and is registered", () => {
    const { stdout, stderr } = shell("bash", ["-c", "source ./script.bash; complete -p leasetap"]);
    expect([stdout, stderr]).toEqual(["complete -F _leasetap leasetap\n", ""]);
  });

  /** Calls the registered function as readline does. compopt works only within a real completion. */
  function inBash(words: readonly string[]): string[] {
    const script = `
      source ./script.bash
      compopt() { :; }
      COMP_WORDS=(leasetap "$@")
      COMP_CWORD=$#
      _leasetap leasetap "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
      if [ \${#COMPREPLY[@]} -gt 0 ]; then printf '%s\\n' "\${COMPREPLY[@]}"; fi`;
    return lines(shell("bash", ["-c", script, "bash", ...words]));
  }
});

describeWithTools(["bash", "script"], "completion in an interactive bash", () => {
  it("writes the rest of the word when TAB is pressed", () => {
    const typed =
      "echo leasetap-is $(true); PS1=; bind 'set enable-bracketed-paste off'; source ./script.bash\nleasetap anal\t--fail-on never bridge2\t; exit\n";
    const { stdout } = shell("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], typed);
    expect(stdout).toContain("leasetap analyze --fail-on never bridge2.pcap ");
  });
});

describeWithTools(["zsh"], "completion in zsh", () => {
  it("has no mistake of syntax", () => {
    expect(lines(shell("zsh", ["-n", "script.zsh"]))).toEqual([]);
  });

  it.each([
    ["leasetap an", "leasetap analyze "],
    ["leasetap analyze --fail-on warn", "leasetap analyze --fail-on warning "],
    ["leasetap --log-level debug verif", "leasetap --log-level debug verify "],
    ["leasetap analyze bridge2", "leasetap analyze bridge2.pcap "],
    ["leasetap completion f", "leasetap completion fish "],
  ])("%s", (typed, completed) => {
    // A shell of its own in a pseudo-terminal, in which TAB completes, and a key shows the line.
    const script = `
      zmodload zsh/zpty
      zpty inner zsh -f -i
      zpty -w inner "PS1=; unsetopt beep; autoload -Uz compinit; compinit -u -d ./.zcompdump; source ./script.zsh"
      zpty -w inner "show() { print -r -- \\"<\\$BUFFER>\\"; exit }; zle -N show; bindkey '^X' show; print ready''ready"
      zpty -r inner ignored '*readyready*'
      zpty -w -n inner $'${typed}\\t\\C-x'
      zpty -r inner shown '*<*>*'
      print -r -- "$shown"`;
    const { stdout } = shell("zsh", ["-f", "-c", script]);
    expect(stdout).toContain(`<${completed}>`);
  });
});

describeWithTools(["fish"], "completion in fish", () => {
  it.each(cases.filter(([words]) => words.join("") !== ""))("leasetap %j", (words, offered) => {
    const line = ["leasetap", ...words].join(" ");
    const script = `source ./script.fish; complete -C ${JSON.stringify(line)}`;
    const shown = lines(shell("fish", ["--no-config", "-c", script])).map((text) =>
      (text.split("\t")[0] ?? "").replace(/\/$/, ""),
    );
    expect(shown.map((text) => text.replaceAll("\\", "")).sort()).toEqual([...offered].sort());
  });
});

function shell(name: string, args: readonly string[], input = ""): { stdout: string; stderr: string } {
  const env = { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8", TERM: "xterm" };
  return spawnSync(name, args, { cwd: folder, env, input, encoding: "utf8", timeout: 20_000 });
}

/** @throws Error if something was said on standard error */
function lines({ stdout, stderr }: { stdout: string; stderr: string }): string[] {
  if (stderr !== "") throw new Error(stderr);
  return stdout.split("\n").slice(0, -1);
}

import { Argument, Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { withPage } from "../../src/cli/command-page.js";
import { completionScript } from "../../src/cli/completion/script.js";
import { manualPage } from "../../src/cli/manual/page.js";

const watch = withPage(
  new Command("watch")
    .summary("watch it")
    .description("Watches an interface.")
    .addArgument(new Argument("[INTERFACE]", "where").default("br0"))
    .argument("[CODE]", "what")
    .addOption(new Option("--before <SPANS>", "so long before").default([60], "1m"))
    .action(() => undefined),
  {
    notes: ["Ctrl-C ends it; 100 % of what was seen is told, it's .said."],
    examples: [{ does: "the bridge", line: "prog watch br0", recorded: null }],
    exits: [[0, "well"]],
    offers: { CODE: () => Promise.resolve(["no-reply", "nak"]) },
  },
);
const program = new Command("prog").description("Does it.").helpCommand(false).addCommand(watch);

describe("what a new command defines", () => {
  it("is in its help", () => {
    let help = "";
    watch.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toContain("\nCtrl-C ends it; 100 % of what was seen is told, it's .said.\n");
    expect(help).toContain("\nExamples:\n  # the bridge\n  prog watch br0\n\nExit codes:\n  0  well\n");
  });

  it("is in the manual page, with its defaults", () => {
    const page = manualPage(program);
    expect(page).toContain('.SS "watch"\nWatches an interface.\n');
    expect(page).toContain("Where. If it is not given: br0.\n");
    expect(page).toContain("So long before. If it is not given: 1m.\n");
    expect(page).toContain(".PP\nCtrl\\-C ends it; 100 % of what was seen is told, it\\(aqs .said.\n");
  });

  it.each(["bash", "zsh", "fish"] as const)("is in the completion of %s", async (shell) => {
    const script = await completionScript(program, shell);
    expect(script).toContain("no-reply nak");
    expect(script).toContain("/sys/class/net");
    expect(script).toMatch(/(--|-l )before/);
  });
});

import { Argument, Command, CommanderError, Option } from "commander";
import { describe, expect, it } from "vitest";
import { misuse } from "../../src/cli/misuse.js";
import { UsageError } from "../../src/cli/usage-error.js";

/** A program with what leasetap does not have, or not yet. */
function complaintOf(words: readonly string[]): unknown {
  const program = new Command("prog").showSuggestionAfterError(false);
  const watch = new Command("watch")
    .argument("<INTERFACE>", "where")
    .addArgument(new Argument("[MODE]", "how").choices(["into", "out"]))
    .addOption(new Option("-q, --quiet", "nothing").conflicts("tz"))
    .addOption(new Option("--tz <ZONE>", "zone"))
    .addOption(new Option("--hidden", "").hideHelp())
    .alias("look")
    .action(() => undefined);
  program.addCommand(watch);
  for (const command of [program, watch]) {
    command.configureOutput({ outputError: () => undefined, writeErr: () => undefined, writeOut: () => undefined });
    command.exitOverride((error) => {
      throw misuse(error, command);
    });
  }
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    return error;
  }
  return null;
}

describe("what is wrong with a command line", () => {
  it.each([
    [["watch"], "watch needs an INTERFACE: prog watch --help says what there is."],
    [["watch", "br0", "inot"], "watch does not take inot, only into or out. Did you mean into?"],
    [["watch", "br0", "into", "out", "up"], "watch takes two arguments; out up is too much."],
    [["watch", "br0", "-q", "--tz", "UTC"], "--quiet and --tz exclude each other: give one of them."],
    [["watch", "br0", "--hiden"], "watch has no option --hiden: prog watch --help says what there is."],
    [["lok"], "there is no command lok: did you mean look?"],
    [["dir/capture.pcap"], "there is no command dir/capture.pcap: prog --help says what there is."],
  ])("%j", (words, sentence) => {
    expect(complaintOf(words)).toEqual(new UsageError(sentence));
  });

  it("is not said of help", () => {
    expect(complaintOf(["watch", "--help"])).toBeInstanceOf(CommanderError);
  });

  it("is nothing where nothing is wrong", () => {
    expect(complaintOf(["watch", "br0", "into", "--hidden"])).toBeNull();
  });
});

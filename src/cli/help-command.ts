import { Command } from "commander";
import { withPage } from "./command-page.js";
import { ExitCode } from "./exit-codes.js";
import { unknownCommandName } from "./misuse.js";
import { UsageError } from "./usage-error.js";

/** `leasetap help COMMAND`: commander's own knows no command that is misspelled. */
export function helpCommand(program: Command): Command {
  const command = new Command("help")
    .summary("say how a command is used")
    .description("Says how leasetap, or one of its commands, is used.")
    .argument("[COMMAND]", "the command; without it: all of leasetap")
    .action((name: string | undefined) => {
      const named = name === undefined ? program : program.commands.find((candidate) => candidate.name() === name);
      if (named === undefined) throw new UsageError(unknownCommandName(name ?? "", program));
      named.outputHelp();
    });
  const names = (): string[] => {
    return program
      .createHelp()
      .visibleCommands(program)
      .map((known) => known.name());
  };
  return withPage(command, {
    offers: { COMMAND: () => Promise.resolve(names()) },
    examples: [
      {
        does: "how analyze is used",
        line: "leasetap help analyze",
        recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
      },
      {
        does: "the same, in a pager",
        line: "leasetap analyze --help | more",
        recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
      },
    ],
    exits: [
      [ExitCode.CLEAN, "the help was printed"],
      [ExitCode.USAGE, "there is no such command"],
    ],
  });
}

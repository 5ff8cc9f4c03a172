import { Command } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode } from "./exit-codes.js";

export type ExplainAction = (words: readonly string[]) => Promise<void>;

export function explainCommand(action: ExplainAction): Command {
  const command = new Command("explain")
    .summary("say what a code or a line of a log means, and what to do")
    .description(
      "Prints the page of a code (as reports and --json name it), of a remedy, or of a line that another program printed. Without a name: a list of all.",
    )
    .argument("[CODE...]", "a code, or a line of a log")
    .action((words: string[]) => action(words));
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  examples: [
    {
      does: "what a code of a report means, and what to do",
      line: "leasetap explain offload-partial",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.CLEAN },
    },
    {
      does: "what a line of a log means",
      line: 'leasetap explain "5 bad udp checksums in 5 packets"',
      recorded: { folder: "s02-offload-ack", ends: ExitCode.CLEAN },
    },
  ],
  exits: [
    [ExitCode.CLEAN, "it was explained"],
    [ExitCode.USAGE, "there is no such page"],
    [ExitCode.INCOMPLETE, "the output could not be written"],
  ],
};

import { Command } from "commander";

export type ExplainAction = (words: readonly string[]) => Promise<void>;

export function explainCommand(action: ExplainAction): Command {
  return new Command("explain")
    .summary("say what a code or a line of a log means, and what to do")
    .description(
      "Prints the page of a code (as reports and --json name it), of a remedy, or of a line that another program printed. Without a name: a list of all.",
    )
    .argument("[CODE...]", "a code, or a line of a log")
    .addHelpText("after", HELP)
    .action((words: string[]) => action(words));
}

const HELP = `
Exit codes: 0 explained, 2 there is no such page.

Examples:
  leasetap explain offload-partial
  leasetap explain "5 bad udp checksums in 5 packets"`;

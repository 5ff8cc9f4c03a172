import { Argument, Command } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { SHELLS, type Shell } from "./completion/shells.js";
import { ExitCode } from "./exit-codes.js";
import { printLines } from "./print.js";

/** `leasetap completion SHELL`: prints the script that completes leasetap's words in that shell. */
export function completionCommand(program: Command): Command {
  const command = new Command("completion")
    .summary("print a script that completes words in your shell")
    .description("Prints a script that completes leasetap's commands, options and files in a shell.")
    .addArgument(new Argument("<SHELL>", "the shell").choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import("./completion/script.js");
      await printLines([(await completionScript(program, shell)).trimEnd()]);
    });
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  examples: [
    {
      does: "bash, this session only",
      line: "source <(leasetap completion bash)",
      recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
    },
    {
      does: "bash, from the next login on, with the package bash-completion",
      line: "leasetap completion bash >~/.local/share/bash-completion/completions/leasetap",
      recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
    },
    {
      does: "zsh: a folder of $fpath",
      line: "leasetap completion zsh >/usr/local/share/zsh/site-functions/_leasetap",
      recorded: null,
    },
    {
      does: "fish, from the next session on",
      line: "leasetap completion fish >~/.config/fish/completions/leasetap.fish",
      recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
    },
  ],
  exits: [
    [ExitCode.CLEAN, "the script was printed"],
    [ExitCode.USAGE, "there is no script for that shell"],
    [ExitCode.INCOMPLETE, "the script could not be written"],
  ],
};

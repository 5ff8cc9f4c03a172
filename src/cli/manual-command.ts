import { Command } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode } from "./exit-codes.js";
import { printLines } from "./print.js";

/** `leasetap man`: prints the manual page, which is made from the same definitions as help. */
export function manualCommand(program: Command): Command {
  const command = new Command("man")
    .summary("print the manual page")
    .description("Prints the manual page, leasetap(1), in the language of man(1).")
    .action(async () => {
      const { manualPage } = await import("./manual/page.js");
      await printLines([manualPage(program).trimEnd()]);
    });
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  examples: [
    {
      does: "read it",
      line: "leasetap man | man -l -",
      recorded: { folder: "s01-healthy", ends: ExitCode.CLEAN },
    },
    {
      does: "install it, where npm has not",
      line: "leasetap man >/usr/local/share/man/man1/leasetap.1",
      recorded: null,
    },
  ],
  exits: [
    [ExitCode.CLEAN, "the page was printed"],
    [ExitCode.INCOMPLETE, "the page could not be written"],
  ],
};

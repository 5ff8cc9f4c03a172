import { Command } from "commander";
import { withPage, type CommandPage } from "./command-page.js";
import { ExitCode } from "./exit-codes.js";

export interface VerifyOptions {
  readonly update?: true;
}

export type VerifyAction = (folders: readonly string[], options: VerifyOptions) => Promise<void>;

export function verifyCommand(action: VerifyAction): Command {
  const command = new Command("verify")
    .summary("check recorded incidents against what is expected of them")
    .description(
      "Analyzes the captures of each scenario, a folder with an expect.json, and says where the result differs from it.",
    )
    .argument("[DIR...]", "folders to search for scenarios", ["pcaps"])
    .option("--update", "write what was found into expect.json, and show each change")
    .action((folders: string[], options: VerifyOptions) => action(folders, options));
  return withPage(command, PAGE);
}

const PAGE: CommandPage = {
  examples: [
    {
      does: "all scenarios at and below the folder pcaps",
      line: "leasetap verify",
      recorded: { folder: "..", ends: ExitCode.CLEAN },
    },
    {
      does: "one scenario",
      line: "leasetap verify pcaps/s02-offload-ack",
      recorded: { folder: "..", ends: ExitCode.CLEAN },
    },
  ],
  exits: [
    [ExitCode.CLEAN, "all is as expected"],
    [ExitCode.FOUND, "something differs"],
    [ExitCode.USAGE, "there is no expect.json, or one is malformed (docs/scenarios.md describes it)"],
    [ExitCode.INCOMPLETE, "a folder could not be read"],
    [ExitCode.INTERRUPTED, "interrupted"],
  ],
};

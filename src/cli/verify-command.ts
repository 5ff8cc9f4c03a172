import { Command } from "commander";

export interface VerifyOptions {
  readonly update?: true;
}

export type VerifyAction = (folders: readonly string[], options: VerifyOptions) => Promise<void>;

export function verifyCommand(action: VerifyAction): Command {
  return new Command("verify")
    .summary("check recorded incidents against what is expected of them")
    .description(
      "Analyzes the captures of each scenario, a folder with an expect.json, and says where the result differs from it.",
    )
    .argument("[DIR...]", "folders to search for scenarios", ["pcaps"])
    .option("--update", "write what was found into expect.json, and show each change")
    .addHelpText("after", HELP)
    .action((folders: string[], options: VerifyOptions) => action(folders, options));
}

const HELP = `
Exit codes: 0 all as expected, 1 something differs, 2 an expect.json is malformed or there is none, 3 a folder could
not be read. docs/scenarios.md describes expect.json.`;

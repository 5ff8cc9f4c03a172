import { Command, Option } from "commander";
import { VERSION } from "../version.js";
import { analyzeCommand } from "./analyze-command.js";
import type { ExitCode } from "./exit-codes.js";
import { liveCommand } from "./live-command.js";
import { createLog, LOG_LEVELS, type LogLevel } from "./log.js";
import { verifyCommand } from "./verify-command.js";

export interface GlobalOptions {
  readonly logLevel?: LogLevel;
}

/**
 * The command line. Commands load what they need when they are called, so that help and mistakes cost nothing.
 *
 * @param finish takes the exit code of the command that ran
 */
export function createProgram(finish: (exitCode: ExitCode) => void): Command {
  const program = new Command("leasetap");
  const log = () => createLog(program.opts<GlobalOptions>().logLevel);
  program
    .description("Explains from captured packets why virtual machines lose their DHCP leases.")
    .version(VERSION, "-V, --version", "print the version")
    .addOption(new Option("--log-level <LEVEL>", "log to standard error").choices(LOG_LEVELS))
    .exitOverride()
    .showHelpAfterError("(leasetap --help, or leasetap COMMAND --help, lists what there is)");
  const commands = [
    analyzeCommand(async (files, options) => {
      const { runAnalyze } = await import("./analyze.js");
      finish(await runAnalyze(files, options, await log()));
    }),
    liveCommand(async (source, options) => {
      const { runLive } = await import("./live.js");
      finish(await runLive(source, options, await log()));
    }),
    verifyCommand(async (folders, options) => {
      const { runVerify } = await import("./verify.js");
      finish(await runVerify(folders, options, await log()));
    }),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

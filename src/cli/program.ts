import { Command, Option } from "commander";
import { VERSION } from "../version.js";
import { analyzeCommand } from "./analyze-command.js";
import { withPage } from "./command-page.js";
import { completionCommand } from "./completion-command.js";
import { doctorCommand } from "./doctor-command.js";
import { ExitCode } from "./exit-codes.js";
import { explainCommand } from "./explain-command.js";
import { helpCommand } from "./help-command.js";
import { liveCommand } from "./live-command.js";
import { logCommand } from "./log-command.js";
import { createLog, LOG_LEVELS, type LogLevel } from "./log.js";
import { manualCommand } from "./manual-command.js";
import { misuse, refuseOptionsAsValues } from "./misuse.js";
import { HELP } from "./narrow-help.js";
import { printLines } from "./print.js";
import { standardOutput, styleOf } from "./terminal.js";
import { verifyCommand } from "./verify-command.js";

export interface GlobalOptions {
  readonly logLevel?: LogLevel;
}

/**
 * The command line. Commands load what they need when they are called, so that help and mistakes cost nothing. Help,
 * manual and completion are made from what is defined here and in the commands, so a new command is in all of them.
 *
 * @param finish takes the exit code of the command that ran
 * @throws UsageError, from its parsing, where the command line is wrong; CommanderError after help or version
 */
export function createProgram(finish: (exitCode: ExitCode) => void): Command {
  const program = new Command("leasetap");
  const log = () => createLog(program.opts<GlobalOptions>().logLevel);
  program
    .description("Explains from captured packets why virtual machines lose their DHCP leases.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "say how it is used")
    .addOption(new Option("--log-level <LEVEL>", "log to standard error").choices(LOG_LEVELS))
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp(HELP)
    .configureOutput({
      // Fails as any output may: on a full disk, or because its reader has gone.
      writeOut: (text) => void printLines([text.replace(/\n$/, "")]),
      // Said by whoever catches the error.
      outputError: () => undefined,
      getOutHelpWidth: () => styleOf(standardOutput(), process.env).columns,
      getErrHelpWidth: () => styleOf(process.stderr, process.env).columns,
    });
  withPage(program, PAGE);
  const commands = [
    analyzeCommand(async (files, options) => {
      const { runAnalyze } = await import("./analyze.js");
      finish(await runAnalyze(files, options, await log()));
    }),
    liveCommand(async (source, options) => {
      const { runLive } = await import("./live.js");
      finish(await runLive(source, options, await log()));
    }),
    logCommand(async (files, options) => {
      const { runLog } = await import("./read-logs.js");
      finish(await runLog(files, options));
    }),
    doctorCommand(async (options) => {
      const { runDoctor } = await import("./doctor.js");
      finish(await runDoctor(options));
    }),
    explainCommand(async (words) => {
      const { runExplain } = await import("./explain.js");
      finish(await runExplain(words));
    }),
    verifyCommand(async (folders, options) => {
      const { runVerify } = await import("./verify.js");
      finish(await runVerify(folders, options, await log()));
    }),
    completionCommand(program),
    manualCommand(program),
    helpCommand(program),
  ];
  program.hook("preAction", (_program, command) => refuseOptionsAsValues(command));
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  for (const command of [program, ...commands]) {
    command.exitOverride((error) => {
      throw misuse(error, command);
    });
  }
  return program;
}

const PAGE = {
  examples: [
    {
      does: "why did a guest lose its address? A capture of its tap or bridge tells",
      line: "leasetap analyze bridge.pcap",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.FOUND },
    },
    {
      does: "how analyze is used, with all its options",
      line: "leasetap analyze --help",
      recorded: { folder: "s02-offload-ack", ends: ExitCode.CLEAN },
    },
  ],
  exits: [
    [ExitCode.CLEAN, "all is well"],
    [ExitCode.FOUND, "something was found that counts (--fail-on)"],
    [ExitCode.USAGE, "the command was used wrongly"],
    [ExitCode.INCOMPLETE, "an input could not be read whole, or the output not be written"],
    [ExitCode.BUG, "a mistake of leasetap itself"],
    [ExitCode.INTERRUPTED, "interrupted; what was read until then is reported"],
  ],
} as const;

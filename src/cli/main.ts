import { CommanderError } from "commander";
import { EnvironmentError } from "../capture/errors.js";
import { complain } from "./complaint.js";
import { ExitCode } from "./exit-codes.js";
import { createProgram, type GlobalOptions } from "./program.js";
import { stackOf } from "./stack.js";
import { writeError } from "./standard-error.js";
import { UsageError } from "./usage-error.js";

const program = createProgram((exitCode) => {
  process.exitCode = exitCode;
});

process.on("uncaughtException", (error) => {
  report(error);
  process.exit();
});

process.once("beforeExit", () => {
  // All is written. Left to itself, Node takes its heap apart first, for longer than a small capture takes to read.
  process.exit();
});

void program.parseAsync().catch(report);

function report(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help or the version was printed; where it came for want of a command, that was no success.
    process.exitCode = error.exitCode === 0 ? ExitCode.CLEAN : ExitCode.USAGE;
  } else if (error instanceof UsageError) {
    complain(error.message);
    process.exitCode = ExitCode.USAGE;
  } else if (error instanceof EnvironmentError) {
    complain(error.message);
    process.exitCode = ExitCode.INCOMPLETE;
  } else {
    reportBug(error);
    process.exitCode = ExitCode.BUG;
  }
}

function reportBug(error: unknown): void {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const { logLevel } = program.opts<GlobalOptions>();
  const tracing = logLevel === "debug" || logLevel === "trace";
  const again = tracing ? "" : " Run it again with --log-level debug to see where.";
  complain(`this is a mistake of leasetap, not yours (${what}). Please report it with the capture if you can.${again}`);
  if (tracing && error instanceof Error) writeError(`${stackOf(error)}\n`);
}

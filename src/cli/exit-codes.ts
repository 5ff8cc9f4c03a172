import type { Severity } from "../findings/cause.js";
import { isAtLeast } from "../findings/severity.js";
import type { Findings, Selection } from "../report/json.js";

/** What the program's end says to a script. */
export const ExitCode = {
  /** Nothing as bad as --fail-on. */
  CLEAN: 0,
  FOUND: 1,
  /** The command was used wrongly. */
  USAGE: 2,
  /** An input could not be read whole, or the output not be written. */
  INCOMPLETE: 3,
  /** A mistake of this program; EX_SOFTWARE of sysexits.h. */
  BUG: 70,
  INTERRUPTED: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export type FailOn = Severity | "never";

export const FAIL_ON: readonly FailOn[] = ["error", "warning", "note", "never"];

/** What to say of a report: the first that holds. */
export function exitCodeOf(found: Findings, told: Selection, failOn: FailOn, interrupted: boolean): ExitCode {
  if (interrupted) return ExitCode.INTERRUPTED;
  if (found.inputs.some(({ damage }) => damage !== null)) return ExitCode.INCOMPLETE;
  const bad = failOn !== "never" && told.findings.some(({ severity }) => isAtLeast(severity, failOn));
  return bad ? ExitCode.FOUND : ExitCode.CLEAN;
}

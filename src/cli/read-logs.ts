import { EnvironmentError } from "../capture/errors.js";
import { isAtLeast } from "../findings/severity.js";
import { readLog, type LogReading } from "../logs/read-log.js";
import { logRecords } from "../report/log-records.js";
import { safeJson } from "../report/safe-text.js";
import { logReport } from "../report/text-log.js";
import { localZone } from "../report/zone.js";
import { complain } from "./complaint.js";
import { ExitCode } from "./exit-codes.js";
import type { LogOptions } from "./log-command.js";
import { printLines } from "./print.js";
import { standardOutput, styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `leasetap log`: what logs prove goes to standard output, what went wrong to standard error.
 *
 * @throws UsageError; EnvironmentError if the output cannot be written
 */
export async function runLog(files: readonly string[], options: LogOptions): Promise<ExitCode> {
  if (files.length === 0) {
    throw new UsageError("no FILE was named. Which log shall be read? For example: leasetap log /var/log/syslog");
  }
  const zone = options.tz ?? localZone();
  const readings: LogReading[] = [];
  let unread = 0;
  for (const file of new Set(files)) {
    try {
      readings.push(await readLog(file, { year: options.year, zone }));
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      complain(error.message);
      unread += 1;
    }
  }
  if (readings.length > 0) {
    await printLines(options.json === true ? jsonLines(readings) : textLines(readings));
  }
  if (unread > 0 || readings.some(({ damage }) => damage !== null)) return ExitCode.INCOMPLETE;
  const { failOn } = options;
  const findings = readings.flatMap(({ inspection }) => inspection.findings);
  const found = failOn !== "never" && findings.some(({ severity }) => isAtLeast(severity, failOn));
  return found ? ExitCode.FOUND : ExitCode.CLEAN;
}

function* jsonLines(readings: readonly LogReading[]): Generator<string> {
  for (const record of logRecords(readings)) {
    yield safeJson(record);
  }
}

function textLines(readings: readonly LogReading[]): Iterable<string> {
  return logReport(readings, styleOf(standardOutput(), process.env));
}

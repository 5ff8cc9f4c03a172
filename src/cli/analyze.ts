import { fstatSync } from "node:fs";
import { safeJson } from "../report/safe-text.js";
import { records, type Findings } from "../report/json.js";
import type { ReportFilter } from "../report/filter.js";
import type { AnalyzeOptions } from "./analyze-command.js";
import { complainOf } from "./complain-of.js";
import { examine, type Examination } from "./examine.js";
import type { ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import type { Log } from "./log.js";
import { writeLines } from "./output.js";
import { styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `leasetap analyze`: what was found goes to standard output, what went wrong to standard error.
 *
 * @throws UsageError; EnvironmentError if the output cannot be written
 */
export async function runAnalyze(files: readonly string[], options: AnalyzeOptions, log: Log): Promise<ExitCode> {
  checkUse(files, options);
  const started = performance.now();
  const examined = await interruptible((signal) => examine(files, { ...options, signal }));
  const { found, exitCode } = examined;
  log.info({ files, exitCode, milliseconds: performance.now() - started, rss: process.memoryUsage.rss() }, "read");
  for (const input of found.inputs) {
    log.debug({ input: input.facts.name, frames: input.facts.frames, dhcp: input.facts.dhcp }, "input");
  }
  complainOf(found, examined.filter);
  if (options.json === true || found.inputs.some(({ facts, damage }) => damage === null || facts.frames > 0)) {
    await writeLines(process.stdout, await linesOf(examined, options));
  }
  return exitCode;
}

function checkUse(files: readonly string[], { json, frames }: AnalyzeOptions): void {
  if (frames === true && json !== true) {
    throw new UsageError("--frames adds records to the output of --json: give both.");
  }
  if (files.length > 0) return;
  throw new UsageError(
    standardInputIsPiped()
      ? "no FILE was named. To read what is piped into standard input name it with a dash: leasetap analyze -"
      : "no FILE was named. Which capture shall be read? For example: leasetap analyze bridge.pcap",
  );
}

function standardInputIsPiped(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isFile() || stats.isSocket();
  } catch {
    return false;
  }
}

async function linesOf({ found, filter }: Examination, options: AnalyzeOptions): Promise<Iterable<string>> {
  if (options.json === true) return jsonLines(found, filter, options.frames === true);
  const { renderReport } = await import("../report/text.js");
  return renderReport(found, filter, styleOf(process.stdout, process.env));
}

function* jsonLines(found: Findings, filter: ReportFilter, withFrames: boolean): Generator<string> {
  for (const record of records(found, filter, withFrames)) {
    yield safeJson(record);
  }
}

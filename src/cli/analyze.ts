import { fstatSync } from "node:fs";
import type { HostView } from "../host/view.js";
import { safeJson } from "../report/safe-text.js";
import type { Zone } from "../report/zone.js";
import { records, type Findings } from "../report/json.js";
import type { ReportFilter } from "../report/filter.js";
import type { AnalyzeOptions } from "./analyze-command.js";
import { complainOf } from "./complain-of.js";
import { examine, type Examination } from "./examine.js";
import type { ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import type { Log } from "./log.js";
import { printLines } from "./print.js";
import { errorScreen, withProgress } from "./progress.js";
import { standardOutput, styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { zoneOf } from "./zone-options.js";

/**
 * `leasetap analyze`: what was found goes to standard output, what went wrong to standard error.
 *
 * @throws UsageError; EnvironmentError if the output cannot be written
 */
export async function runAnalyze(named: readonly string[], options: AnalyzeOptions, log: Log): Promise<ExitCode> {
  const { files, view } = await hostOf(named, options.host);
  checkUse(files, options);
  const started = process.uptime();
  const zone = zoneOf(options);
  const examined = await withProgress(errorScreen(options.quiet === true), (onProgress) =>
    interruptible((signal) => examine(files, { ...options, zone, signal, onProgress })),
  );
  const { found, exitCode } = examined;
  log.info(
    () => ({ files, exitCode, milliseconds: (process.uptime() - started) * 1000, rss: process.memoryUsage.rss() }),
    "read",
  );
  for (const input of found.inputs) {
    log.debug(() => ({ input: input.facts.name, frames: input.facts.frames, dhcp: input.facts.dhcp }), "input");
  }
  complainOf(found, examined.filter, options.json === true);
  const something = found.inputs.some(({ facts, damage }) => damage === null || facts.frames > 0);
  if (options.quiet !== true && (options.json === true || something)) {
    await printLines(await linesOf(examined, options, zone, await view()));
  }
  return exitCode;
}

/** What reads a host is loaded only if one is asked for. */
async function hostOf(
  files: readonly string[],
  option: AnalyzeOptions["host"],
): Promise<{ readonly files: readonly string[]; readonly view: () => Promise<HostView | null> }> {
  if (option === undefined) return { files, view: () => Promise.resolve(null) };
  const { hostViewOf, withoutCapture } = await import("./host-view.js");
  const { files: captures, host } = withoutCapture(files, option);
  return { files: captures, view: () => hostViewOf(host) };
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

async function linesOf(
  { found, filter }: Examination,
  options: AnalyzeOptions,
  zone: Zone,
  host: HostView | null,
): Promise<Iterable<string>> {
  if (options.json === true) return jsonLines(found, filter, options.frames === true, host);
  const account = { zone, verbose: options.verbose === true, host };
  if (options.markdown === true) {
    const { renderMarkdown } = await import("../report/markdown.js");
    return renderMarkdown(found, filter, account);
  }
  const { renderReport } = await import("../report/text.js");
  return renderReport(found, filter, styleOf(standardOutput(), process.env), account);
}

function* jsonLines(
  found: Findings,
  filter: ReportFilter,
  withFrames: boolean,
  host: HostView | null,
): Generator<string> {
  for (const record of records(found, filter, withFrames, host)) {
    yield safeJson(record);
  }
}

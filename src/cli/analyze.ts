import { fstatSync } from "node:fs";
import { inputName } from "../capture/errors.js";
import type { Binding } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";
import { safeJson, safeText } from "../report/safe-text.js";
import { localZone, UTC, type Zone } from "../report/zone.js";
import { records, select, type Findings } from "../report/json.js";
import type { ReportFilter } from "../report/filter.js";
import { passedOverSentence, skippedSentences } from "../report/unread.js";
import type { AnalyzeOptions } from "./analyze-command.js";
import { complain } from "./complaint.js";
import { examine, type Examination } from "./examine.js";
import type { ExitCode } from "./exit-codes.js";
import { interruptible } from "./interrupt.js";
import type { Log } from "./log.js";
import { writeLines } from "./output.js";
import { errorScreen, withProgress } from "./progress.js";
import { styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `leasetap analyze`: what was found goes to standard output, what went wrong to standard error.
 *
 * @throws UsageError; EnvironmentError if the output cannot be written
 */
export async function runAnalyze(files: readonly string[], options: AnalyzeOptions, log: Log): Promise<ExitCode> {
  checkUse(files, options);
  const started = process.uptime();
  const zone = options.utc === true ? UTC : (options.tz ?? localZone());
  const examined = await withProgress(errorScreen(options.quiet === true), (onProgress) =>
    interruptible((signal) => examine(files, { ...options, zone, signal, onProgress })),
  );
  const { found, exitCode } = examined;
  log.info(
    { files, exitCode, milliseconds: (process.uptime() - started) * 1000, rss: process.memoryUsage.rss() },
    "read",
  );
  for (const input of found.inputs) {
    log.debug({ input: input.facts.name, frames: input.facts.frames, dhcp: input.facts.dhcp }, "input");
  }
  complainOf(examined, options.json === true);
  const something = found.inputs.some(({ facts, damage }) => damage === null || facts.frames > 0);
  if (options.quiet !== true && (options.json === true || something)) {
    await writeLines(process.stdout, await linesOf(examined, options, zone));
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

async function linesOf({ found, filter }: Examination, options: AnalyzeOptions, zone: Zone): Promise<Iterable<string>> {
  if (options.json === true) return jsonLines(found, filter, options.frames === true);
  const account = { zone, verbose: options.verbose === true };
  if (options.markdown === true) {
    const { renderMarkdown } = await import("../report/markdown.js");
    return renderMarkdown(found, filter, account);
  }
  const { renderReport } = await import("../report/text.js");
  return renderReport(found, filter, styleOf(process.stdout, process.env), account);
}

function* jsonLines(found: Findings, filter: ReportFilter, withFrames: boolean): Generator<string> {
  for (const record of records(found, filter, withFrames)) {
    yield safeJson(record);
  }
}

/** Why the exit code is 3, and what makes a report empty for a reason that it cannot know. */
function complainOf({ found, filter }: Examination, json: boolean): void {
  for (const { facts, damage } of found.inputs) {
    if (damage === null) continue;
    const named = damage.sentence.startsWith(inputName(facts.name));
    complain(named ? damage.sentence : `${inputName(facts.name)} could not be read whole. ${damage.sentence}`);
  }
  if (json) complainOfUnread(found);
  if (filter.client !== null && isUnknown(filter, found)) {
    complain(`no client ${JSON.stringify(filter.client)} was seen. ${clientsSeen(found)}`);
  }
}

/** What the report says, and records have no place for. */
function complainOfUnread({ inputs, passedOver }: Findings): void {
  for (const input of inputs) {
    for (const sentence of skippedSentences(input)) complain(`${inputName(input.facts.name)}: ${sentence}`);
  }
  if (passedOver > 0) complain(passedOverSentence(passedOver));
}

function isUnknown(filter: ReportFilter, found: Findings): boolean {
  const anytime = { ...filter, since: -Infinity, until: Infinity };
  const { leases, diagnoses } = select(found.inspection, anytime);
  return leases.length === 0 && diagnoses.length === 0;
}

const NAMED = 8;

function clientsSeen({ inspection }: Findings): string {
  const clients = new Map<string, string>();
  for (const { cycle } of inspection.diagnoses) {
    clients.set(cycle.binding.client.address, clientText(cycle.binding, 0));
  }
  for (const { binding, address } of inspection.leases) {
    clients.set(binding.client.address, clientText(binding, address));
  }
  if (clients.size === 0) return "No client asked for an address in this capture.";
  const named = [...clients.values()].slice(0, NAMED).join(", ");
  return `Seen were: ${named}${clients.size > NAMED ? `, and ${clients.size - NAMED} more` : ""}.`;
}

function clientText({ client, name }: Binding, address: number): string {
  const known = [name === null ? null : safeText(name), address === 0 ? null : formatIpv4(address)].filter(
    (part) => part !== null,
  );
  return known.length === 0 ? client.address : `${client.address} (${known.join(", ")})`;
}

import { analyze } from "../analyze.js";
import type { Progress } from "../progress.js";
import type { ReportFilter } from "../report/filter.js";
import { select, type Findings } from "../report/json.js";
import { UTC, type Zone } from "../report/zone.js";
import type { AnalyzeOptions } from "./analyze-command.js";
import { exitCodeOf, type ExitCode } from "./exit-codes.js";
import type { Evidence } from "./read-evidence.js";
import { pointNames } from "./point-names.js";
import { resolveMoment, type Moment } from "./moments.js";
import { UsageError } from "./usage-error.js";

export interface Examination {
  readonly found: Findings;
  readonly filter: ReportFilter;
  readonly exitCode: ExitCode;
}

export interface ExamineOptions extends AnalyzeOptions {
  readonly signal?: AbortSignal;
  readonly folder?: string;
  /** By whose clock --since and --until are read; UTC unless it is given. */
  readonly zone?: Zone;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * What the options of `analyze` ask for, without its output.
 *
 * @throws UsageError if they contradict each other
 */
export async function examine(files: readonly string[], options: ExamineOptions): Promise<Examination> {
  const evidence = await evidenceOf(options);
  const captured = await analyze(files, {
    keepFrames: options.frames === true,
    keepHealthy: options.json === true || options.verbose === true,
    signal: options.signal,
    folder: options.folder,
    names: options.name === undefined ? undefined : pointNames(options.name),
    history: evidence?.history,
    witnesses: evidence?.witnesses,
    onProgress: options.onProgress,
  });
  const logs = evidence?.logs() ?? [];
  const complete = captured.complete && logs.every(({ damage }) => damage === null);
  const found: Findings = { ...captured, logs, complete };
  const filter: ReportFilter = {
    client: options.client === undefined ? null : hardwareAddress(options.client, found),
    since: bound(options.since, found, options.zone) ?? -Infinity,
    until: bound(options.until, found, options.zone) ?? Infinity,
  };
  if (filter.since > filter.until) {
    throw new UsageError(`--since (${when(filter.since)}) is later than --until (${when(filter.until)}).`);
  }
  const told = select(found.inspection, filter);
  return { found, filter, exitCode: exitCodeOf(found, told, options.failOn, options.signal?.aborted === true) };
}

/** What reads lease files and logs is loaded only if some are named. */
async function evidenceOf(options: ExamineOptions): Promise<Evidence | null> {
  if (options.leases === undefined && options.log === undefined) return null;
  const { readEvidence } = await import("./read-evidence.js");
  return readEvidence(options);
}

/** Seconds since 1970; null: none was asked for, or the captures have no time that it could count from. */
function bound(moment: Moment | undefined, found: Findings, zone: Zone = UTC): number | null {
  const time = moment === undefined ? NaN : resolveMoment(moment, found, zone);
  return Number.isFinite(time) ? time : null;
}

/** The one client that has or had this address or name; the frames of a client do not all carry either. */
function hardwareAddress(client: string, { inspection }: Findings): string {
  const named: ReportFilter = { client, since: -Infinity, until: Infinity };
  const { leases, diagnoses } = select(inspection, named);
  const bindings = [...leases.map(({ binding }) => binding), ...diagnoses.map(({ cycle }) => cycle.binding)];
  const addresses = new Set(bindings.map((binding) => binding.client.address));
  const [address] = addresses;
  return addresses.size === 1 && address !== undefined ? address : client;
}

function when(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

import type { Analyzer } from "./analyzer.js";
import { writePcap, writePcapng } from "./pcap.js";
import { worse } from "./truth.js";
import type { CycleTruth, Severity, Story } from "./types.js";

/** Counts of one cell, or of many added up. */
export interface Score {
  stories: number;
  /** replies whose outcome can be known: right, said to be unknown, wrong */
  right: number;
  unknown: number;
  wrong: number;
  /** replies whose outcome nobody can know, and that were claimed to be the contrary of what happened */
  overclaimed: number;
  renewals: number;
  /** cycles with lost requests that were found at all */
  found: number;
  causeRight: number;
  /** the answer that the fault itself would give, among those */
  causeBest: number;
  outcomeRight: number;
  outcomes: number;
  /** `certain` where nobody can tell */
  overconfident: number;
  falseAlarms: number;
  missedAlarms: number;
}

export const nothing: Score = {
  stories: 0,
  right: 0,
  unknown: 0,
  wrong: 0,
  overclaimed: 0,
  renewals: 0,
  found: 0,
  causeRight: 0,
  causeBest: 0,
  outcomeRight: 0,
  outcomes: 0,
  overconfident: 0,
  falseAlarms: 0,
  missedAlarms: 0,
};

export function plus(one: Score, other: Score): Score {
  return {
    stories: one.stories + other.stories,
    right: one.right + other.right,
    unknown: one.unknown + other.unknown,
    wrong: one.wrong + other.wrong,
    overclaimed: one.overclaimed + other.overclaimed,
    renewals: one.renewals + other.renewals,
    found: one.found + other.found,
    causeRight: one.causeRight + other.causeRight,
    causeBest: one.causeBest + other.causeBest,
    outcomeRight: one.outcomeRight + other.outcomeRight,
    outcomes: one.outcomes + other.outcomes,
    overconfident: one.overconfident + other.overconfident,
    falseAlarms: one.falseAlarms + other.falseAlarms,
    missedAlarms: one.missedAlarms + other.missedAlarms,
  };
}

/** What went wrong, in words that lead back to the story: to be printed while the rules are being mended. */
export interface Fault {
  story: string;
  what: string;
}

type Fields = ReadonlyMap<string, unknown>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? new Map<string, unknown>(Object.entries(value)) : new Map();
}

function textOf(fields: Fields, key: string): string | null {
  const value = fields.get(key);
  return typeof value === "string" ? value : null;
}

function secondsOf(fields: Fields, key: string): number | null {
  const value = textOf(fields, key);
  const parsed = value === null ? Number.NaN : Date.parse(value) / 1000;
  return Number.isNaN(parsed) ? null : parsed;
}

function severityOf(fields: Fields): Severity {
  const value = fields.get("severity");
  return value === "error" || value === "warning" || value === "note" ? value : "none";
}

interface Records {
  frames: Map<number, string | null>;
  cycles: Map<string, Fields>;
  findings: Map<string, Fields>;
}

/** Later records with the same id replace earlier ones. */
function sorted(records: readonly unknown[]): Records {
  const result: Records = { frames: new Map(), cycles: new Map(), findings: new Map() };
  for (const record of records) {
    const fields = fieldsOf(record);
    const type = textOf(fields, "type");
    const id = textOf(fields, "id") ?? "";
    const number = fields.get("frame");
    if (type === "frame" && typeof number === "number") result.frames.set(number, textOf(fields, "outcome"));
    else if (type === "renewal" || type === "acquisition") result.cycles.set(`${type} ${id}`, fields);
    else if (type === "finding") result.findings.set(id, fields);
  }
  return result;
}

/** The record that tells of the same cycle: same client and kind, the largest overlap in time. */
function counterpart(cycle: CycleTruth, client: string, records: Records): Fields | null {
  let best: Fields | null = null;
  let most = -1;
  for (const fields of records.cycles.values()) {
    if (textOf(fields, "client") !== client || textOf(fields, "type") !== cycle.kind) continue;
    const started = secondsOf(fields, "started");
    if (started === null) continue;
    const ended = secondsOf(fields, "ended") ?? Number.MAX_SAFE_INTEGER;
    const overlap = Math.min(ended, cycle.ended) - Math.max(started, cycle.started) + 0.5;
    if (overlap > 0 && overlap > most) {
      best = fields;
      most = overlap;
    }
  }
  return best;
}

/** Compares what the analyzer says of a story with what is true. */
export async function score(story: Story, analyze: Analyzer): Promise<{ score: Score; faults: Fault[] }> {
  const capture = story.interfaces.length > 1 ? writePcapng(story) : writePcap(story);
  const records = sorted(await analyze(capture, story.name));
  const faults: Fault[] = [];
  const count = { ...nothing, stories: 1 };
  const complain = (what: string): void => {
    faults.push({ story: story.name, what });
  };

  story.truth.frames.forEach(({ reply, kind }, index) => {
    if (reply === null) return;
    const said = records.frames.get(index + 1) ?? "unknown";
    const contrary = said !== "unknown" && said !== reply.outcome;
    if (!reply.knowable) count.overclaimed += contrary ? 1 : 0;
    else if (said === reply.outcome) count.right += 1;
    else if (said === "unknown") count.unknown += 1;
    else count.wrong += 1;
    if (contrary) {
      complain(
        `frame ${index + 1}: ${kind} said ${said}, was ${reply.outcome} (${reply.why})${reply.knowable ? "" : ", unknowable"}`,
      );
    }
  });

  for (const client of story.truth.clients) {
    for (const cycle of client.cycles) {
      if (cycle.optional) continue;
      const fields = counterpart(cycle, client.client, records);
      const outcome = fields === null ? null : textOf(fields, "outcome");
      const place = `${client.profile} ${cycle.kind} at frame ${(cycle.attempts[0] ?? -2) + 1}`;
      if (cycle.attempts.length > 0) {
        count.outcomes += 1;
        if (outcome === cycle.outcome || cycle.alsoOutcomes.some((other) => other === outcome)) count.outcomeRight += 1;
        else complain(`${place}: outcome ${outcome}, was ${cycle.outcome}`);
      }
      if (cycle.kind !== "renewal" || cycle.best === null) continue;
      count.renewals += 1;
      const cause = fields === null ? null : textOf(fields, "cause");
      if (cause !== null) count.found += 1;
      if (cause === cycle.best) count.causeBest += 1;
      if (cycle.acceptable.some((right) => right === cause)) count.causeRight += 1;
      else complain(`${place}: cause ${cause}, right: ${cycle.acceptable.join(" or ")}`);
      if (cycle.undecidable && fields !== null && textOf(fields, "confidence") === "certain") {
        count.overconfident += 1;
        complain(`${place}: certain of ${cause}, which nobody can be from here`);
      }
    }
    let loudest: Severity = "none";
    for (const finding of records.findings.values()) {
      if (textOf(finding, "client") === client.client) loudest = worse(loudest, severityOf(finding));
    }
    if (worse(loudest, client.most) !== client.most && worse(loudest, "warning") === loudest) {
      count.falseAlarms += 1;
      complain(`${client.profile} ${client.client}: ${loudest}, at most ${client.most} is due`);
    }
    if (worse(loudest, client.least) !== loudest) {
      count.missedAlarms += 1;
      complain(`${client.profile} ${client.client}: ${loudest}, at least ${client.least} is due`);
    }
  }
  return { score: count, faults };
}

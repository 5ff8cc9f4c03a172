import { secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { Clock } from "../findings/prose/words.js";
import type { Deadlines } from "../lease/timers.js";
import { GLUE } from "./blocks.js";
import type { Timeline } from "./timeline.js";
import { ANSWER_WORDS, ASKED_WORDS, SEVERAL } from "./timeline-marks.js";
import { addMark, Scale } from "./timeline-scale.js";

/** A row with its label: the lease, when what was, what was asked, what came of it. */
export interface Row {
  readonly label: "lease" | "" | "asked" | "answer";
  readonly text: string;
}

export interface Drawing {
  readonly rows: readonly Row[];
  /** What the marks mean, and times for which there was no room; one entry stays on one line. */
  readonly key: string;
}

interface Ink {
  readonly lease: string;
  readonly outage: string;
  readonly start: string;
  readonly lost: string;
  readonly again: string;
  /** The line goes on beyond what is drawn. */
  readonly more: string;
}

const ASCII: Ink = { lease: "=", outage: ".", start: "|", lost: "X", again: "|", more: "~" };
const UNICODE: Ink = {
  lease: "\u2500",
  outage: "\u2508",
  start: "\u251c",
  lost: "\u2573",
  again: "\u251c",
  more: "\u2026",
};

/** Wider than this nobody sees more. */
const WIDEST = 100;

/**
 * Draws a renewal to scale.
 *
 * @param columns for the rows without their labels
 */
export function drawTimeline(timeline: Timeline, clock: Clock, columns: number, unicode: boolean): Drawing {
  const ink = unicode ? UNICODE : ASCII;
  const scale = new Scale(timeline.from, timeline.to, Math.min(columns, WIDEST));
  const times = scale.line();
  const moments = momentsOf(timeline, ink).map((moment) => ({
    ...moment,
    told: scale.label(times, moment.at, clock(moment.at)),
  }));
  const asked = scale.line();
  const answer = scale.line();
  for (const exchange of timeline.exchanges) {
    const column = scale.columnOf(exchange.asked.at);
    const drawn = addMark(asked, column, exchange.asked.mark);
    for (const { at, mark } of exchange.answers) {
      const own = scale.columnOf(at);
      // An answer at once stands below its question, wherever that found room.
      addMark(answer, own === column ? drawn : own, mark);
    }
  }
  const lease = leaseLine(timeline, scale, ink);
  const rows: Row[] = [
    { label: "lease", text: lease },
    { label: "", text: times.join("").trimEnd() },
    { label: "asked", text: asked.join("").trimEnd() },
    { label: "answer", text: answer.join("").trimEnd() },
  ];
  const groups = [
    askedKey(timeline),
    ...answerKey(timeline, [...asked, ...answer].includes(SEVERAL)),
    [
      ...moments
        .filter(({ told, sign }) => sign || !told)
        .sort((a, b) => secondsBetween(b.at, a.at))
        .map(({ name, told, at }) => (told ? name : `${name} ${clock(at)}`)),
      ...(lease.includes(ink.outage) ? [`${ink.outage} no address`] : []),
    ],
    timerKey(timeline),
  ];
  const key = groups.filter((group) => group.length > 0).map((group) => group.map(glued).join(", "));
  return { rows: rows.filter(({ text }) => text !== ""), key: key.join("; ") };
}

/** What a reader wants to know the time of. */
interface Moment {
  readonly at: Instant;
  readonly name: string;
  /** The name explains a sign of the row above, and is said even where the time stands at its place. */
  readonly sign: boolean;
}

/** Those at the edges first: they leave the others the most room. */
function momentsOf({ granted, timers, asksEarlier, lostAt, again, from }: Timeline, ink: Ink): Moment[] {
  const plain = (name: string, at: Instant | null): Moment[] => (at === null ? [] : [{ at, name, sign: false }]);
  return [
    ...(granted === null ? plain("from", from) : plain("granted", granted)),
    ...plain("address again", isOutage(lostAt, again) ? again : null),
    ...endOf(timers, lostAt, ink),
    ...plain("T1", asksEarlier ? null : (timers?.t1 ?? null)),
    ...plain("T2", timers?.t2 ?? null),
  ];
}

/** The lease ends when it ran out, even if the client was heard of a moment later. */
function endOf(timers: Deadlines | null, lostAt: Instant | null, ink: Ink): Moment[] {
  const end = (at: Instant, name: string): Moment[] => [{ at, name: `${ink.lost} ${name}`, sign: true }];
  if (timers !== null && lostAt === null) return end(timers.expires, "expiry unless renewed");
  if (timers !== null && !isEarlier(lostAt, timers.expires)) return end(timers.expires, "expiry");
  return lostAt === null ? [] : end(lostAt, timers === null ? "lost by then" : "lost");
}

function leaseLine(
  { granted, timers, asksEarlier, lostAt, again, from, to }: Timeline,
  scale: Scale,
  ink: Ink,
): string {
  const line = scale.line();
  const end = lostAt ?? timers?.expires ?? to;
  scale.fill(line, null, end, ink.lease);
  if (lostAt !== null) scale.fill(line, end, again, ink.outage);
  // What lies outside the view.
  if (granted === null || isEarlier(granted, from)) scale.put(line, from, ink.more);
  if (lostAt === null && timers !== null && isEarlier(to, timers.expires)) scale.put(line, to, ink.more);
  if (granted !== null) scale.put(line, granted, ink.start);
  if (timers !== null) {
    scale.put(line, timers.t2, "T2");
    if (!asksEarlier) scale.put(line, timers.t1, "T1");
  }
  if (again !== null) scale.put(line, again, ink.again);
  if (lostAt !== null || timers !== null) scale.put(line, end, ink.lost);
  return line.join("").trimEnd();
}

function askedKey({ exchanges }: Timeline): string[] {
  const marks = [...new Set(exchanges.map(({ asked }) => asked.mark))];
  return marks.map((mark) => `${mark} ${mark === "b" && marks.includes("r") ? BROADCAST : ASKED_WORDS[mark]}`);
}

/** After the words for another REQUEST. */
const BROADCAST = "broadcast";

function answerKey({ exchanges }: Timeline, several: boolean): string[][] {
  const marks = [...new Set(exchanges.flatMap(({ answers }) => answers.map(({ mark }) => mark)))];
  return [
    ...marks.map((mark) => [`${mark} ${ANSWER_WORDS[mark]}`]),
    ...(several ? [[`${SEVERAL} several kinds`]] : []),
  ];
}

/** What of the lease is not seen. */
function timerKey({ timers, assumed, asksEarlier }: Timeline): string[] {
  if (timers === null) return ["granted before the capture"];
  if (asksEarlier) return ["T2 assumed: 7/8 of the lease"];
  return assumed ? ["T1, T2 assumed: 1/2, 7/8 of the lease"] : [];
}

/** More than a moment without an address. */
function isOutage(lostAt: Instant | null, again: Instant | null): boolean {
  return lostAt !== null && again !== null && secondsBetween(lostAt, again) > 1;
}

/** More than a moment before it. */
function isEarlier(lostAt: Instant | null, expires: Instant): boolean {
  return lostAt !== null && toSeconds(expires) - toSeconds(lostAt) > 1;
}

function glued(entry: string): string {
  return entry.replaceAll(" ", GLUE);
}

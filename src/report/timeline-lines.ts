import { toSeconds, type Instant } from "../capture/instant.js";
import type { Clock } from "../findings/prose/words.js";
import { GLUE } from "./blocks.js";
import type { Timeline } from "./timeline.js";
import { ANSWER_WORDS, ASKED_WORDS, SEVERAL, type AnswerMark, type AskedMark } from "./timeline-marks.js";

/** A row with its label: the lease, what was asked, what was answered. */
export interface Row {
  readonly label: "lease" | "asked" | "answer";
  readonly text: string;
}

export interface Drawing {
  readonly rows: readonly Row[];
  /** When what was, and what the letters mean; one entry stays on one line. */
  readonly times: string;
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
  const scale = new Scale(timeline, Math.min(columns, WIDEST));
  const asked = scale.line();
  const answer = scale.line();
  for (const event of timeline.events) {
    scale.add(asked, event.at, event.asked);
    scale.add(answer, event.at, event.answer);
  }
  const rows: Row[] = [
    { label: "lease", text: leaseLine(timeline, scale, ink) },
    { label: "asked", text: asked.join("").trimEnd() },
    { label: "answer", text: answer.join("").trimEnd() },
  ];
  return { rows, times: timesOf(timeline, clock, ink), key: keyOf(timeline, asked, answer) };
}

function leaseLine({ granted, timers, lostAt, again, from, to }: Timeline, scale: Scale, ink: Ink): string {
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
    scale.put(line, timers.t1, "T1");
  }
  if (again !== null) scale.put(line, again, ink.again);
  if (lostAt !== null || timers !== null) scale.put(line, end, ink.lost);
  return line.join("").trimEnd();
}

function timesOf({ granted, timers, lostAt, again }: Timeline, clock: Clock, ink: Ink): string {
  const entries = [
    granted === null ? "granted before the capture" : `granted ${clock(granted)}`,
    ...(timers === null ? [] : [`T1 ${clock(timers.t1)}`, `T2 ${clock(timers.t2)}`]),
    ...(timers === null || isEarlier(lostAt, timers.expires)
      ? []
      : [`${ink.lost} expiry ${lostAt === null ? "unless renewed " : ""}${clock(timers.expires)}`]),
    ...(timers !== null && isEarlier(lostAt, timers.expires) && lostAt !== null
      ? [`${ink.lost} lost ${clock(lostAt)}`]
      : []),
    ...(timers === null && lostAt !== null ? [`${ink.lost} lost, at the latest, ${clock(lostAt)}`] : []),
    ...(lostAt === null ? [] : [`${ink.outage} no address`]),
    ...(again === null ? [] : [`address again ${clock(again)}`]),
  ];
  return entries.map(glued).join(", ");
}

/** More than a moment before it. */
function isEarlier(lostAt: Instant | null, expires: Instant): boolean {
  return lostAt !== null && toSeconds(expires) - toSeconds(lostAt) > 1;
}

function keyOf({ events }: Timeline, asked: readonly string[], answer: readonly string[]): string {
  const has = (mark: string): boolean => asked.includes(mark) || answer.includes(mark);
  const asks = new Set<AskedMark>(events.map((event) => event.asked));
  const answers = new Set<AnswerMark>(events.map((event) => event.answer));
  const entries = [
    ...[...asks].map((mark) => `${mark} ${ASKED_WORDS[mark]}`),
    ...[...answers].map((mark) => `${mark} ${ANSWER_WORDS[mark]}`),
    ...(has(SEVERAL) ? [`${SEVERAL} several kinds`] : []),
  ];
  return entries.map(glued).join("; ");
}

function glued(entry: string): string {
  return entry.replaceAll(" ", GLUE);
}

/** Moments on a line of characters. */
class Scale {
  readonly #start: number;
  readonly #end: number;
  readonly #width: number;

  constructor({ from, to }: Timeline, width: number) {
    this.#start = toSeconds(from);
    this.#end = toSeconds(to);
    this.#width = width;
  }

  line(): string[] {
    return Array.from({ length: this.#width }, () => " ");
  }

  /** Writes a mark, unless the moment lies outside. */
  put(line: string[], at: Instant, mark: string): void {
    const time = toSeconds(at);
    if (time < this.#start || time > this.#end) return;
    const column = Math.min(this.#column(time), this.#width - mark.length);
    for (const [index, character] of Array.from(mark).entries()) line[column + index] = character;
  }

  /** Writes a mark beside others of the same column. */
  add(line: string[], at: Instant, mark: string): void {
    const column = this.#column(toSeconds(at));
    const before = line[column];
    line[column] = before === " " || before === mark ? mark : SEVERAL;
  }

  /** @param from null: from the left edge; @param to null: to the right edge */
  fill(line: string[], from: Instant | null, to: Instant | null, mark: string): void {
    const [start, end] = [from, to].map((at) => (at === null ? null : this.#column(toSeconds(at))));
    line.fill(mark, start ?? 0, (end ?? this.#width - 1) + 1);
  }

  #column(time: number): number {
    const part = (time - this.#start) / Math.max(1e-6, this.#end - this.#start);
    return Math.max(0, Math.min(this.#width - 1, Math.round(part * (this.#width - 1))));
  }
}

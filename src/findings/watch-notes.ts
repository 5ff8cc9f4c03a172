import { instantAt, shiftOf, type Instant } from "../capture/instant.js";
import { UNTIMED, type Gap } from "../lease/coverage.js";
import type { Span } from "../lease/spans.js";
import type { Watching } from "../lease/watched-points.js";
import type { NoteFinding, Unwatched } from "./finding.js";

/** An interface, by the name that the operator knows, and how it was watched. */
export interface NamedWatching {
  readonly name: string;
  readonly watching: Watching;
  /** Up to when its input was watched at all, in seconds since 1970; null: not known. */
  readonly until: number | null;
}

/** Interfaces are left one after the other when a capture ends; seconds. */
const ENDING = 2;

/** When interfaces were not watched, and when frames were lost by the capture: one note for each. */
export function watchNotes(interfaces: readonly NamedWatching[]): Omit<NoteFinding, "id">[] {
  return [...gapNote(interfaces), ...dropNote(interfaces)];
}

function gapNote(interfaces: readonly NamedWatching[]): Omit<NoteFinding, "id">[] {
  const gaps = interfaces.flatMap(({ name, watching, until }) =>
    watching.coverage.gaps.filter((gap) => !isEnd(gap, until) && gap.reason !== UNTIMED).map((gap) => ({ name, gap })),
  );
  const [first] = gaps;
  if (first === undefined) return [];
  const begins = gaps.reduce((a, b) => (b.gap.from < a.gap.from ? b : a)).gap;
  const ends = gaps.reduce((a, b) => (endOf(b.gap) > endOf(a.gap) ? b : a)).gap;
  const longest = gaps.reduce((a, b) => (lengthOf(b.gap) > lengthOf(a.gap) ? b : a));
  const from = gapBegins(begins);
  const to = gapEnds(ends) ?? gapBegins(ends);
  return [note("gap", from, to, gaps.length, { interfaces: names(gaps), longest })];
}

function dropNote(interfaces: readonly NamedWatching[]): Omit<NoteFinding, "id">[] {
  const losses = interfaces.flatMap(({ name, watching }) => [...watching.losses].map((span) => ({ name, span })));
  const frames = losses.reduce((sum, { span }) => sum + span.amount, 0);
  if (frames === 0) return [];
  const from = losses.reduce((least, { span }) => Math.min(least, beginOf(span)), Infinity);
  const to = losses.reduce((most, { span }) => Math.max(most, span.to), -Infinity);
  return [note("drops", instantAt(from), instantAt(to), frames, { interfaces: names(losses), longest: null })];
}

/** Nothing comes after it: it is the end of the capture. */
function isEnd({ from, to }: Gap, until: number | null): boolean {
  return to === Infinity && until !== null && from > until - ENDING;
}

export function gapBegins({ from, shifts }: Gap): Instant {
  return { ...instantAt(from), ...shiftOf(shifts.from) };
}

/** Null: it has not ended. */
export function gapEnds({ to, shifts }: Gap): Instant | null {
  return to === Infinity ? null : { ...instantAt(to), ...shiftOf(shifts.to) };
}

function endOf({ from, to }: Gap): number {
  return to === Infinity ? from : to;
}

/** One that has not ended is the longest. */
function lengthOf({ from, to }: Gap): number {
  return to - from;
}

function beginOf({ from, to }: Span): number {
  return from === -Infinity ? to : from;
}

function names(places: readonly { readonly name: string }[]): string[] {
  return [...new Set(places.map(({ name }) => name))];
}

function note(
  code: "gap" | "drops",
  from: Instant,
  to: Instant,
  count: number,
  unwatched: Unwatched,
): Omit<NoteFinding, "id"> {
  return {
    ...{ kind: "note", code, severity: "note", confidence: "certain", alternatives: [], evidence: [], from, to, count },
    ...{ binding: null, server: null, step: null, clock: null, unwatched },
  };
}

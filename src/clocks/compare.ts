import type { ClockSpan } from "./input-clock.js";
import type { Likeness } from "./survey.js";

/** One message, seen in two inputs. Times are seconds since 1970. */
export interface Match {
  /** By the clock that is compared with. */
  readonly reference: number;
  /** By the clock that is looked at, and in which frame of its input. */
  readonly time: number;
  readonly frame: number;
  readonly fromClient: boolean;
  readonly likeness: Likeness;
}

/** What messages seen in two inputs say of their clocks. */
export interface Comparison {
  /** By how much the one that is looked at is ahead; all 0: they agree. `from` is the first frame that shows it. */
  readonly spans: readonly ClockSpan[];
  readonly messages: number;
  readonly ordered: boolean;
}

/** Differences of one clock to another lie so close together, in seconds: that is how much messages differ in speed. */
const NEAR = 0.1;
const BOTH_WAYS = 1;
/** No clock gains or loses more, in seconds a second, unless it is set. */
const FASTEST = 2e-4;
/** Where datagrams may have been sent twice, so many must agree. */
const ENOUGH = 3;
/** Fewer messages in one direction only tell no clocks apart that differ by less than this: they may have taken so long. */
const LONG_WAY = 0.1;
/** Nor do messages in both directions by less than this, in seconds: stamps are no better. */
const LEAST = 1e-4;
/** A drift is told by so many messages in so many seconds. */
const DRIFT_MESSAGES = 6;
const DRIFT_TIME = 10;
/** Less than this in all, in seconds, is no drift that matters. */
const DRIFT_LEAST = 0.0005;
/** Where differences of one direction scatter by more than that, and than messages take, the order of stamps tells nothing. */
const SHAKY = 0.0005;
/** Differences that are compared with each other; of more, some stand for all. */
const SAMPLE = 200;
const MOST_CHAINS = 256;

/**
 * Compares two clocks. One message alone may be another one in truth, sent again and alike, so that the majority counts;
 * and it takes its time from one point to the other, which does not matter where both directions are known, for it is
 * added one way and taken off the other.
 *
 * @returns null where nothing can be said
 */
export function compareClocks(matches: readonly Match[]): Comparison | null {
  const known = matches.filter(({ likeness }) => likeness !== "relayed");
  const usable = known.some(({ likeness }) => likeness === "unique") || known.length >= ENOUGH ? known : matches;
  const chains = accepted(chainsOf([...usable].sort((a, b) => a.frame - b.frame)));
  if (chains.length === 0) return null;
  const spans = chains.map(spanOf);
  return {
    spans: joined(spans.map(({ span }) => span)),
    messages: chains.reduce((sum, chain) => sum + chain.length, 0),
    ordered: spans.every(({ ordered }) => ordered),
  };
}

/** Runs of messages whose differences go on from one another, in the order of frames. */
function chainsOf(matches: readonly Match[]): Match[][] {
  const chains: Match[][] = [];
  for (const match of matches) {
    const best = longest(chains.filter((chain) => fits(chain, match)));
    if (best !== null) best.push(match);
    else if (chains.length < MOST_CHAINS) chains.push([match]);
  }
  return chains;
}

function longest(chains: readonly Match[][]): Match[] | null {
  return chains.reduce<Match[] | null>((best, chain) => (chain.length > (best?.length ?? 0) ? chain : best), null);
}

/** Messages of one direction take alike; between the two lies twice the time on the way. */
function fits(chain: readonly Match[], match: Match): boolean {
  const last = chain.findLast(({ fromClient }) => fromClient === match.fromClient);
  const other = last ?? chain.at(-1);
  if (other === undefined) return false;
  const near = last === undefined ? BOTH_WAYS : NEAR;
  return Math.abs(aheadOf(match) - aheadOf(other)) <= near + FASTEST * Math.abs(match.time - other.time);
}

function aheadOf({ time, reference }: Match): number {
  return time - reference;
}

/** The strongest chains that do not lie side by side: one input has one clock at a time. */
function accepted(chains: readonly Match[][]): Match[][] {
  const strongest = [...chains].sort((a, b) => weightOf(b) - weightOf(a));
  const taken: Match[][] = [];
  for (const chain of strongest) {
    if (
      isTrue(chain, chains) &&
      taken.every((other) => firstOf(other) > lastOf(chain) || firstOf(chain) > lastOf(other))
    ) {
      taken.push(chain);
    }
  }
  return taken.sort((a, b) => firstOf(a) - firstOf(b));
}

function weightOf(chain: readonly Match[]): number {
  return chain.reduce((sum, { likeness }) => sum + (likeness === "unique" ? ENOUGH : 1), 0);
}

/** Certain, or many and the most of their time. */
function isTrue(chain: readonly Match[], chains: readonly (readonly Match[])[]): boolean {
  if (chain.some(({ likeness }) => likeness === "unique")) return true;
  const [from, to] = [firstOf(chain), lastOf(chain)];
  const all = chains.flat().filter(({ frame }) => frame >= from && frame <= to).length;
  return chain.length >= ENOUGH && chain.length * 2 > all;
}

function firstOf(chain: readonly Match[]): number {
  return chain[0]?.frame ?? 0;
}

function lastOf(chain: readonly Match[]): number {
  return chain.at(-1)?.frame ?? 0;
}

function spanOf(chain: readonly Match[]): { readonly span: ClockSpan; readonly ordered: boolean } {
  const from = firstOf(chain);
  const at = chain[0]?.time ?? 0;
  const drift = driftOf(chain);
  const level = chain.map((match) => ({ ...match, ahead: aheadOf(match) - drift * (match.time - at) }));
  const requests = median(level.filter(({ fromClient }) => fromClient).map(({ ahead }) => ahead));
  const replies = median(level.filter(({ fromClient }) => !fromClient).map(({ ahead }) => ahead));
  if (requests === null || replies === null) {
    const ahead = requests ?? replies ?? 0;
    const agree = drift === 0 && Math.abs(ahead) <= LONG_WAY;
    return { span: { from, at, drift, ahead: agree ? 0 : ahead }, ordered: agree };
  }
  // Clocks that agree show a request first at one point and its reply first at the other.
  const ahead = (requests + replies) / 2;
  const agree = drift === 0 && (Math.abs(ahead) < LEAST || Math.sign(requests) !== Math.sign(replies));
  const way = Math.abs(requests - replies) / 2;
  const spread = spreadOf(level, (match) => match.ahead);
  return { span: { from, at, drift, ahead: agree ? 0 : ahead }, ordered: agree || spread <= Math.max(way, SHAKY) };
}

/** The median of the slopes between messages of one direction (Theil and Sen); 0 where it explains nothing. */
function driftOf(chain: readonly Match[]): number {
  const time = (chain.at(-1)?.time ?? 0) - (chain[0]?.time ?? 0);
  if (chain.length < DRIFT_MESSAGES || Math.abs(time) < DRIFT_TIME) return 0;
  const step = Math.ceil(chain.length / SAMPLE);
  const sample = chain.filter((_, index) => index % step === 0);
  const slopes = sample.flatMap((a, index) =>
    sample
      .slice(index + 1)
      .filter((b) => b.fromClient === a.fromClient && Math.abs(b.time - a.time) > DRIFT_TIME / 4)
      .map((b) => (aheadOf(b) - aheadOf(a)) / (b.time - a.time)),
  );
  const slope = median(slopes) ?? 0;
  if (Math.abs(slope * time) < DRIFT_LEAST) return 0;
  const at = chain[0]?.time ?? 0;
  const flat = spreadOf(sample, (match) => aheadOf(match));
  const along = spreadOf(sample, (match) => aheadOf(match) - slope * (match.time - at));
  return along < flat / 2 ? slope : 0;
}

/** How far messages of one direction lie from what is usual for it. */
function spreadOf<T extends Match>(sample: readonly T[], of: (match: T) => number): number {
  const spreads = [true, false].flatMap((direction) => {
    const values = sample.filter(({ fromClient }) => fromClient === direction).map(of);
    const middle = median(values);
    return middle === null ? [] : values.map((value) => Math.abs(value - middle));
  });
  return median(spreads) ?? 0;
}

/** Spans that follow one another and say the same. */
function joined(spans: readonly ClockSpan[]): ClockSpan[] {
  const distinct: ClockSpan[] = [];
  for (const span of spans) {
    const before = distinct.at(-1);
    const same = before?.drift === 0 && span.drift === 0 && Math.abs(before.ahead - span.ahead) < NEAR;
    if (!same) distinct.push(span);
  }
  return distinct;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

import { compareClocks, type Comparison, type Match } from "./compare.js";
import { aheadAt, type ClockSpan, type InputClock } from "./input-clock.js";
import type { Jump, Seen, Survey, SurveyedInput } from "./survey.js";

/** Clocks whose middle difference is less agree, for the choice of the one that all times are told by; seconds. */
const AGREE = 0.1;
/** Parts of one capture follow each other within this, in seconds. */
const FOLLOWS = 3600;
/** So many messages, each perhaps sent again, put inputs side by side that by their stamps follow one another. */
const MANY = 8;

/**
 * The clock of each input against one of those that share messages with it: the one that agrees with most, at a tie the
 * first. An input that shares none, or whose clock agrees, has none of its own.
 *
 * @param names of the inputs, in the order in which they were surveyed
 */
export function placeClocks(survey: Survey, names: readonly string[]): ReadonlyMap<string, InputClock> {
  const pairs = new Pairs(survey);
  const clocks = new Map<string, InputClock>();
  const placed = new Map<number, readonly ClockSpan[]>();
  const open = new Set(pairs.inputs);
  while (open.size > 0) {
    const root = pairs.best(open);
    place(root, [], placed, open);
    for (let next = pairs.next(placed, open); next !== null; next = pairs.next(placed, open)) {
      const matches = pairs.matches(next, placed);
      const comparison = compareClocks(matches.map(({ match }) => match));
      const trusted = comparison !== null && pairs.mayOverlap(next, root, comparison) ? comparison : null;
      const spans = trusted === null ? [] : fromJumps(trusted.spans, survey.inputs[next]?.jumps ?? []);
      place(next, spans, placed, open);
      const [name, reference, example] = [names[next], names[root], exampleOf(matches, names)];
      const differs = spans.some(({ ahead, drift }) => ahead !== 0 || drift !== 0);
      if (differs && trusted !== null && name !== undefined && reference !== undefined && example !== null) {
        clocks.set(name, { reference, messages: trusted.messages, example, spans, ordered: trusted.ordered });
      }
    }
  }
  return clocks;
}

function place(
  input: number,
  spans: readonly ClockSpan[],
  placed: Map<number, readonly ClockSpan[]>,
  open: Set<number>,
): void {
  placed.set(input, spans);
  open.delete(input);
}

interface Pair {
  readonly match: Match;
  readonly other: Seen;
}

function exampleOf(matches: readonly Pair[], names: readonly string[]): InputClock["example"] | null {
  const best = matches.find(({ match }) => match.likeness === "unique") ?? matches[0];
  const otherInput = best === undefined ? undefined : names[best.other.input];
  return best === undefined || otherInput === undefined
    ? null
    : { frame: best.match.frame, otherInput, otherFrame: best.other.frame };
}

/** Which inputs have messages in common. */
class Pairs {
  readonly #groups: readonly (readonly Seen[])[];
  readonly #counts = new Map<number, Map<number, number[]>>();

  constructor(private readonly survey: Survey) {
    this.#groups = [...survey.common()];
    for (const group of this.#groups) {
      for (const one of group) {
        for (const other of group) {
          if (one !== other) this.#differences(one.input, other.input).push(one.time - other.time);
        }
      }
    }
  }

  get inputs(): Iterable<number> {
    return this.#counts.keys();
  }

  /** The one whose clock agrees with most others, and was not set. */
  best(open: ReadonlySet<number>): number {
    const score = (input: number): number => {
      const others = [...(this.#counts.get(input)?.values() ?? [])];
      const falls = this.survey.inputs[input]?.jumps.some(({ seconds }) => seconds < 0) === true;
      return (
        others.filter((differences) => Math.abs(middleOf(differences)) < AGREE).length - (falls ? others.length : 0)
      );
    };
    return [...open].sort((a, b) => score(b) - score(a) || a - b)[0] ?? 0;
  }

  /** Of those that are open the one that has most in common with those that have their place; null: none has anything. */
  next(placed: ReadonlyMap<number, unknown>, open: ReadonlySet<number>): number | null {
    let best: number | null = null;
    let most = 0;
    for (const input of open) {
      let shared = 0;
      for (const [other, differences] of this.#counts.get(input) ?? []) {
        if (placed.has(other)) shared += differences.length;
      }
      if (shared > most) [best, most] = [input, shared];
    }
    return best;
  }

  /** What an input has in common with those that have their place, by the clock of these. */
  matches(input: number, placed: ReadonlyMap<number, readonly ClockSpan[]>): Pair[] {
    return this.#groups.flatMap((group) => {
      const own = group.find((seen) => seen.input === input);
      const other = group.find((seen) => placed.has(seen.input));
      if (own === undefined || other === undefined) return [];
      const reference = other.time - aheadOf(other, placed.get(other.input) ?? []);
      const { time, frame, fromClient, likeness } = own;
      return [{ match: { reference, time, frame, fromClient, likeness }, other }];
    });
  }

  /** Parts of one capture, one after the other, must not be laid upon each other for some messages that were sent again. */
  mayOverlap(input: number, root: number, { spans, messages }: Comparison): boolean {
    const [one, other] = [this.survey.inputs[input], this.survey.inputs[root]];
    if (one === undefined || other === undefined || messages >= MANY) return true;
    const certain = this.#groups.some((group) =>
      group.some((seen) => seen.input === input && seen.likeness === "unique"),
    );
    const apart = gapBetween(one, other);
    return certain || apart <= 0 || apart > FOLLOWS || spans.every(({ ahead }) => ahead === 0);
  }

  #differences(one: number, other: number): number[] {
    const ofOne = this.#counts.get(one) ?? new Map<number, number[]>();
    this.#counts.set(one, ofOne);
    const differences = ofOne.get(other) ?? [];
    ofOne.set(other, differences);
    return differences;
  }
}

function aheadOf({ frame, time }: Seen, spans: readonly ClockSpan[]): number {
  const span = spans.findLast(({ from }) => from <= frame) ?? spans[0];
  return span === undefined ? 0 : aheadAt(span, time);
}

/** Seconds between the end of one and the beginning of the other; negative where they overlap. */
function gapBetween(a: SurveyedInput, b: SurveyedInput): number {
  return Math.max(a.first - b.last, b.first - a.last);
}

function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Each span from the frame on at which the stamps jump by as much; the first from the first frame on. */
function fromJumps(spans: readonly ClockSpan[], jumps: readonly Jump[]): ClockSpan[] {
  return spans.map((span, index) => {
    const before = spans[index - 1];
    if (before === undefined) return { ...span, from: 1 };
    const step = span.ahead - aheadAt(before, span.at);
    const between = jumps.filter(
      ({ frame, seconds }) => frame > before.from && frame <= span.from && (step < 0 ? seconds < 0 : seconds >= step),
    );
    const at = between.reduce<Jump | null>(
      (best, jump) => (Math.abs(jump.seconds - step) < Math.abs((best?.seconds ?? Infinity) - step) ? jump : best),
      null,
    );
    return { ...span, from: at?.frame ?? span.from };
  });
}

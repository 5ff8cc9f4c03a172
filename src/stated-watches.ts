import { likenessOf } from "./capture/interfaces.js";
import type { CaptureInterface } from "./capture/sink.js";
import { aheadAt, type InputClock } from "./clocks/input-clock.js";
import type { StatementSink, SurveyedInput } from "./clocks/survey.js";
import { firstIndex } from "./lease/sorted.js";
import type { ForetoldWatches } from "./watches.js";

/** So many watches of an interface are kept; what is said of later ones is known when it comes. */
const MOST = 4096;
/** Frames come this much before the start that their capture states, at the most: less than a second, and it is cut off. */
const EARLY = 2;

/** From when to when an interface was watched, in seconds since 1970 by the clock of its input; NaN: it does not say. */
interface StatedWatch {
  from: number;
  until: number;
}

interface StatedInterface {
  /** Interfaces of several inputs that have the same are one place. */
  readonly place: string;
  /** One for each time that it was described; never empty. */
  readonly watches: readonly StatedWatch[];
}

/** What one input says of when it watched. */
export class StatedWatches implements StatementSink {
  readonly interfaces: StatedInterface[] = [];
  readonly #watches: StatedWatch[][] = [];

  interface(description: CaptureInterface): void {
    const watches = [unstated()];
    this.#watches[description.index] = watches;
    this.interfaces[description.index] = { place: likenessOf(description), watches };
  }

  watchedAgain(interfaceIndex: number): void {
    const watches = this.#watches[interfaceIndex];
    if (watches !== undefined && watches.length < MOST) watches.push(unstated());
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    const watch = this.#watches[interfaceIndex]?.at(-1);
    if (watch !== undefined && Number.isNaN(watch.from)) watch.from = seconds + nanos / 1e9;
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    const watch = this.#watches[interfaceIndex]?.at(-1);
    if (watch !== undefined) watch.until = later(watch.until, seconds + nanos / 1e9);
  }
}

function unstated(): StatedWatch {
  return { from: NaN, until: NaN };
}

/** An input that was looked through. */
export interface LookedThrough {
  readonly name: string;
  /** Undefined: that by which all times are told. */
  readonly clock: InputClock | undefined;
  readonly frames: Pick<SurveyedInput, "first" | "last">;
  readonly interfaces: readonly StatedInterface[];
  /** To its end; else it may go on for any time. */
  readonly whole: boolean;
}

/** How one input watched a place, in seconds since 1970 by the common clock. */
interface Stretch {
  readonly input: string;
  readonly interfaceIndex: number;
  /** When each watch began; NaN: it does not say. */
  readonly starts: readonly number[];
  /** By what it says, or else by its frames; Infinity: by neither. */
  readonly begin: number;
  readonly end: number;
  /** It says that it ended then. */
  readonly isOver: boolean;
}

/**
 * What the inputs say of their watches, for the time before they say it: when each began, and when a place was watched
 * again that nobody had watched for a while. That is believed only where one input says when its watch ended, and another
 * when its own began: files of one watch that follow one another, as `dumpcap -b` writes them, say neither.
 *
 * @returns by name of the input, and there by number of the interface
 */
export function foretell(inputs: readonly LookedThrough[]): Map<string, ForetoldWatches[]> {
  const foretold = new Map<string, ForetoldWatches[]>();
  for (const stretches of byPlace(inputs)) {
    stretches.sort((a, b) => (a.begin < b.begin ? -1 : 1));
    const reached = reachOf(stretches);
    for (const { input, interfaceIndex, starts, end, isOver } of stretches) {
      const ofInput = foretold.get(input) ?? [];
      foretold.set(input, ofInput);
      const after = firstIndex(stretches.length, (index) => (stretches[index]?.begin ?? Infinity) > end);
      const next = isOver && reached[after - 1] === end ? (stretches[after]?.starts[0] ?? NaN) : NaN;
      ofInput[interfaceIndex] = { starts, next: Number.isNaN(next) ? null : next };
    }
  }
  return foretold;
}

function byPlace(inputs: readonly LookedThrough[]): Iterable<Stretch[]> {
  const places = new Map<string, Stretch[]>();
  for (const input of inputs) {
    for (const [index, stated] of input.interfaces.entries()) {
      const stretches = places.get(stated.place) ?? [];
      places.set(stated.place, stretches);
      stretches.push(stretchOf(input, index, stated.watches));
    }
  }
  return places.values();
}

/** Up to when each of these, or one before it, was watching. */
function reachOf(stretches: readonly Stretch[]): number[] {
  let reached = -Infinity;
  return stretches.map(({ end }) => (reached = Math.max(reached, end)));
}

function stretchOf(
  { name, clock, frames, whole }: LookedThrough,
  interfaceIndex: number,
  watches: readonly StatedWatch[],
): Stretch {
  const { spans } = clock ?? NO_CLOCK;
  const common = (time: number, span = spans[0]): number => (span === undefined ? time : time - aheadAt(span, time));
  // Which of several spans holds for a statement is known only when it comes.
  const starts = whole && spans.length <= 1 ? watches.map(({ from }) => common(from)) : [];
  const [first, last] = [common(frames.first), common(frames.last, spans.at(-1))];
  // Frames that came before show that the start is not what it says.
  const [start = NaN] = starts;
  if (start > first + EARLY) starts[0] = NaN;
  const until = common(watches.at(-1)?.until ?? NaN, spans.at(-1));
  const begin = known(starts[0] ?? NaN, first);
  const end = whole ? Math.max(begin, later(until, last)) : Infinity;
  return { input: name, interfaceIndex, starts, begin, end, isOver: whole && !Number.isNaN(until) };
}

const NO_CLOCK: Pick<InputClock, "spans"> = { spans: [] };

function known(time: number, otherwise: number): number {
  if (!Number.isNaN(time)) return time;
  return Number.isNaN(otherwise) ? Infinity : otherwise;
}

/** NaN only if both are. */
function later(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
}

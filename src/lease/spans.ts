import { firstIndex } from "./sorted.js";

/** Some time, in seconds since 1970, and how much of something fell into it. */
export interface Span {
  from: number;
  to: number;
  amount: number;
}

/** So many are kept apart; beyond that the oldest become one, which says less and nothing wrong. */
const MOST = 4096;

/** Stretches of time in order, apart from each other. */
export class Spans implements Iterable<Span> {
  readonly #spans: Span[] = [];

  /** One that reaches back into earlier ones becomes one with them. */
  add(from: number, to: number, amount: number): void {
    const span = { from, to, amount };
    for (let last = this.#spans.at(-1); last !== undefined && last.to > span.from; last = this.#spans.at(-1)) {
      span.from = Math.min(span.from, last.from);
      span.to = Math.max(span.to, last.to);
      span.amount += last.amount;
      this.#spans.pop();
    }
    this.#spans.push(span);
    const [first, second] = this.#spans;
    if (this.#spans.length <= MOST || first === undefined || second === undefined) return;
    this.#spans.splice(0, 2, { from: first.from, to: second.to, amount: first.amount + second.amount });
  }

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  [Symbol.iterator](): Iterator<Span> {
    return this.#spans[Symbol.iterator]();
  }

  /** Those that have more than an end in common with `from` to `to`. */
  *within(from: number, to: number): Generator<Span> {
    for (let index = this.#firstEndingAfter(from); index < this.#spans.length; index += 1) {
      const span = this.#spans[index];
      if (span === undefined || span.from >= to) return;
      yield span;
    }
  }

  #firstEndingAfter(time: number): number {
    return firstIndex(this.#spans.length, (index) => (this.#spans[index]?.to ?? Infinity) > time);
  }
}

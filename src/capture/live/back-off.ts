/** Failures in a row that cost nothing: a machine is started again a few times. */
const FREE = 5;
/** Milliseconds to wait after the next one, and at most; twice as long after each. */
const FIRST = 1000;
const LONGEST = 300_000;
/** Milliseconds without a failure that make a row end. */
const FORGIVEN = 120_000;

interface Failures {
  readonly inRow: number;
  /** When it may be tried again. */
  readonly until: number;
}

/**
 * When to try interfaces again that fail: each of them takes others with it for a moment. Moments are milliseconds of
 * any clock that only goes on.
 */
export class BackOff {
  readonly #failures = new Map<string, Failures>();

  /** @returns milliseconds to wait */
  failed(name: string, now: number): number {
    for (const [other, { until }] of this.#failures) {
      if (now - until > FORGIVEN) this.#failures.delete(other);
    }
    const inRow = (this.#failures.get(name)?.inRow ?? 0) + 1;
    const wait = inRow <= FREE ? 0 : Math.min(FIRST * 2 ** (inRow - FREE - 1), LONGEST);
    this.#failures.set(name, { inRow, until: now + wait });
    return wait;
  }

  mayTry(name: string, now: number): boolean {
    return now >= (this.#failures.get(name)?.until ?? -Infinity);
  }
}

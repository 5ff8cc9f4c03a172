import type { Cycle } from "../lease/cycle.js";

/** Kept of each cycle whatever there is: the first and the last of its attempts. */
const FIRST = 4;
const LAST = 4;

/**
 * How many attempts of cycles that are over are kept in all. A client that never gets through asks a hundred times for
 * each lease, day by day: of the oldest cycles the attempts in the middle go first, and stay counted.
 */
export class AttemptBudget {
  /** Cycles that have some to spare, the oldest first, and how many. */
  readonly #spare = new Map<Cycle, number>();
  #kept = 0;

  /**
   * @param most attempts to spare that are kept
   * @param thinned hears of each cycle of which some were let go
   */
  constructor(
    private readonly most: number,
    private readonly thinned: (cycle: Cycle) => void,
  ) {}

  add(cycle: Cycle): void {
    const spare = cycle.attempts.length - FIRST - LAST;
    if (cycle.ended === null || spare <= 0 || this.#spare.has(cycle)) return;
    this.#spare.set(cycle, spare);
    this.#kept += spare;
    for (const oldest of this.#spare.keys()) {
      if (this.#kept <= this.most) break;
      this.drop(oldest);
      thin(oldest);
      this.thinned(oldest);
    }
  }

  drop(cycle: Cycle): void {
    this.#kept -= this.#spare.get(cycle) ?? 0;
    this.#spare.delete(cycle);
  }
}

/** The attempt that had success stays: what was lost is told from it. */
function thin(cycle: Cycle): void {
  const { attempts, accepted } = cycle;
  const last = attempts.length - LAST;
  const kept = attempts.filter((attempt, index) => index < FIRST || index >= last || attempt === accepted?.attempt);
  cycle.dropped += attempts.length - kept.length;
  attempts.splice(0, attempts.length, ...kept);
}

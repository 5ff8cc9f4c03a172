/**
 * For how much of a time some task on the host had to wait for CPU, disk or memory: shares from 0 to 1. The kernel's
 * pressure stall information, its lines "some" (Documentation/accounting/psi.rst).
 */
export interface Pressure {
  readonly cpu: number;
  readonly io: number;
  readonly memory: number;
}

/** Samples kept: a day and a half at one each two seconds. */
const MOST = 65_536;
/** Seconds by which samples may lie outside a time and still stand for it. */
const NEAR = 15;
const FIELDS = 4;

/** What the host that captured was doing, as its kernel counts it: totals, which only grow, so that any time can be asked for. */
export class HostLoad {
  readonly #most: number;
  /** A ring of time (seconds since 1970) and three totals (seconds) for each sample, oldest first from #first on. */
  #ring = new Float64Array(0);
  #first = 0;
  #size = 0;

  constructor(most = MOST) {
    this.#most = most;
  }

  get isKnown(): boolean {
    return this.#size > 1;
  }

  /**
   * @param time of the sample, seconds since 1970; one that is not later than the last says nothing
   * @param totals seconds for which some task waited since the host was booted
   */
  sample(time: number, totals: Pressure): void {
    if (!(time > (this.#size === 0 ? -Infinity : this.#time(this.#size - 1)))) return;
    if (this.#size === this.#capacity) this.#makeRoom();
    const at = ((this.#first + this.#size) % this.#capacity) * FIELDS;
    this.#ring.set([time, totals.cpu, totals.io, totals.memory], at);
    this.#size += 1;
  }

  /** Pressure between two times, in seconds since 1970; null: not known. */
  between(from: number, to: number): Pressure | null {
    const start = this.#latestUntil(from);
    const end = this.#earliestFrom(to);
    if (start === null || end === null || end <= start) return null;
    if (from - this.#time(start) > NEAR || this.#time(end) - to > NEAR) return null;
    const span = this.#time(end) - this.#time(start);
    const share = (field: number): number => (this.#field(end, field) - this.#field(start, field)) / span;
    const pressure = { cpu: share(1), io: share(2), memory: share(3) };
    // A host that was booted anew counts from zero.
    return Object.values(pressure).every((value) => value >= 0 && value <= 1.05) ? pressure : null;
  }

  get #capacity(): number {
    return this.#ring.length / FIELDS;
  }

  #makeRoom(): void {
    if (this.#capacity >= this.#most) {
      this.#first = (this.#first + 1) % this.#capacity;
      this.#size -= 1;
      return;
    }
    const larger = new Float64Array(Math.min(Math.max(64, 2 * this.#capacity), this.#most) * FIELDS);
    larger.set(this.#ring);
    this.#ring = larger;
  }

  #field(index: number, field: number): number {
    return this.#ring[((this.#first + index) % this.#capacity) * FIELDS + field] ?? NaN;
  }

  #time(index: number): number {
    return this.#field(index, 0);
  }

  #latestUntil(time: number): number | null {
    const after = this.#firstAfter(time);
    return after === 0 ? null : after - 1;
  }

  #earliestFrom(time: number): number | null {
    const after = this.#firstAfter(time);
    if (after > 0 && this.#time(after - 1) === time) return after - 1;
    return after < this.#size ? after : null;
  }

  /** Number of samples that are not later than `time`. */
  #firstAfter(time: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#time(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

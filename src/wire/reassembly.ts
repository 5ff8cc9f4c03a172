/** Fragments begin at multiples of this, and all but the last have such a length (RFC 791 §3.2). */
const UNIT = 8;
/** 65 535 bytes with the smallest header. */
const LARGEST = 65_515;
const SMALLEST_BUFFER = 2048;

/** What is known of each unit. */
const MISSING = 0;
/** A fragment had it, but the capture cut the fragment before it. */
const SENT = 1;
const PRESENT = 2;

/** The payload of one datagram while its fragments come: in any order, repeated, overlapping, cut by the capture. */
export class Reassembly {
  /** How many came, repeated ones included. */
  fragments = 0;
  /** Fragments overlapped, or said different things of the same bytes; what came first was kept. */
  overlapped = false;
  #payload = new Uint8Array(0);
  #units = new Uint8Array(0);
  /** Units that are not missing. */
  #count = 0;
  /** Where the fragments that have come reach to. */
  #reach = 0;
  /** Of the payload; null until the last fragment has come. */
  #length: number | null = null;

  /**
   * Takes a fragment.
   *
   * @param start where it belongs in the payload; a multiple of 8
   * @param bytes what was captured of it
   * @param length what it has by its IP header; not less than `bytes.length`
   * @param last no more fragments follow it
   */
  add(start: number, bytes: Uint8Array, length: number, last: boolean): void {
    this.fragments += 1;
    const end = this.#bounded(start + (last ? length : length - (length % UNIT)), last);
    if (end <= start || end > LARGEST) return;
    if (last) this.#length ??= end;
    this.#reach = Math.max(this.#reach, end);
    this.#grow(end);
    // A fragment that ends within a unit, and is not the end of the datagram, contradicts the one that is.
    const whole = end === this.#length ? Math.ceil(end / UNIT) : Math.floor(end / UNIT);
    this.#take(start, bytes, end, whole);
  }

  /** Every byte is known to have been sent. */
  get complete(): boolean {
    return this.#length !== null && this.#count === Math.ceil(this.#length / UNIT);
  }

  /** Of the payload, once it is complete. */
  get length(): number {
    return this.#length ?? this.#reach;
  }

  /** The payload from its beginning, up to the first unit that was not captured. */
  payload(): Uint8Array {
    let units = 0;
    while (this.#units[units] === PRESENT) units += 1;
    return this.#payload.subarray(0, Math.min(units * UNIT, this.length));
  }

  /** Where a fragment ends as far as it fits what came before it; -1 if it is the last and ends too early. */
  #bounded(end: number, last: boolean): number {
    const length = this.#length;
    if (length === null) {
      if (!last || end >= this.#reach) return end;
      this.overlapped = true;
      return -1;
    }
    if (end > length || (last && end < length)) this.overlapped = true;
    return Math.min(end, length);
  }

  #take(start: number, bytes: Uint8Array, end: number, lastUnit: number): void {
    let known = 0;
    let fresh = 0;
    for (let unit = start / UNIT; unit < lastUnit; unit += 1) {
      const from = unit * UNIT;
      const part = bytes.subarray(from - start, Math.min(from + UNIT, end) - start);
      const captured = from + part.length === Math.min(from + UNIT, end);
      const before = this.#units[unit] ?? MISSING;
      if (before === MISSING) fresh += 1;
      else known += 1;
      if (before === PRESENT) {
        if (part.some((byte, index) => byte !== this.#payload[from + index])) this.overlapped = true;
      } else {
        if (captured) this.#payload.set(part, from);
        this.#units[unit] = captured ? PRESENT : SENT;
      }
    }
    this.#count += fresh;
    if (known > 0 && fresh > 0) this.overlapped = true;
  }

  #grow(end: number): void {
    if (end <= this.#payload.length) return;
    let size = SMALLEST_BUFFER;
    while (size < end) size *= 2;
    const payload = new Uint8Array(size);
    payload.set(this.#payload);
    this.#payload = payload;
    const units = new Uint8Array(size / UNIT);
    units.set(this.#units);
    this.#units = units;
  }
}

/** A moment, kept exactly: a double holds no nanoseconds since 1970. */
export interface Instant {
  /** Whole UTC seconds since 1970. Never runs backwards by much in one input: see `shift`. */
  readonly seconds: number;
  /** 0 to 999 999 999. */
  readonly nanos: number;
  /** Digits that the capture's own stamps have. */
  readonly digits: 6 | 9;
  /**
   * Whole seconds by which `seconds` differs from the capture's own stamp, because its clock had been set back before;
   * absent: none. Printing takes them off again.
   */
  readonly shift?: number;
}

/** Seconds since 1970 as a double, good to a quarter of a microsecond: for rules, never for printing. */
export function toSeconds(instant: Instant): number {
  return instant.seconds + instant.nanos / 1e9;
}

/** Seconds since 1970 as the capture's own stamps have them: what an operator reads, and asks for. */
export function toStamp(instant: Instant): number {
  return toSeconds(instant) - (instant.shift ?? 0);
}

/** `later` minus `earlier` in seconds, exact to the nanosecond for differences below 100 days. */
export function secondsBetween(earlier: Instant, later: Instant): number {
  return later.seconds - earlier.seconds + (later.nanos - earlier.nanos) / 1e9;
}

/** ISO 8601 in UTC with the capture's own number of digits, cut off and never rounded. */
export function formatInstant(instant: Instant): string {
  const whole = new Date((instant.seconds - (instant.shift ?? 0)) * 1000).toISOString().slice(0, -5);
  const fraction = String(instant.nanos).padStart(9, "0").slice(0, instant.digits);
  return `${whole}.${fraction}Z`;
}

/** An instant that lies `seconds` (any sign, fractions allowed) after another. */
export function addSeconds(instant: Instant, seconds: number): Instant {
  const whole = Math.floor(seconds);
  let nanos = instant.nanos + Math.round((seconds - whole) * 1e9);
  let total = instant.seconds + whole;
  if (nanos >= 1e9) {
    nanos -= 1e9;
    total += 1;
  }
  return { ...instant, seconds: total, nanos };
}

/** The later of two instants; what is null does not count. */
export function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return b.seconds > a.seconds || (b.seconds === a.seconds && b.nanos > a.nanos) ? b : a;
}

/** A time that was reckoned as a double, in seconds since 1970; it is good to a microsecond. */
export function instantAt(time: number): Instant {
  return addSeconds({ seconds: 0, nanos: 0, digits: 6 }, time);
}

/** What an Instant keeps of a shift: nothing where there is none. */
export function shiftOf(seconds: number): { readonly shift?: number } {
  return seconds === 0 ? {} : { shift: seconds };
}

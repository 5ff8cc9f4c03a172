const POWER_OF_TWO = 0x80;
const HIGH_WORD = 2 ** 32;
/** Below this the two halves together are an exact double. */
const EXACT_HIGH = 2 ** 21;
/**
 * The years 1 to 9999 in seconds from 1970, less the longest lease at both ends: four digits print them, and what is
 * reckoned from them. A stamp beyond is damage, not a time.
 */
const FIRST_SECOND = -62_135_596_800 + 2 ** 33;
const LAST_SECOND = 253_402_300_800 - 2 ** 33;
const LAST_STAMP = 2n ** 64n - 1n;

/**
 * The time stamps of one pcapng interface: 64-bit counts of units, exactly turned into seconds and nanoseconds.
 * `read` leaves its result in `seconds` and `nanos`, so that nothing is allocated for a frame.
 */
export class PcapngClock {
  /** UTC seconds since 1970, whole; NaN where the stamp lies beyond the calendar. */
  seconds = 0;
  /** 0 to 999 999 999; what is finer is cut off. */
  nanos = 0;
  /** See CaptureInterface.digits. */
  readonly digits: 6 | 9;

  /** 1 to 10^9, a power of ten; 0: any other resolution, see #readAny. */
  readonly unitsPerSecond: number;
  readonly nanosPerUnit: number;
  readonly #anyUnitsPerSecond: bigint;
  readonly offset: number;

  /**
   * @param resolution if_tsresol: n for units of 10^-n seconds, with the top bit set for 2^-n (section 4.2)
   * @param offset if_tsoffset: seconds to add to every stamp
   */
  constructor(resolution: number, offset: number) {
    const exponent = resolution & ~POWER_OF_TWO;
    const decimal = (resolution & POWER_OF_TWO) === 0;
    const simple = decimal && exponent <= 9;
    this.unitsPerSecond = simple ? 10 ** exponent : 0;
    this.nanosPerUnit = simple ? 10 ** (9 - exponent) : 0;
    this.#anyUnitsPerSecond = (decimal ? 10n : 2n) ** BigInt(exponent);
    this.offset = offset;
    this.digits = this.#anyUnitsPerSecond <= 1_000_000n ? 6 : 9;
  }

  /** Takes a stamp's upper and lower 32 bits, each unsigned. */
  read(high: number, low: number): void {
    const unitsPerSecond = this.unitsPerSecond;
    if (unitsPerSecond === 0) {
      this.#readAny(high, low);
    } else if (high < EXACT_HIGH) {
      const units = high * HIGH_WORD + low;
      const seconds = Math.floor(units / unitsPerSecond);
      this.#set(seconds, (units - seconds * unitsPerSecond) * this.nanosPerUnit);
    } else {
      // Long division, 16 bits of the lower word at a time: every dividend stays below 10^9 * 2^16 < 2^53, where
      // doubles are exact.
      const first = Math.floor(high / unitsPerSecond);
      const upper = (high - first * unitsPerSecond) * 0x1_0000 + (low >>> 16);
      const second = Math.floor(upper / unitsPerSecond);
      const lower = (upper - second * unitsPerSecond) * 0x1_0000 + (low & 0xffff);
      const third = Math.floor(lower / unitsPerSecond);
      const units = lower - third * unitsPerSecond;
      this.#set(first * HIGH_WORD + second * 0x1_0000 + third, units * this.nanosPerUnit);
    }
  }

  /**
   * The count of units at a time, cut off to them: what `read` takes.
   *
   * @param seconds since 1970, whole; NaN gives a stamp beyond the calendar, as does what cannot be counted
   */
  stampAt(seconds: number, nanos: number): bigint {
    if (Number.isNaN(seconds)) return LAST_STAMP;
    const total = BigInt(seconds - this.offset) * 1_000_000_000n + BigInt(nanos);
    const units = (total * this.#anyUnitsPerSecond) / 1_000_000_000n;
    return units >= 0n && units < LAST_STAMP ? units : LAST_STAMP;
  }

  /** Powers of two, and what is finer than a nanosecond: rare, so it may allocate. */
  #readAny(high: number, low: number): void {
    const units = (BigInt(high) << 32n) | BigInt(low);
    const seconds = units / this.#anyUnitsPerSecond;
    const rest = units % this.#anyUnitsPerSecond;
    this.#set(Number(seconds), Number((rest * 1_000_000_000n) / this.#anyUnitsPerSecond));
  }

  #set(seconds: number, nanos: number): void {
    const absolute = seconds + this.offset;
    const inCalendar = absolute < LAST_SECOND && absolute >= FIRST_SECOND;
    this.seconds = inCalendar ? absolute : NaN;
    this.nanos = inCalendar ? nanos : 0;
  }
}

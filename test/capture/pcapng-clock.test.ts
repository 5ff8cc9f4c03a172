import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PcapngClock } from "../../src/capture/pcapng-clock.js";

/** draft-ietf-opsawg-pcapng section 4.2, in whole numbers: units, times their length, in nanoseconds. */
function exactly(stamp: bigint, resolution: number, offset: number): { seconds: bigint; nanos: bigint } {
  const unitsPerSecond = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f);
  return {
    seconds: stamp / unitsPerSecond + BigInt(offset),
    nanos: ((stamp % unitsPerSecond) * 1_000_000_000n) / unitsPerSecond,
  };
}

function read(clock: PcapngClock, stamp: bigint): void {
  clock.read(Number(stamp >> 32n), Number(stamp & 0xffff_ffffn));
}

const stamps = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  // The present, in micro- and nanoseconds.
  fc.bigInt({ min: 1_600_000_000_000_000n, max: 1_900_000_000_000_000n }),
  fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 1_900_000_000_000_000_000n }),
  // Where doubles round: just around whole seconds.
  fc
    .record({
      seconds: fc.bigInt({ min: 0n, max: 2n ** 33n }),
      off: fc.bigInt({ min: -2n, max: 2n }),
      digits: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ seconds, off, digits }) => {
      const stamp = seconds * 10n ** BigInt(digits) + off;
      return stamp < 0n ? 0n : BigInt.asUintN(64, stamp);
    }),
);

/** The first second of the year 10000, less the longest lease and as much again. */
const LAST = BigInt(Date.UTC(10_000, 0, 1)) / 1000n - 2n ** 33n;

describe("PcapngClock", () => {
  it("turns every stamp of every resolution exactly into seconds and nanoseconds", () => {
    const resolutions = fc.oneof(fc.constantFrom(6, 9), fc.integer({ min: 0, max: 255 }));
    const offsets = fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31), max: 2 ** 31 }));
    fc.assert(
      fc.property(stamps, resolutions, offsets, (stamp, resolution, offset) => {
        const clock = new PcapngClock(resolution, offset);
        read(clock, stamp);
        const { seconds, nanos } = exactly(stamp, resolution, offset);
        if (seconds >= LAST) {
          expect([clock.seconds, clock.nanos]).toEqual([NaN, 0]);
        } else {
          expect([BigInt(clock.seconds), BigInt(clock.nanos)]).toEqual([seconds, nanos]);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it("gives no time that four digits of a year cannot print, with the longest lease added", () => {
    const clock = new PcapngClock(0, 0);
    read(clock, LAST - 1n);
    const expires = new Date((clock.seconds + 2 ** 33) * 1000);
    expect(expires.toISOString()).toBe("9999-12-31T23:59:59.000Z");
    read(clock, LAST);
    expect(clock.seconds).toBeNaN();
  });

  it.each([
    ["10^-3 s", 3, 6],
    ["10^-6 s", 6, 6],
    ["10^-7 s", 7, 9],
    ["10^-9 s", 9, 9],
    ["2^-19 s", 0x80 + 19, 6],
    ["2^-20 s", 0x80 + 20, 9],
  ])("says with how many digits stamps of %s are printed", (_name, resolution, digits) => {
    expect(new PcapngClock(resolution, 0).digits).toBe(digits);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foretell, StatedWatches, type LookedThrough } from "../../src/stated-watches.js";

interface Input {
  readonly from: number | null;
  readonly frames: readonly [first: number, last: number] | null;
  readonly until: number | null;
  readonly whole: boolean;
}

/** All of one place; times in seconds. */
function lookedThrough({ from, frames, until, whole }: Input, index: number): LookedThrough {
  const stated = new StatedWatches();
  stated.interface({ index: 0, name: "br0", linkType: 1, digits: 9 });
  if (from !== null) stated.observedFrom(from, 0, 0);
  if (until !== null) stated.observedUntil(until, 0, 0);
  const [first, last] = frames ?? [NaN, NaN];
  return { name: String(index), clock: undefined, frames: { first, last }, interfaces: stated.interfaces, whole };
}

function gapsOf(inputs: readonly Input[]): (number | null)[] {
  const foretold = foretell(inputs.map(lookedThrough));
  return inputs.map((_input, index) => foretold.get(String(index))?.[0]?.next ?? null);
}

const time = fc.integer({ min: 0, max: 30 });
const input = fc
  .record({
    times: fc.tuple(time, time, time, time).map((all) => all.sort((a, b) => a - b)),
    says: fc.tuple(fc.boolean(), fc.boolean()),
    hasFrames: fc.boolean(),
    whole: fc.boolean(),
  })
  .map(({ times: [from, first, last, until], says: [start, end], hasFrames, whole }): Input => ({
    from: start ? from : null,
    frames: hasFrames ? [first, last] : null,
    until: end ? until : null,
    whole,
  }));

describe("a gap that is foretold", () => {
  it("begins where one input says that it ended, ends where another says that it began, and nobody watched in it", () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 6 }), (inputs) => {
        for (const [index, next] of gapsOf(inputs).entries()) {
          const until = inputs[index]?.until ?? null;
          if (next === null) continue;
          expect(until).toBeLessThan(next);
          expect(inputs.filter(({ whole }) => whole).map(({ from }) => from)).toContain(next);
          for (const { from, frames, until: end, whole } of inputs) {
            const [first, last] = frames ?? [];
            const latest = whole ? (end ?? last ?? from ?? -Infinity) : Infinity;
            const earliest = (whole ? from : null) ?? first ?? next;
            expect(earliest >= next || latest <= (until ?? NaN)).toBe(true);
          }
        }
      }),
    );
  });

  it("is told of the last that watched, and of no other", () => {
    const whole = (from: number, until: number): Input => ({ from, until, frames: [from, until], whole: true });
    expect(gapsOf([whole(0, 10), whole(20, 30), whole(5, 12), whole(30, 35)])).toEqual([null, null, 20, null]);
    expect(gapsOf([whole(0, 10), { ...whole(20, 30), whole: false }, whole(40, 50)])).toEqual([null, null, null]);
  });
});

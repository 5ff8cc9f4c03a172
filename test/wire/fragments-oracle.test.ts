import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fragments } from "../../src/wire/fragments.js";
import { cutUp, message, show, type Piece } from "./fragment-frames.js";
import { udp, zeros } from "./packets.js";

const datagram = message(600);

/** What should come of pieces, octet by octet: the first to say it has it. Null: something is missing. */
function oracle(pieces: readonly Piece[]): number[] | null {
  const octets: number[] = [];
  let length: number | null = null;
  let reach = 0;
  for (const { start, bytes, last } of pieces) {
    const whole = last ? bytes.length : bytes.length - (bytes.length % 8);
    const end: number = Math.min(start + whole, length ?? Infinity);
    if (whole === 0 || end <= start) continue;
    if (last && length === null) {
      if (end < reach) continue;
      length = end;
    }
    reach = Math.max(reach, end);
    const usable: number = end === length ? end : end - (end % 8);
    for (let at = start; at < usable; at += 1) octets[at] ??= bytes[at - start] ?? 0;
    if (length === null) continue;
    const complete = Array.from({ length }, (_, at) => octets[at] !== undefined).every((there) => there);
    if (complete) return octets.slice(0, length);
  }
  return null;
}

/** Offsets within a payload, multiples of 8. */
function cutsIn(payload: readonly number[], units: readonly number[]): number[] {
  return units.map((unit) => (1 + (unit % (Math.floor(payload.length / 8) - 1))) * 8);
}

const cuts = fc.array(fc.integer({ min: 1, max: Math.floor((datagram.length - 1) / 8) }), { maxLength: 12 });

describe("against a naive oracle", () => {
  it("fragments in any order, repeated, overlapping, contradicting, some missing", () => {
    const scramble = fc.tuple(
      cuts,
      fc.array(fc.record({ start: fc.nat(90), length: fc.nat(200), flip: fc.boolean(), last: fc.boolean() }), {
        maxLength: 4,
      }),
      fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.nat(12)),
    );
    fc.assert(
      fc.property(scramble, ([at, extra, order, missing]) => {
        const regular = cutUp(
          datagram,
          at.map((unit) => unit * 8),
        ).filter((_, index) => index !== missing);
        const odd = extra.map(({ start, length, flip, last }): Piece => {
          const bytes = datagram.slice(start * 8, start * 8 + length).map((octet) => (flip ? octet ^ 0x55 : octet));
          return { start: start * 8, bytes, last };
        });
        // A first fragment that contradicts the other one may hide the ports: that is another story.
        const safe = odd.filter(({ start }) => start > 0);
        const pieces = [...regular, ...safe]
          .map((piece, index) => ({ piece, rank: order[index] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ piece }) => piece);
        const fragments = new Fragments<number>();
        const wholes = pieces.map((piece) => show(fragments, piece)).filter((whole) => whole !== null);
        const expected = oracle(pieces);
        if (expected === null) {
          expect(wholes).toEqual([]);
          expect(fragments.flush()).toHaveLength(pieces.some(({ start }) => start === 0) ? 1 : 0);
        } else {
          const [whole] = wholes;
          if (whole === undefined) throw new Error("not completed");
          expect([...whole.bytes.subarray(34)]).toEqual(expected);
          expect(fragments.flush()).toEqual([]);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("datagrams between one another, in a flood of others", () => {
    const mix = fc.tuple(
      fc.integer({ min: 1, max: 25 }),
      cuts,
      fc.array(fc.nat(1_000_000), { minLength: 1000, maxLength: 1000 }),
    );
    fc.assert(
      fc.property(mix, ([count, at, ranks]) => {
        const messages = Array.from({ length: count }, (_, id) => ({ id, payload: message(300 + 8 * id) }));
        const nfs = udp(zeros(200), { src: 700, dst: 2049 });
        const frames = messages
          .flatMap(({ id, payload }) => [
            ...cutUp(payload, cutsIn(payload, at)).map((piece) => ({ piece, id })),
            ...cutUp(nfs, [104]).map((piece) => ({ piece, id: id + 1000 })),
          ])
          .map((frame, index) => ({ ...frame, rank: ranks[index] ?? 0 }))
          .sort((a, b) => a.rank - b.rank);
        const fragments = new Fragments<number>();
        const done = new Map<number, number[]>();
        for (const { piece, id } of frames) {
          const whole = show(fragments, piece, { id, mayBeForeign: true });
          if (whole !== null && whole !== "foreign") done.set(id, [...whole.bytes.subarray(34)]);
        }
        for (const { id, payload } of at.length === 0 ? [] : messages) {
          expect(done.get(id), `datagram ${id}`).toEqual(payload);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("any bytes at all are taken without a throw, and memory stays bounded", () => {
    const frame = fc.record({
      start: fc.nat(8191),
      length: fc.nat(60),
      last: fc.boolean(),
      id: fc.nat(3),
      totalLength: fc.option(fc.nat(65_535)),
      captured: fc.nat(120),
      time: fc.double({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
        const fragments = new Fragments<number>();
        for (const { start, length, last, id, totalLength, captured, time } of frames) {
          const piece = { start: start * 8, bytes: udp(zeros(length)), last };
          const total = totalLength === null ? {} : { totalLength };
          show(fragments, piece, { id, captured: Math.max(captured, 34), time, mayBeForeign: true, ...total });
        }
        expect(fragments.flush().length).toBeLessThanOrEqual(frames.length);
      }),
      { numRuns: 3000 },
    );
  });
});

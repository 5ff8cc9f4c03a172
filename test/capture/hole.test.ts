import { describe, expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { Collector, concat, outcome, readBytes, readChunks, split } from "./support/collector.js";
import { START, style } from "./support/traffic.js";

const SECTOR = 512;
const HEADER = 24;
const RECORD = 16;
const LENGTH = 300;
const FRAMES = 20;

/** Without a zero in it. */
const frame = Uint8Array.from({ length: LENGTH }, (_octet, at) => 1 + (at % 255));

function capture(frames: readonly Uint8Array[]): Uint8Array {
  return concat(pcapHeader(style, 1), ...frames.map((bytes, index) => pcapRecord(style, START + index, 0, bytes)));
}

function zeroed(bytes: Uint8Array, from: number, to = bytes.length): Uint8Array {
  return bytes.slice().fill(0, from, to);
}

function expectSameInBits(bytes: Uint8Array): void {
  for (const size of [1, 7, 100]) {
    const offsets = Array.from({ length: Math.floor(bytes.length / size) }, (_offset, index) => (index + 1) * size);
    expect(outcome(readChunks(split(bytes, offsets)))).toEqual(outcome(readBytes(bytes)));
  }
}

describe("zeros in place of what a disk lost", () => {
  const whole = capture(Array.from({ length: FRAMES }, () => frame));
  // Those within a frame that others follow.
  const places = Array.from({ length: Math.floor(whole.length / SECTOR) }, (_sector, index) => (index + 1) * SECTOR)
    .map((from) => {
      const before = Math.floor((from - HEADER) / (RECORD + LENGTH));
      return { from, before, own: from - HEADER - before * (RECORD + LENGTH) - RECORD };
    })
    .filter(({ before, own }) => own > 0 && before < FRAMES - 1);

  it.each(places)("are no bytes of the frame that they begin in: from byte $from on", ({ from, before, own }) => {
    const bytes = zeroed(whole, from);
    const { sink, reader } = readBytes(bytes);
    expect(sink.frames.map(({ captured, original }) => [captured, original])).toEqual([
      ...Array.from({ length: before }, () => [LENGTH, LENGTH]),
      [own, LENGTH],
    ]);
    expect(reader.damage).not.toBeNull();
    expectSameInBits(bytes);
  });

  it("may end within the capture", () => {
    const { sink } = readBytes(zeroed(whole, 2 * SECTOR, 4 * SECTOR));
    expect(sink.frames.filter(({ captured }) => captured < LENGTH)).toHaveLength(1);
    expect(sink.frames.some(({ bytes }) => /(?:00){2}/.test(bytes))).toBe(false);
    expect(sink.frames.length).toBeGreaterThan(15);
  });

  it("are the padding of a frame if another record follows it, or nothing at all", () => {
    const padded = zeroed(frame, 100);
    for (const count of [1, 2, 10]) {
      const bytes = capture(Array.from({ length: count }, () => padded));
      const { sink, reader } = readBytes(bytes);
      expect(reader.damage).toBeNull();
      expect(sink.frames.map(({ captured }) => captured)).toEqual(Array.from({ length: count }, () => LENGTH));
      expectSameInBits(bytes);
    }
  });

  it("are waited for behind a frame that ends with zeros, but not in a live stream", () => {
    const padded = zeroed(frame, 100);
    const [first, rest] = [capture([frame, padded]), capture([frame]).subarray(HEADER)];
    for (const [prompt, frames] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const sink = new Collector();
      const reader = createReader(sink, prompt);
      reader.feed(first);
      expect(sink.frames).toHaveLength(frames);
      reader.feed(rest);
      reader.end();
      expect(sink.frames).toHaveLength(3);
    }
  });

  it("may end within the header of a record, whose time is then not believed", () => {
    // Both in the middle of the seconds, in either byte order.
    for (const littleEndian of [true, false]) {
      const first = new Uint8Array(2 * SECTOR - 2 - 2 * (RECORD + LENGTH) - RECORD - HEADER).fill(1);
      const own = { littleEndian, nanoseconds: false };
      const records = [first, frame, frame, frame, frame, frame, frame, frame].map((bytes, index) =>
        pcapRecord(own, START + index, 0, bytes),
      );
      const hole = HEADER + RECORD + first.length;
      const { sink } = readBytes(zeroed(concat(pcapHeader(own, 1), ...records), hole, 2 * SECTOR));
      for (const { seconds, captured } of sink.frames) {
        expect(captured).toBeGreaterThan(0);
        expect(Math.abs(seconds - START)).toBeLessThan(10);
      }
      expect(sink.frames).toHaveLength(5);
    }
  });
});

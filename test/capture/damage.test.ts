import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createPcapngWriter, timeStamp } from "../../src/capture/pcapng-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { Collector, concat, outcome, readBytes, readChunks, split, type Reading } from "./support/collector.js";

const style = { littleEndian: true, nanoseconds: false };
const START = 1_700_000_000;

/** A capture as a list of parts: headers, then one part a frame. */
interface Capture {
  readonly name: string;
  readonly header: Uint8Array;
  readonly records: readonly Uint8Array[];
}

/** Frames that look like traffic: addresses, long runs of zeros, some noise. */
const frames = Array.from({ length: 60 }, (_frame, index) => {
  const frame = new Uint8Array(60 + ((index * 37) % 400));
  frame.set([0x52, 0x54, 0, 0x12, 0x65, index, 0x52, 0x54, 0, 0x12, 0x65, 1, 8, 0, 0x45, 0]);
  for (let at = 20; at < 50; at += 1) frame[at] = (at * index * 31) & 0xff;
  return frame;
});

function pcapCapture(littleEndian: boolean, nanoseconds: boolean): Capture {
  const own = { littleEndian, nanoseconds };
  return {
    name: `pcap, ${littleEndian ? "little" : "big"}-endian, ${nanoseconds ? "nano" : "micro"}seconds`,
    header: pcapHeader(own, 1),
    records: frames.map((frame, index) => pcapRecord(own, START + index, nanosOf(index), frame)),
  };
}

function pcapngCapture(littleEndian: boolean): Capture {
  const writer = createPcapngWriter(littleEndian);
  return {
    name: `pcapng, ${littleEndian ? "little" : "big"}-endian`,
    header: concat(writer.sectionHeader(), writer.interfaceDescription(1, 262_144)),
    records: frames.map((frame, index) => writer.enhancedPacket(0, timeStamp(START + index, nanosOf(index)), frame)),
  };
}

const captures = [
  pcapCapture(true, false),
  pcapCapture(false, false),
  pcapCapture(true, true),
  pcapCapture(false, true),
  pcapngCapture(true),
  pcapngCapture(false),
];

describe.each(captures)("damage in $name", ({ header, records }) => {
  const bytes = concat(header, ...records);
  const whole = told(readBytes(bytes));
  const starts = records.map((_record, index) =>
    records.slice(0, index).reduce((sum, { length }) => sum + length, header.length),
  );
  const at = (index: number): number => starts[index] ?? NaN;

  it("leaves whole captures alone", () => {
    expect(readBytes(bytes).reader.damage).toBeNull();
    expect(whole).toHaveLength(frames.length);
  });

  it("costs nothing before it, and not more than what it hit", () => {
    const hits = fc.record({
      from: fc.integer({ min: header.length, max: bytes.length - 1 }),
      noise: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    });
    fc.assert(
      fc.property(hits, ({ from, noise }) => {
        const damaged = bytes.slice();
        damaged.set(noise.subarray(0, bytes.length - from), from);
        const seen = told(readBytes(damaged));
        const before = starts.filter((start, index) => start + (records[index]?.length ?? 0) <= from).length;
        const behind = starts.filter((start) => start >= from + noise.length).length;
        expect(seen.slice(0, before)).toEqual(whole.slice(0, before));
        // The record behind the damage may be taken for part of it, if what came before cannot vouch for it.
        const kept = Math.max(0, behind - 1);
        expect(seen.slice(seen.length - kept)).toEqual(whole.slice(whole.length - kept));
      }),
      { numRuns: 300 },
    );
  });

  it("that takes bytes away costs the record that lost them, and at most two behind it", () => {
    const cuts = fc.record({
      from: fc.integer({ min: header.length, max: at(55) }),
      count: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(cuts, ({ from, count }) => {
        const seen = told(readBytes(concat(bytes.subarray(0, from), bytes.subarray(from + count))));
        const before = starts.filter((start, index) => start + (records[index]?.length ?? 0) <= from).length;
        const behind = Math.max(0, starts.filter((start) => start >= from + count).length - 2);
        expect(seen.slice(0, before)).toEqual(whole.slice(0, before));
        expect(seen.slice(seen.length - behind)).toEqual(whole.slice(whole.length - behind));
      }),
      { numRuns: 300 },
    );
  });

  it("is read the same in chunks of any size", () => {
    const noise = fc.record({ from: fc.nat(bytes.length - 1), value: fc.uint8Array({ minLength: 1, maxLength: 40 }) });
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(noise, { minLength: 1, maxLength: 4 }), cuts, (hits, offsets) => {
        const damaged = bytes.slice();
        for (const { from, value } of hits) damaged.set(value.subarray(0, bytes.length - from), from);
        expect(outcome(readChunks(split(damaged, offsets)))).toEqual(outcome(readBytes(damaged)));
      }),
      { numRuns: 300 },
    );
  });

  it("is told with both offsets and what was skipped", () => {
    const damaged = bytes.slice();
    damaged.fill(0xff, at(10), at(10) + 16);
    const { sink, reader } = readBytes(damaged);
    expect(sink.frames).toHaveLength(frames.length - 1);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: at(10) });
    expect(reader.damage?.sentence).toContain(
      `From byte ${at(10)} to byte ${at(11)}, where sound ones follow, ${at(11) - at(10)} bytes were skipped.`,
    );
  });

  it("in several places is told in one sentence for the first, and one for the rest", () => {
    const damaged = bytes.slice();
    for (const index of [10, 20, 30]) damaged.fill(0xff, at(index), at(index) + 16);
    const { sink, reader } = readBytes(concat(damaged, Uint8Array.of(1, 2, 3)));
    expect(sink.frames).toHaveLength(frames.length - 3);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: at(10) });
    expect(reader.damage?.sentence).toContain("There is damage at 2 more places");
    expect(reader.damage?.sentence).toContain(`At byte ${bytes.length} it ended: The input ends within`);
  });

  it("up to the end is told as the end", () => {
    const holed = concat(bytes.subarray(0, at(30)), new Uint8Array(5000));
    const reading = readBytes(holed);
    const { reader } = reading;
    expect(told(reading)).toEqual(whole.slice(0, 30));
    expect(reader.damage).toMatchObject({ offset: at(30) });
    expect(reader.damage?.code).not.toBe("resynchronised");
  });

  it("may be followed by another capture", () => {
    const damaged = bytes.slice();
    damaged.fill(0xff, at(59), at(59) + 16);
    for (const second of captures) {
      const { sink, reader } = readBytes(concat(damaged, second.header, ...second.records));
      expect(sink.frames).toHaveLength(2 * frames.length - 1);
      expect(reader.damage).toMatchObject({ code: "resynchronised", offset: at(59) });
    }
  });

  it("takes linear time to get over, whatever the bytes", () => {
    const hostile = [
      new Uint8Array(4_000_000),
      new Uint8Array(4_000_000).fill(1),
      noiseOf(4_000_000),
      repeated(bytes.subarray(at(3), at(3) + 16), 4_000_000),
    ];
    for (const region of hostile) {
      const reader = createReader(new Collector());
      const input = concat(header, ...records, region, ...records);
      const started = performance.now();
      for (let from = 0; from < input.length; from += 65_536) reader.feed(input.subarray(from, from + 65_536));
      reader.end();
      expect(performance.now() - started).toBeLessThan(5000);
      expect(reader.frames).toBeGreaterThanOrEqual(frames.length);
    }
  });
});

describe("a pcap record header that lies", () => {
  const records = frames.map((frame, index) => pcapRecord(style, START + index, 0, frame));
  const start = concat(pcapHeader(style, 1), ...records.slice(0, 10));

  /** One record of the middle with that word of its header changed. */
  function changed(offset: number, value: number): Uint8Array {
    const record = records[10]?.slice() ?? new Uint8Array(0);
    new DataView(record.buffer).setUint32(offset, value, true);
    return concat(start, record, ...records.slice(11));
  }

  it.each([
    ["a captured length beyond all others", 8, 5_000_000],
    ["a captured length of some records more", 8, 2000],
    ["a captured length of some bytes more", 8, 431],
    ["a captured length of some bytes less", 8, 100],
  ])("costs one frame: %s", (_name, offset, value) => {
    const { sink, reader } = readBytes(changed(offset, value));
    const seen = sink.frames.filter(({ captured, seconds }) => captured === frames[seconds - START]?.length);
    expect(seen).toHaveLength(frames.length - 1);
    expect(reader.damage).toMatchObject({ code: "resynchronised" });
  });

  it.each([
    ["years ahead", START + 10 * 366 * 86_400],
    ["years behind", 5],
  ])("has a time that is not believed: %s", (_name, seconds) => {
    const { sink, reader } = readBytes(changed(0, seconds));
    expect(sink.frames).toHaveLength(frames.length);
    expect(sink.frames[10]).toMatchObject({ seconds: NaN, captured: frames[10]?.length });
    expect(sink.frames[11]).toMatchObject({ seconds: START + 11 });
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: start.length });
  });

  it("is none where the clock was set: forwards, backwards, by years", () => {
    const times = [5, START, 1000, 4_000_000_000].flatMap((time) => [0, 1, 2, 3, 4].map((more) => time + more));
    const { sink, reader } = readBytes(
      concat(pcapHeader(style, 1), ...times.map((seconds) => pcapRecord(style, seconds, 0, Uint8Array.of(1)))),
    );
    expect(reader.damage).toBeNull();
    expect(sink.frames.map(({ seconds }) => seconds)).toEqual(times);
  });

  /** Gives the frames these times, and each to the wire as long as that. */
  function timed(times: readonly number[], original: (length: number) => number): Uint8Array {
    const moved = times.map((seconds, index) => {
      const frame = frames[index] ?? new Uint8Array(0);
      return pcapRecord(style, seconds, 0, frame, original(frame.length));
    });
    return concat(pcapHeader(style, 1), ...moved);
  }

  it.each([
    ["days back after every second record", (index: number) => START - 3 * 86_400 * Math.floor(index / 2)],
    ["days back after every third record", (index: number) => START - 3 * 86_400 * Math.floor(index / 3)],
    ["days back after every record", (index: number) => START - 3 * 86_400 * index],
    ["to zero for two records", (index: number) => (index === 9 || index === 10 ? 0 : START + index)],
    ["to zero for four records", (index: number) => (index >= 9 && index < 13 ? 0 : START + index)],
    ["years ahead for two records", (index: number) => START + (index === 9 || index === 10 ? 63_244_800 : 0)],
    ["to zero for the last two", (index: number) => (index >= 58 ? 0 : START)],
  ])("is none where the clock jumps: %s", (_name, clock) => {
    const times = frames.map((_frame, index) => clock(index));
    for (const original of [(length: number) => length, (length: number) => length + 30]) {
      const { sink, reader } = readBytes(timed(times, original));
      expect(reader.damage).toBeNull();
      expect(sink.frames.map(({ seconds }) => seconds)).toEqual(times);
    }
  });

  it("costs no frame where every second record was never given a time", () => {
    const { sink } = readBytes(
      timed(
        frames.map((_frame, index) => (index % 2 === 0 ? 0 : START)),
        (length) => length,
      ),
    );
    expect(sink.frames.map(({ captured }) => captured)).toEqual(frames.map(({ length }) => length));
    expect(sink.frames.filter(({ seconds }) => seconds === START)).toHaveLength(frames.length / 2);
  });

  it("is none where a frame of no bytes stands behind a jump", () => {
    const jumped = [START, START, START + 1e8, START + 1e8, START + 1e8].map((seconds, index) =>
      pcapRecord(style, seconds, 0, (index === 3 ? undefined : frames[index]) ?? new Uint8Array(0), 400),
    );
    const { sink, reader } = readBytes(concat(pcapHeader(style, 1), ...jumped));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(5);
  });

  it("is searched for the next ones even where the clock jumps behind it", () => {
    const times = frames.map((_frame, index) => START - 3 * 86_400 * Math.floor(index / 2));
    const bytes = timed(times, (length) => length);
    bytes.fill(0xff, start.length, start.length + 16);
    const { sink, reader } = readBytes(bytes);
    expect(sink.frames.map(({ seconds }) => seconds)).toEqual(times.filter((_seconds, index) => index !== 10));
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: start.length });
  });

  it("is none where a writer leaves the original length zero, or below the captured one", () => {
    for (const original of [0, 20]) {
      const odd = frames.map((frame, index) => pcapRecord(style, START + index, 0, frame, original));
      const { sink, reader } = readBytes(concat(pcapHeader(style, 1), ...odd));
      expect(reader.damage).toBeNull();
      expect(sink.frames.map(({ captured }) => captured)).toEqual(frames.map(({ length }) => length));
    }
  });

  it("is none where frames are longer than the snapshot length says", () => {
    const { sink, reader } = readBytes(concat(pcapHeader(style, 1, 40), ...records));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(frames.length);
  });

  it("at the end of a file hides no records in what is left", () => {
    const last = records[0]?.slice() ?? new Uint8Array(0);
    new DataView(last.buffer).setUint32(8, 1200, true);
    new DataView(last.buffer).setUint32(12, 1500, true);
    const { sink, reader } = readBytes(concat(start, last, ...records.slice(11, 13)));
    expect(sink.frames.slice(-2).map(({ seconds }) => seconds)).toEqual([START + 11, START + 12]);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: start.length });
  });
});

/** As spread as those of real clocks. */
function nanosOf(index: number): number {
  return (index * 123_456_000) % 1_000_000_000;
}

/** Each frame in a short line, for comparison. */
function told({ sink }: Reading): string[] {
  return sink.frames.map(
    ({ bytes, captured, seconds, nanos }) => `${seconds}.${nanos} ${captured} ${bytes.slice(0, 12)}`,
  );
}

/** The same noise each time. */
function noiseOf(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

function repeated(pattern: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_byte, index) => pattern[index % pattern.length] ?? 0);
}

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSource } from "../../src/capture/file.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { Collector, concat, outcome, readBytes, readChunks, split } from "./support/collector.js";
import { readSource, word } from "./support/compressed.js";
import { sampleBytes, samples } from "./support/samples.js";
import { withFile } from "./support/wireshark.js";

const pairs = samples.flatMap((first) => samples.map((second) => ({ first, second })));
const frames = samples[0]?.parts.filter(({ frame }) => frame).length ?? 0;
const style = { littleEndian: true, nanoseconds: false };

/** The bytes of the frames of several captures, in their order. */
function framesOf(...captures: readonly Uint8Array[]): string[] {
  return captures.flatMap((bytes) => readBytes(bytes).sink.frames.map((frame) => frame.bytes));
}

describe("a capture that follows another in one stream", () => {
  it.each(pairs)("is read on: $second.name behind $first.name", ({ first, second }) => {
    const parts = [sampleBytes(first), sampleBytes(second)];
    const { sink, reader } = readBytes(concat(...parts));
    expect(reader.damage).toBeNull();
    expect(reader.format).toBe(first.name.split(",")[0]);
    expect(reader.frames).toBe(sink.frames.length);
    expect(sink.frames.map(({ bytes }) => bytes)).toEqual(framesOf(...parts));
  });

  it("is read the same in chunks of any size", () => {
    const bytes = concat(...samples.map(sampleBytes));
    const whole = outcome(readBytes(bytes));
    expect(outcome(readChunks(split(bytes, [...bytes.keys()])))).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
        expect(outcome(readChunks(split(bytes, cuts)))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it("may stand behind one without frames", () => {
    const { sink, reader } = readBytes(concat(pcapHeader(style, 1), pcapHeader(style, 1), sampleBytes(sampleAt(1))));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(frames);
  });

  it("is of the same interface if it says the same of it", () => {
    const record = pcapRecord(style, 1_700_000_000, 0, Uint8Array.of(1, 2, 3));
    const ethernet = concat(pcapHeader(style, 1), record);
    const cooked = concat(pcapHeader(style, 113), record);
    const { sink } = readBytes(concat(ethernet, cooked, ethernet, ethernet));
    expect(sink.interfaces.map(({ index, linkType }) => [index, linkType])).toEqual([
      [0, 1],
      [1, 113],
    ]);
    expect(sink.frames.map(({ interfaceIndex }) => interfaceIndex)).toEqual([0, 1, 0, 0]);
  });

  it("may be damaged: what is wrong is said with its place in the whole stream", () => {
    const first = sampleBytes(sampleAt(4));
    const second = sampleBytes(sampleAt(0));
    const { reader } = readBytes(concat(first, second.subarray(0, -3)));
    const lastRecord = sampleAt(0).parts.at(-1)?.bytes.length ?? 0;
    expect(reader.damage).toMatchObject({ code: "cut-record", offset: first.length + second.length - lastRecord });
    expect(readBytes(concat(first, second.subarray(0, 20))).reader.damage).toMatchObject({
      code: "cut-header",
      offset: first.length,
    });
  });

  it.each([
    ["compressed together", (parts: readonly Uint8Array[]) => gzipSync(concat(...parts))],
    ["compressed one by one", (parts: readonly Uint8Array[]) => concat(...parts.map((part) => gzipSync(part)))],
    [
      "compressed, with garbage behind",
      (parts: readonly Uint8Array[]) => concat(gzipSync(concat(...parts)), Uint8Array.of(7, 7, 7)),
    ],
    [
      "compressed, with one byte behind",
      (parts: readonly Uint8Array[]) => concat(gzipSync(concat(...parts)), Uint8Array.of(0x1f)),
    ],
  ])("may be %s", async (_name, pack) => {
    const parts = samples.map(sampleBytes);
    const reading = await withFile(pack(parts), async (path) => {
      const sink = new Collector();
      const reader = openSource(path, sink);
      while (await reader.pump());
      reader.close();
      return { sink, reader };
    });
    expect(outcome(reading)).toEqual(outcome(readBytes(concat(...parts))));
  });
});

describe("a capture behind one that is compressed otherwise", () => {
  const [plain = new Uint8Array(0), ng = plain] = [samples[0], samples[4]].map(
    (sample) => sample && sampleBytes(sample),
  );
  const lz4 = concat(word(0x184c2102), word(1));
  const zstd = concat(word(0xfd2fb528), Uint8Array.of(0, 0x38, 1, 0, 0));

  it.each([
    ["gzip", concat(gzipSync(plain), plain)],
    ["gzip", concat(gzipSync(plain), ng)],
    ["gzip", concat(gzipSync(plain), zstd)],
    ["gzip", concat(gzipSync(plain), lz4)],
    ["zstd", concat(zstd, plain)],
    ["zstd", concat(zstd, gzipSync(plain))],
    ["zstd", concat(zstd, lz4)],
    [null, concat(plain, gzipSync(plain))],
    [null, concat(plain, zstd, new Uint8Array(40))],
    [null, concat(plain, lz4, new Uint8Array(40))],
  ])("is said not to be read: %s", async (format, bytes) => {
    const { reader } = await readSource(bytes);
    expect(reader.compression).toBe(format);
    expect(reader.damage?.code).toBe("another-capture");
    const kind = format === null ? "uncompressed" : `${format}-compressed`;
    expect(reader.damage?.sentence).toContain(`Behind the ${kind} capture another one begins`);
    expect(reader.frames).toBe(format === null || bytes[0] === 0x1f ? readBytes(plain).reader.frames : 0);
  });

  it("is said not to be read behind pcapng", async () => {
    const { reader } = await readSource(concat(ng, gzipSync(plain)));
    expect(reader.damage).toMatchObject({ code: "another-capture", offset: ng.length });
    expect(reader.frames).toBe(readBytes(ng).reader.frames);
  });
});

function sampleAt(index: number): (typeof samples)[number] {
  const sample = samples[index];
  if (sample === undefined) throw new Error("there is no such sample");
  return sample;
}

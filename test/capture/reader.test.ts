import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TELLING_BYTES } from "../../src/capture/foreign.js";
import { MAX_FRAME_BYTES } from "../../src/capture/parser.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createPcapngWriter } from "../../src/capture/pcapng-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { Collector, concat, outcome, readBytes, readChunks, split } from "./support/collector.js";
import { pcaps } from "../support/program.js";
import { piped } from "./support/compressed.js";
import { sampleBytes, samples } from "./support/samples.js";

const style = { littleEndian: true, nanoseconds: false };

/** Reads as a caller of read(2) does, at most `size` bytes at a time. */
function readThroughTarget(bytes: Uint8Array, size: number): unknown {
  const sink = new Collector();
  const reader = createReader(sink);
  for (let at = 0; at < bytes.length;) {
    const target = reader.target();
    const part = bytes.subarray(at, at + Math.min(size, target.length));
    target.set(part);
    reader.filled(part.length);
    at += part.length;
  }
  reader.end();
  return outcome({ sink, reader });
}

describe.each(samples)("a reader of $name", (sample) => {
  const bytes = sampleBytes(sample);
  const whole = outcome(readBytes(bytes));
  const frames = sample.parts.filter(({ frame }) => frame).length;

  it("reads every frame", () => {
    expect(whole).toMatchObject({ count: frames, damage: null, format: sample.name.split(",")[0] });
  });

  it("gives the same frames byte by byte", () => {
    expect(outcome(readChunks(split(bytes, [...bytes.keys()])))).toEqual(whole);
    expect(readThroughTarget(bytes, 1)).toEqual(whole);
  });

  it("gives the same frames in chunks of any size", () => {
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, (offsets) => {
        expect(outcome(readChunks(split(bytes, offsets)))).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it("cut anywhere, keeps all whole frames and says where the cut part begins", () => {
    for (let length = 0; length < bytes.length; length += 1) {
      let position = 0;
      let kept = 0;
      let atBoundary = length === 0;
      for (const part of sample.parts) {
        if (position + part.bytes.length > length) break;
        position += part.bytes.length;
        kept += part.frame ? 1 : 0;
        atBoundary = position === length;
      }
      const { sink, reader } = readBytes(bytes.subarray(0, length));
      expect(sink.frames).toHaveLength(kept);
      if (length === 0) expect(reader.damage).toMatchObject({ code: "not-a-capture", offset: 0 });
      else if (position === 0) expect(reader.damage).toMatchObject({ code: "cut-header", offset: 0 });
      else if (atBoundary) expect(reader.damage).toBeNull();
      else expect(reader.damage).toMatchObject({ code: sample.cutCode, offset: position });
    }
  });

  it("never throws at mutated bytes, and reads them the same in any chunks", () => {
    const mutation = fc.record({ offset: fc.nat(bytes.length - 1), value: fc.nat(255) });
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), cuts, (mutations, offsets) => {
        const mutated = bytes.slice();
        for (const { offset, value } of mutations) mutated[offset] = value;
        expect(outcome(readChunks(split(mutated, offsets)))).toEqual(outcome(readBytes(mutated)));
      }),
      { numRuns: 500 },
    );
  });

  it("never throws at random bytes behind its header", () => {
    const header = sample.parts[0]?.bytes ?? new Uint8Array(0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000, size: "max" }), (noise) => {
        const { sink, reader } = readBytes(concat(header, noise));
        expect(reader.frames).toBe(sink.frames.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a reader", () => {
  it("never throws at random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(readBytes(noise).reader.damage).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it("reads frames of up to 16 MiB, in blocks of any size", () => {
    const large = new Uint8Array(MAX_FRAME_BYTES).fill(0x55);
    const small = Uint8Array.of(1, 2, 3);
    const bytes = concat(
      pcapHeader(style, 1),
      pcapRecord(style, 1, 0, small),
      pcapRecord(style, 2, 0, large),
      pcapRecord(style, 3, 0, small),
    );
    for (const size of [300_000, bytes.length]) {
      const sink = new Lengths();
      const reader = createReader(sink);
      for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
      reader.end();
      expect(reader.damage).toBeNull();
      expect(sink.seen).toEqual([
        [1, 3, 1],
        [2, MAX_FRAME_BYTES, 0x55],
        [3, 3, 1],
      ]);
    }
  });

  it("ignores what comes after what is no capture", () => {
    const sink = new Collector();
    const reader = createReader(sink);
    const writer = createPcapngWriter(true);
    reader.feed(new Uint8Array(TELLING_BYTES));
    const damage = reader.damage;
    expect(damage?.code).toBe("not-a-capture");
    expect(reader.stopped).toBe(true);
    reader.feed(concat(writer.sectionHeader(), writer.interfaceDescription(1)));
    reader.end();
    expect(reader.damage).toEqual(damage);
    expect(sink.interfaces).toEqual([]);
  });
});

/** Keeps of each frame its second, its length and its last byte's value (for small ones: its first). */
class Lengths extends Collector {
  readonly seen: number[][] = [];

  override frame(...[bytes, , offset, captured, , seconds]: Parameters<Collector["frame"]>): void {
    const telling = captured > 3 ? bytes[offset + captured - 1] : bytes[offset];
    this.seen.push([seconds, captured, telling ?? -1]);
  }
}

describe("a tar archive", () => {
  it.each(["gnu", "pax", "ustar"])("of the %s format is told as one, though its name comes first", (format) => {
    const archive = piped(
      "tar",
      new Uint8Array(0),
      `--format=${format}`,
      "-cf",
      "-",
      "-C",
      join(pcaps, "s01-healthy"),
      "bridge.pcap",
    );
    expect(readBytes(archive).reader.damage).toMatchObject({ code: "not-a-capture", offset: 0 });
    expect(readBytes(archive).reader.damage?.sentence).toContain("It is a tar archive");
  });
});

describe("what is no capture is told apart:", () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const padded = (...bytes: number[]): Uint8Array => concat(Uint8Array.from(bytes), new Uint8Array(100));

  it.each([
    ["nothing at all", new Uint8Array(0), "It is empty."],
    ["text", text("lease 10.0.0.5 {\n  starts 4\n"), 'It looks like text, beginning with "lease 10.0.0.5 {".'],
    ["short text", text("hm"), 'It looks like text, beginning with "hm".'],
    ["text in UTF-8, cut within a character", text("ü".repeat(63).slice(0, 63)), 'beginning with "üü'],
    ["text with escape sequences", text("\u001b[31mred\u202e\u001b[0m"), '"\\x1b[31mred\\u{202e}\\x1b[0m"'],
    ["a web page", text("<!DOCTYPE html><html><head></head><body>404 not found</body></html>"), "It is a web page"],
    ["zip", padded(0x50, 0x4b, 3, 4), "zip archive"],
    ["zstd", padded(0x28, 0xb5, 0x2f, 0xfd), "unzstd"],
    ["xz", padded(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), "unxz"],
    ["bzip2", padded(0x42, 0x5a, 0x68, 0x39), "bunzip2"],
    ["gzip", padded(0x1f, 0x8b, 8), "gunzip"],
    ["compress", padded(0x1f, 0x9d, 0x90, 0x2e), "compress (.Z)"],
    ["pcapng after unix2dos", text("\r\n\r\r\r\n\x1c\0\0\0M<+\x1a\x01\0\0\0"), "line ends were converted"],
    ["pcapng after dos2unix", text("\n\r\n\x1c\0\0\0M<+\x1a\x01\0\0\0"), "line ends were converted"],
    ["big-endian pcapng after unix2dos", text("\r\n\r\r\r\n\0\0\0\x1c\x1a+<M\0\x01\0\0"), "line ends were converted"],
    ["text that begins with empty lines", text("\r\n\r\nlease"), "It looks like text"],
    ["anything else", padded(0, 1, 2, 0xff), "It begins with the bytes 00 01 02 ff 00 00 00 00."],
  ])("%s", (_name, bytes, expected) => {
    for (const chunks of [[bytes], split(bytes, [...bytes.keys()])]) {
      const { sink, reader } = readChunks(chunks);
      expect(reader).toMatchObject({ format: null, frames: 0 });
      expect(reader.damage).toMatchObject({ code: "not-a-capture", offset: 0 });
      expect(reader.damage?.sentence).toContain(expected);
      expect(reader.damage?.sentence).not.toMatch(/\p{Cc}/u);
      expect(sink.interfaces).toEqual([]);
    }
  });
});

import { describe, expect, it } from "vitest";
import { decodeLz4Block } from "../../src/capture/lz4-block.js";
import { Xxh32, xxh32 } from "../../src/capture/xxh32.js";
import { describeWithTools } from "../support/tools.js";
import { concat, outcome, readBytes } from "./support/collector.js";
import { pieces, piped, readSource, skippable, unpack, word } from "./support/compressed.js";
import { sampleBytes, samples } from "./support/samples.js";

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const MAGIC = word(0x184d2204);
const END = word(0);
const STORED = 0x8000_0000;
const flags = { version: 0x40, independent: 0x20, blockSums: 0x10, size: 0x08, contentSum: 0x04, dictionary: 0x01 };

/** A frame of stored blocks of up to 64 KiB. */
function frame(
  content: Uint8Array,
  flag = flags.version | flags.independent,
  extra: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const descriptor = concat(Uint8Array.of(flag, 0x40), extra);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 0x1_0000) {
    const block = content.subarray(at, at + 0x1_0000);
    blocks.push(word((STORED + block.length) >>> 0), block);
    if ((flag & flags.blockSums) !== 0) blocks.push(word(xxh32(block)));
  }
  const sum = (flag & flags.contentSum) === 0 ? new Uint8Array(0) : word(xxh32(content));
  return concat(MAGIC, descriptor, Uint8Array.of(xxh32(descriptor) >>> 8), ...blocks, END, sum);
}

const [sample] = samples;
if (sample === undefined) throw new Error("no sample");
const content = sampleBytes(sample);
const all = flags.version | flags.independent | flags.blockSums | flags.contentSum;

describe("XXH32", () => {
  it.each([
    ["", 0x02cc5d05],
    ["a", 0x550d7456],
    ["abc", 0x32d153ff],
    ["Nobody inspects the spammish repetition", 0xe2293b2f],
  ])("of %j is the published one, in any pieces", (text, sum) => {
    const bytes = bytesOf(text);
    expect(xxh32(bytes)).toBe(sum);
    for (let size = 1; size <= bytes.length; size += 1) {
      const hash = new Xxh32();
      for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size));
      expect(hash.sum).toBe(sum);
    }
  });
});

describe("an lz4 block", () => {
  const decode = (source: readonly number[], floor = 0, limit = 64): string | null => {
    const target = new Uint8Array(64);
    const end = decodeLz4Block(Uint8Array.from(source), target, floor, floor, limit);
    return end < 0 ? null : String.fromCharCode(...target.subarray(floor, end));
  };
  const [a, b] = [0x61, 0x62];

  it.each([
    ["literals alone", [0x20, a, b], "ab"],
    ["a copy that overlaps itself", [0x10, a, 1, 0, 0x10, b], "aaaaab"],
    ["a long copy", [0x1f, a, 1, 0, 2, 0x10, b], `${"a".repeat(22)}b`],
    ["many literals", [0xf0, 1, ...Array<number>(16).fill(a)], "a".repeat(16)],
  ])("of %s", (_name, source, text) => {
    expect(decode(source)).toBe(text);
  });

  it.each([
    ["nothing at all", []],
    ["literals beyond its end", [0x30, a, b]],
    ["a copy of what is not there", [0x10, a, 2, 0, 0x10, b]],
    ["a copy at distance 0", [0x10, a, 0, 0, 0x10, b]],
    ["a copy at its end", [0x10, a, 1, 0]],
    ["half an offset", [0x10, a, 1]],
    ["more than it may hold", [0x1f, a, 1, 0, 60, 0x10, b]],
    ["a length without end", [0xff, 255, 255]],
  ])("of %s is none", (_name, source) => {
    expect(decode(source)).toBeNull();
  });

  it.each([
    ["after literals", [0x10, a], "a"],
    ["within literals", [0x30, a, b], "ab"],
    ["within an offset", [0x10, a, 1], "a"],
    ["before its last literals", [0x10, a, 1, 0], "aaaaa"],
  ])("that is cut %s gives what stands before", (_name, source, text) => {
    const target = new Uint8Array(64);
    const end = decodeLz4Block(Uint8Array.from(source), target, 0, 0, 64);
    expect(String.fromCharCode(...target.subarray(0, end < 0 ? ~end : end))).toBe(text);
  });

  it("does not reach back before its floor", () => {
    expect(decode([0x10, a, 2, 0, 0x10, b], 8)).toBeNull();
  });
});

describe("an lz4 file", () => {
  it.each([
    ["one frame", frame(content)],
    ["all sums", frame(content, all)],
    ["the length of its content", frame(content, all | flags.size, new Uint8Array(8))],
    ["several frames", concat(frame(content.subarray(0, 500)), frame(content.subarray(500), all))],
    [
      "skippable frames",
      concat(skippable(9), frame(content.subarray(0, 99)), skippable(0), frame(content.subarray(99))),
    ],
    ["a long skippable frame", concat(skippable(200_000, 15), frame(content))],
    ["something else behind it", concat(frame(content), Uint8Array.of(1, 2, 3, 4, 5))],
    ["zeros behind it", concat(frame(content), new Uint8Array(70_000))],
  ])("with %s is read like its content", async (_name, bytes) => {
    const { sink, reader } = await readSource(bytes);
    expect(outcome({ sink, reader })).toEqual(outcome(readBytes(content)));
    expect(reader.compression).toBe("lz4");
  });

  it("cut at many places gives what could be read, and says so", async () => {
    const whole = readBytes(content).sink.frames;
    const bytes = concat(frame(content.subarray(0, 300), all), frame(content.subarray(300), all));
    const boundary = frame(content.subarray(0, 300), all).length;
    for (let length = 4; length < bytes.length; length += length < boundary + 20 ? 1 : 13) {
      const { sink, reader } = await readSource(bytes.subarray(0, length));
      const withinMagic = length >= boundary && length < boundary + 4;
      expect(reader.damage?.code).toBe(withinMagic ? "cut-record" : "cut-lz4");
      expect(sink.frames).toEqual(whole.slice(0, sink.frames.length));
    }
  });

  it.each([
    ["a stored block", frame(content), 11],
    ["the first block", frame(content, all), 11],
  ])("cut within %s gives every byte before the cut", async (_name, bytes, begin) => {
    for (const length of [0, 1, 500, content.length - 1]) {
      const read: Uint8Array[] = [];
      const damage = await pieces(bytes.subarray(0, begin + length), (piece) => read.push(piece.slice()));
      expect(damage?.code).toBe("cut-lz4");
      expect(concat(...read)).toEqual(content.subarray(0, length));
    }
  });

  it("with a byte changed is not taken for sound, where it has sums", async () => {
    const bytes = frame(content, all);
    for (let at = 4; at < bytes.length; at += at < 30 ? 1 : 17) {
      const changed = bytes.slice();
      changed.set([(bytes[at] ?? 0) ^ 0x41], at);
      const { reader } = await readSource(changed);
      expect(reader.damage, `byte ${at}`).not.toBeNull();
    }
  });

  it("with a wrong sum of the whole is read, and says so", async () => {
    const bytes = frame(content, all);
    bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
    const { sink, reader } = await readSource(bytes);
    expect(sink.frames).toEqual(readBytes(content).sink.frames);
    expect(reader.damage).toMatchObject({ code: "bad-lz4", offset: content.length });
  });

  it("that needs a dictionary says so", async () => {
    const { reader } = await readSource(frame(content, all | flags.dictionary, word(7)));
    expect(reader.damage).toMatchObject({ code: "bad-lz4", offset: 0 });
    expect(reader.damage?.sentence).toContain("dictionary");
  });
});

describeWithTools(["lz4"], "what the lz4 program makes of a capture", () => {
  const lz4 = (input: Uint8Array, ...options: readonly string[]): Uint8Array =>
    piped("lz4", input, "-q", "-c", ...options);
  /** Compressible, but not by far, and longer than two of the largest blocks. */
  const long = concat(...Array.from({ length: 6000 }, (_part, index) => concat(content, word(index * 2654435761))));

  it.each([
    [["-1"]],
    [["-9"]],
    [["-B4", "-BD", "-9"]],
    [["-B4D", "-BX"]],
    [["-B5", "-BX", "--content-size"]],
    [["-B7", "-BD", "--no-frame-crc"]],
    [["-l"]],
  ])("with %j is read to the byte", async (options) => {
    for (const bytes of [content, long, new Uint8Array(0)]) {
      expect(Buffer.compare(await unpack(lz4(bytes, ...options)), bytes)).toBe(0);
    }
  });

  it.each([["-B7"], ["-B4"], ["-l"]])("with %s and cut in the middle gives about half of it", async (option) => {
    const bytes = lz4(long.subarray(0, 4_000_000), option);
    const read: Uint8Array[] = [];
    const damage = await pieces(bytes.subarray(0, bytes.length / 2), (piece) => read.push(piece.slice()));
    expect(damage?.code).toBe("cut-lz4");
    const got = concat(...read);
    expect(Buffer.compare(got, long.subarray(0, got.length))).toBe(0);
    expect(got.length).toBeGreaterThan(1_600_000);
  });

  it("takes no more memory for what expands far: 128 MiB in pieces", async () => {
    const mebibyte = lz4(new Uint8Array(2 ** 20));
    const bomb = concat(...Array.from({ length: 128 }, () => mebibyte));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let length = 0;
    const damage = await pieces(bomb, (piece) => {
      length += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    });
    expect(damage).toBeNull();
    expect(length).toBe(2 ** 27);
    expect(most).toBeLessThan(2 ** 26);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkSource } from "../../src/capture/file.js";
import { describeWithTools } from "../support/tools.js";
import { Collector, concat, outcome, readBytes } from "./support/collector.js";
import { pieces, piped, readSource, skippable, unpack, word } from "./support/compressed.js";
import { sampleBytes, samples } from "./support/samples.js";

const MAGIC = word(0xfd2fb528);
const RAW = 0;
const RLE = 1;
const RESERVED = 3;
/** Window descriptors (RFC 8878 section 3.1.1.1.2). */
const KIB_128 = (17 - 10) << 3;
const MIB_128 = (27 - 10) << 3;
const MOST = 0xff;

/** A block (section 3.1.1.2). */
function block(type: number, size: number, content: Uint8Array, last: boolean): Uint8Array {
  const header = (size << 3) | (type << 1) | (last ? 1 : 0);
  return concat(word(header).subarray(0, 3), content);
}

/** A frame of one block without a checksum. */
function frame(content: Uint8Array, window = KIB_128): Uint8Array {
  return concat(MAGIC, Uint8Array.of(0, window), block(RAW, content.length, content, true));
}

const [sample] = samples;
if (sample === undefined) throw new Error("no sample");
const content = sampleBytes(sample);
const whole = readBytes(content);

describe("a zstd file", () => {
  it.each([
    ["one frame", frame(content)],
    ["the length of its content", concat(MAGIC, Uint8Array.of(0xa0), word(content.length), frame(content).subarray(6))],
    ["several frames", concat(frame(content.subarray(0, 500)), frame(content.subarray(500)))],
    ["an empty frame", concat(frame(content.subarray(0, 0)), frame(content))],
    [
      "skippable frames",
      concat(skippable(9), frame(content.subarray(0, 99)), skippable(0), frame(content.subarray(99)), skippable(4)),
    ],
    ["long skippable frames", concat(skippable(200_000, 15), skippable(70_000), frame(content))],
    ["something else behind it", concat(frame(content), Uint8Array.of(1, 2, 3, 4, 5))],
    ["zeros behind it", concat(frame(content), new Uint8Array(70_000))],
    ["a window of 128 MiB", frame(content, MIB_128)],
  ])("with %s is read like its content", async (_name, bytes) => {
    const { sink, reader } = await readSource(bytes);
    expect(outcome({ sink, reader })).toEqual(outcome(whole));
    expect(reader.compression).toBe("zstd");
  });

  it("cut at many places gives what could be read, and says so", async () => {
    const first = frame(content.subarray(0, 300));
    const bytes = concat(skippable(3), first, skippable(20), frame(content.subarray(300)));
    const boundaries = [11 + first.length, 11 + first.length + 28];
    const isNear = (length: number): boolean => boundaries.some((boundary) => Math.abs(length - boundary) < 12);
    for (let length = 12; length < bytes.length; length += length < 40 || isNear(length + 7) ? 1 : 7) {
      const { sink, reader } = await readSource(bytes.subarray(0, length));
      // A part of a magic number is as good as anything else behind the last frame.
      const between = boundaries.some((boundary) => length >= boundary && length < boundary + 4);
      if (length < 15) expect(reader.damage?.code).toBe("not-a-capture");
      else expect(reader.damage?.code, `at ${length}`).toBe(between ? "cut-record" : "cut-zstd");
      expect(sink.frames).toEqual(whole.sink.frames.slice(0, sink.frames.length));
    }
  });

  it.each([
    ["skippable frames and nothing else", concat(skippable(9), skippable(0))],
    ["a skippable frame that is cut", skippable(9).subarray(0, 13)],
    ["a skippable frame that is cut within its length", skippable(9).subarray(0, 6)],
  ])("with %s is no capture, and not called empty", async (_name, bytes) => {
    const { damage } = (await readSource(bytes)).reader;
    expect(damage).toMatchObject({ code: "not-a-capture", offset: 0 });
    expect(damage?.sentence).toContain("nothing but skippable frames of zstd or lz4");
  });

  it("that asks for a window of 3.75 TB is refused, with a way to read it, and takes no memory", async () => {
    const before = process.memoryUsage().rss;
    const { reader } = await readSource(frame(content, MOST));
    expect(reader.damage).toMatchObject({ code: "bad-zstd", offset: 0 });
    expect(reader.damage?.sentence).toContain("zstd -d --long=31");
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  it("that needs a dictionary says so", async () => {
    const bytes = concat(MAGIC, Uint8Array.of(1, KIB_128, 77), frame(content).subarray(6));
    const { reader } = await readSource(bytes);
    expect(reader.damage).toMatchObject({ code: "bad-zstd", offset: 0 });
    expect(reader.damage?.sentence).toContain("zstd -d -D DICTIONARY");
  });

  it.each([
    ["of a type that is reserved", block(RESERVED, 9, content.subarray(0, 9), true)],
    ["longer than any may be", block(RLE, 0x2_0001, Uint8Array.of(0), true)],
    ["compressed, and is not", block(2, 9, new Uint8Array(9).fill(0xff), true)],
  ])("with a block that is %s says where", async (_name, bad) => {
    const start = concat(MAGIC, Uint8Array.of(0, KIB_128), block(RAW, 300, content.subarray(0, 300), false));
    const { sink, reader } = await readSource(concat(start, bad, frame(content)));
    expect(reader.damage).toMatchObject({ code: "bad-zstd", offset: 300 });
    expect(sink.frames).toEqual(whole.sink.frames.slice(0, sink.frames.length));
    expect(sink.frames).not.toHaveLength(0);
  });

  it("is read beside others, each with a window of its own", async () => {
    const sources = Array.from({ length: 4 }, (_source, index) => {
      const sink = new Collector();
      const bytes = concat(frame(content.subarray(0, 100 * index)), frame(content.subarray(100 * index)));
      return { sink, source: chunkSource("capture", [bytes], sink) };
    });
    for (let more = true; more;) {
      more = false;
      for (const { source } of sources) more = (await source.pump()) || more;
    }
    for (const { sink, source } of sources) {
      expect(source.damage).toBeNull();
      expect(sink.frames).toEqual(whole.sink.frames);
    }
  });
});

describeWithTools(["zstd"], "what the zstd program makes of a capture", () => {
  const zstd = (input: Uint8Array, ...options: readonly string[]): Uint8Array =>
    piped("zstd", input, "-q", "-c", ...options);
  /** Compressible, but not by far, and longer than a few of the largest blocks. */
  const long = concat(...Array.from({ length: 600 }, (_part, index) => concat(content, word(index * 2654435761))));

  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "leasetap-zstd-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    [["-1"]],
    [["-19"]],
    [["-9", "--long=27"]],
    [["--fast=5", "--no-check"]],
    [["-3", "-T2", "-B1MiB"]],
    [["--rsyncable", "-T0"]],
  ])("with %j is read to the byte", async (options) => {
    for (const bytes of [content, long, new Uint8Array(0)]) {
      expect(Buffer.compare(await unpack(zstd(bytes, ...options)), bytes)).toBe(0);
    }
  });

  it("is refused where its window is larger than 128 MiB, as zstd itself refuses it", async () => {
    const { reader } = await readSource(zstd(long, "--long=28"));
    expect(reader.damage?.sentence).toContain("--long=31");
  });

  it("with a dictionary says so", async () => {
    const dictionary = join(folder, "dictionary");
    const parts = Array.from({ length: 200 }, (_part, index) => join(folder, `part${index}`));
    parts.forEach((path, index) => writeFileSync(path, long.subarray(index * 900, index * 900 + 1800)));
    piped("zstd", new Uint8Array(0), "-q", "--train", "--maxdict=4000", "-o", dictionary, ...parts);
    const { reader } = await readSource(zstd(content, "-D", dictionary));
    expect(reader.damage?.sentence).toContain("-D DICTIONARY");
  });

  it("with a wrong checksum is read, and says so, and so is what follows", async () => {
    const bytes = zstd(content);
    bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
    const { sink, reader } = await readSource(concat(bytes, zstd(content)));
    expect(reader.damage).toMatchObject({ code: "bad-zstd", offset: content.length });
    expect(reader.damage?.sentence).toContain("checksum");
    expect(sink.frames).toEqual([...whole.sink.frames, ...whole.sink.frames]);
  });

  it("with bytes changed is never taken for sound, and never harms", async () => {
    const sound = zstd(content);
    const change = fc.tuple(fc.nat(sound.length - 5), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = sound.slice();
        for (const [at, bits] of changes) changed.set([(sound[at + 4] ?? 0) ^ bits], at + 4);
        const { sink, reader } = await readSource(changed);
        expect(reader.damage !== null || sink.frames.length === whole.sink.frames.length).toBe(true);
        if (reader.damage === null) expect(sink.frames).toEqual(whole.sink.frames);
      }),
      { numRuns: 100 },
    );
  });

  it("takes no more memory for what expands far: 128 MiB in pieces", async () => {
    const bomb = zstd(new Uint8Array(2 ** 27));
    expect(bomb.length).toBeLessThan(2 ** 15);
    const before = process.memoryUsage().rss;
    let most = 0;
    let length = 0;
    const damage = await pieces(bomb, (piece) => {
      length += piece.length;
      most = Math.max(most, process.memoryUsage().rss - before);
    });
    expect(damage).toBeNull();
    expect(length).toBe(2 ** 27);
    expect(most).toBeLessThan(2 ** 26);
  });
});

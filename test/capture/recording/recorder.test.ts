import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../../src/capture/pcap-writer.js";
import * as ng from "../../../src/capture/pcapng-writer.js";
import { parseRecordingMark, type RecordingMark } from "../../../src/capture/recording-mark.js";
import { commentText, type Comment } from "../../../src/capture/remarks.js";
import { RecordingFolder } from "../../../src/capture/recording/folder.js";
import { Recorder } from "../../../src/capture/recording/recorder.js";
import { RecordingSink } from "../../../src/capture/recording/recording-sink.js";
import { createReader } from "../../../src/capture/reader.js";
import { describeWithTools, requireTool } from "../../support/tools.js";
import { Collector, concat, readBytes, type Reading } from "../support/collector.js";

const START = 1_764_329_000;
const frame = new Uint8Array(60).fill(7);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-recorder-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The blocks of a stream, as a capture process writes it. */
class Stream {
  readonly writer: ng.PcapngWriter;

  constructor(littleEndian = true) {
    this.writer = ng.createPcapngWriter(littleEndian);
  }

  stamp(seconds: number): bigint {
    return BigInt(Math.round((START + seconds) * 1e6));
  }

  described(name: string): Uint8Array {
    return this.writer.interfaceDescription(1, 0, [this.writer.textOption(ng.IF_NAME, name)]);
  }

  packet(id: number, seconds: number): Uint8Array {
    return this.writer.enhancedPacket(id, this.stamp(seconds), frame);
  }

  /** Watched from 0 up to then. */
  beat(id: number, seconds: number, ...comments: readonly Comment[]): Uint8Array {
    return this.writer.interfaceStatistics(id, this.stamp(seconds), [
      ...comments.map((comment) => this.writer.textOption(ng.OPT_COMMENT, commentText(comment))),
      this.writer.stampOption(ng.ISB_STARTTIME, this.stamp(0)),
      this.writer.stampOption(ng.ISB_ENDTIME, this.stamp(seconds)),
    ]);
  }
}

interface Limits {
  readonly fileSize?: number;
  readonly total?: number;
  readonly fileAge?: number;
  readonly monotonic?: () => number;
}

async function recorderOf(limits: Limits = {}): Promise<Recorder> {
  return new Recorder({
    folder: await RecordingFolder.open(folder, () => undefined),
    fileSize: 1e6,
    total: 1e9,
    fileAge: Infinity,
    monotonic: () => 0,
    tell: (sentence) => {
      throw new Error(sentence);
    },
    ...limits,
  });
}

/** Records these blocks, and gives what the files then are. */
async function record(limits: Limits, ...blocks: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const recorder = await recorderOf(limits);
  const reader = createReader(new RecordingSink(new Collector(), recorder, "leasetap test"));
  for (const block of blocks) {
    reader.feed(block);
    recorder.flush();
  }
  reader.end();
  recorder.close();
  return files();
}

function names(): string[] {
  return readdirSync(folder).sort();
}

function files(): Uint8Array[] {
  return names().map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/** Each file by itself. */
function readEach(written: readonly Uint8Array[]): Reading[] {
  return written.map((bytes) => {
    const reading = readBytes(bytes);
    expect(reading.reader.damage).toBeNull();
    return reading;
  });
}

describe("what is recorded", () => {
  it.each([true, false])("is every block with all that is in it (little-endian: %s)", async (littleEndian) => {
    const stream = new Stream(littleEndian);
    const { writer } = stream;
    const options = [writer.textOption(ng.OPT_COMMENT, "a word"), { code: 0x8abc, value: Uint8Array.of(1, 2, 3) }];
    const blocks = [
      writer.interfaceDescription(1, 96, [writer.textOption(ng.IF_NAME, "br0"), ...options]),
      writer.enhancedPacket(0, stream.stamp(1), frame, 99, options),
      writer.block(0x0bad, Uint8Array.of(1, 2, 3, 4, 5)),
      writer.block(4, Uint8Array.of(0, 0, 0, 0)),
      writer.interfaceStatistics(0, stream.stamp(2), [...options, writer.numberOption(ng.ISB_OSDROP, 3n)]),
      writer.simplePacket(frame, 100),
    ];
    const header = [writer.textOption(ng.SHB_HARDWARE, "a machine"), ...options];
    const [written = new Uint8Array(0)] = await record({}, writer.sectionHeader(header), ...blocks);
    const marks = readBytes(written).sink.begun.flatMap(marksOf);
    expect(marks).toMatchObject([{ file: 1 }]);
    const comment = written.subarray(28, 28 + "leasetap recording 0123456789abcdef, file 1".length);
    expect(parseRecordingMark(Buffer.from(comment).toString())).toEqual(marks[0]);
    const marked = writer.sectionHeader([{ code: ng.OPT_COMMENT, value: comment }, ...header]);
    expect(written).toEqual(concat(marked, ...blocks));
  });

  it("is a pcap stream as pcapng, with its link type and resolution", async () => {
    const style = { littleEndian: false, nanoseconds: true };
    const bytes = concat(pcapHeader(style, 113), pcapRecord(style, START, 123_456_789, frame, 1500));
    const [written = new Uint8Array(0)] = await record({}, bytes);
    const { sink, reader } = readBytes(written);
    expect(reader).toMatchObject({ format: "pcapng", damage: null });
    expect(sink.interfaces).toEqual([{ index: 0, name: null, linkType: 113, digits: 9 }]);
    expect(sink.frames).toEqual(readBytes(bytes).sink.frames);
  });

  it("says of an idle interface only every some seconds how far it was watched, and each clock reading once", async () => {
    const stream = new Stream();
    const beats = Array.from({ length: 30 }, (_one, second) => {
      const clock = { kind: "clock", monotonic: 100 + second } as const;
      return [stream.beat(0, second, clock), stream.beat(1, second, clock)];
    }).flat();
    const [written = new Uint8Array(0)] = await record(
      {},
      ...[stream.writer.sectionHeader(), stream.described("br0"), stream.described("vnet3"), ...beats],
    );
    const { remarks } = readBytes(written).sink;
    const clocks = remarks.filter(({ remark }) => remark.kind === "clock");
    expect(clocks.filter(({ interfaceIndex }) => interfaceIndex === 0)).toHaveLength(30);
    const said = clocks.filter(({ interfaceIndex }) => interfaceIndex === 1).map(({ seconds }) => seconds - START);
    expect(said).toEqual([0, 7, 14, 21, 28]);
  });
});

describe("files that follow one another", () => {
  const stream = new Stream();
  const traffic = (from: number, to: number, id = 0): Uint8Array[] =>
    Array.from({ length: (to - from) * 10 }, (_one, index) => stream.packet(id, from + index / 10));
  const begin = [stream.writer.sectionHeader(), stream.described("br0"), stream.described("vnet3")];
  const watches = [stream.beat(0, 0), stream.beat(1, 0)];

  it("can each be read alone, and are the same stream together", async () => {
    const written = await record({ fileSize: 2000 }, ...begin, ...watches, ...traffic(1, 20), stream.beat(1, 20));
    expect(written.length).toBeGreaterThan(5);
    for (const bytes of written) expect(bytes.length).toBeLessThan(2300);
    for (const { sink } of readEach(written)) expect(sink.interfaces.map(({ name }) => name)).toEqual(["br0", "vnet3"]);
    const together = readBytes(concat(...written)).sink;
    expect(together.frames).toEqual(readBytes(concat(...begin, ...traffic(1, 20))).sink.frames);
    expect(together.interfaces).toHaveLength(2);
    const files = together.begun.flatMap(marksOf);
    expect(files.map(({ file }) => file)).toEqual(written.map((_bytes, index) => index + 1));
    expect(new Set(files.map(({ id }) => id)).size).toBe(1);
  });

  it("go on where the one before ended, and each begins no earlier than its frames", async () => {
    const written = await record({ fileSize: 2000 }, ...begin, ...watches, ...traffic(1, 5), stream.beat(0, 5));
    let until = START;
    for (const { sink } of readEach(written)) {
      const [from] = sink.watched.filter(({ interfaceIndex }) => interfaceIndex === 0).map(timeOf);
      expect(from).toBe(until);
      expect(new Set(sink.watched.filter(({ interfaceIndex }) => interfaceIndex === 0).map(timeOf)).size).toBe(1);
      for (const one of sink.frames) expect(timeOf(one)).toBeGreaterThanOrEqual(until);
      until = Math.max(...sink.observed.map(timeOf));
    }
  });

  it("describe only what is still watched", async () => {
    const gone = stream.beat(1, 2, { kind: "gap", reason: "interface gone" });
    const again = [stream.described("vnet3"), stream.beat(2, 9), stream.packet(2, 9)];
    const written = await record(
      { fileSize: 2000 },
      ...[...begin, ...watches, gone, ...traffic(3, 9), ...again, ...traffic(10, 15)],
    );
    const described = readEach(written).map(({ sink }) => sink.interfaces.map(({ name }) => name).join(" "));
    expect(new Set(described.slice(1, 3))).toEqual(new Set(["br0"]));
    expect(described.at(-1)).toBe("br0 vnet3");
    const together = readBytes(concat(...written)).sink;
    expect(together.frames.filter(({ interfaceIndex }) => interfaceIndex === 1)).toHaveLength(1);
  });

  it("begin anew with time, too", async () => {
    let now = 0;
    const recorder = await recorderOf({ fileAge: 60, monotonic: () => now });
    for (const block of [...begin, ...watches]) feed(recorder, block);
    for (now = 1; now < 150; now += 1) recorder.tick();
    recorder.close();
    expect(names()).toHaveLength(3);
  });

  it("say nothing of an interface that is described and not watched yet", async () => {
    const recorder = await recorderOf();
    const gap = stream.beat(1, 2, { kind: "gap", reason: "more frames than could be read" });
    const waiting = [stream.described("vnet3"), stream.packet(2, 3)];
    for (const block of [...begin, ...watches, gap, ...waiting]) feed(recorder, block);
    recorder.watchedUntil(START + 100);
    recorder.close();
    const { observed } = readBytes(concat(...files())).sink;
    expect(Math.max(...observed.map(timeOf))).toBe(START + 2);
  });

  it("are not more in all than was said, the oldest go first, and what is not ours stays", async () => {
    for (const name of ["notes.txt", "leasetap.pcapng", "leasetap-1-20260101T000000Z.pcapng"]) {
      writeFileSync(join(folder, name), new Uint8Array(9000));
    }
    await record({ fileSize: 2000, total: 10_000 }, ...begin, ...watches, ...traffic(1, 40));
    const ours = names().filter((name) => /^leasetap-\d{6}-/.test(name));
    expect(names().length - ours.length).toBe(3);
    const sizes = ours.map((name) => statSync(join(folder, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(10_300);
    const numbers = ours.map((name) => Number(name.slice(9, 15)));
    expect(numbers.length).toBeGreaterThan(3);
    expect(numbers.at(0)).toBeGreaterThan(5);
    expect(numbers).toEqual(numbers.map((_number, index) => (numbers[0] ?? 0) + index));
  });

  it("are continued by a later watch in the same folder, with a gap in between", async () => {
    await record({}, ...begin, ...watches, stream.packet(0, 1), stream.beat(0, 2));
    await record({}, ...begin, ...watches, stream.packet(0, 100));
    expect(names().map((name) => name.slice(0, 15))).toEqual(["leasetap-000001", "leasetap-000002"]);
    const marks = readBytes(concat(...files())).sink.begun.flatMap(marksOf);
    expect(marks.map(({ file }) => file)).toEqual([1, 2]);
    expect(marks[0]?.id).toBe(marks[1]?.id);
  });
});

describe("where the recorder may not write", () => {
  it("says so before anything is watched", async () => {
    writeFileSync(join(folder, "file"), "");
    const opened = RecordingFolder.open(join(folder, "file"), () => undefined);
    await expect(opened).rejects.toMatchObject({
      name: "EnvironmentError",
      message: `Nothing can be recorded in "${join(folder, "file")}": it is a file, not a directory.`,
    });
  });

  it("leaves a folder to the process that records there already", async () => {
    const recorder = await recorderOf();
    feed(recorder, new Stream().writer.sectionHeader());
    await expect(RecordingFolder.open(folder, () => undefined)).rejects.toMatchObject({ code: "EBUSY" });
    recorder.close();
    await RecordingFolder.open(folder, () => undefined);
  });
});

describeWithTools(["tshark"], "to Wireshark", () => {
  it("each file is sound", async () => {
    const stream = new Stream();
    const packets = Array.from({ length: 50 }, (_one, index) => stream.packet(0, index));
    await record(
      { fileSize: 2000 },
      stream.writer.sectionHeader(),
      stream.described("br0"),
      stream.beat(0, 0),
      ...packets,
    );
    let count = 0;
    for (const name of names()) {
      const shown = spawnSync(requireTool("tshark"), ["-r", join(folder, name)], { encoding: "utf8" });
      expect([shown.status, shown.stderr.replace(/^Running as user.*$/m, "").trim()]).toEqual([0, ""]);
      count += shown.stdout.trim().split("\n").length;
    }
    expect(count).toBe(50);
  });
});

function feed(recorder: Recorder, block: Uint8Array): void {
  recorder.blocks(block, new DataView(block.buffer, block.byteOffset, block.length), 0, block.length, true);
}

function marksOf(begun: Collector["begun"][number]): RecordingMark[] {
  return typeof begun === "number" || begun[1] === null ? [] : [begun[1]];
}

function timeOf({ seconds, nanos }: { readonly seconds: number; readonly nanos: number }): number {
  return seconds + nanos / 1e9;
}

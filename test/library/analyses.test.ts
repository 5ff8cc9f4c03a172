import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  analyzeBytes,
  analyzeFiles,
  EnvironmentError,
  FrameAnalysis,
  openSource,
  type FrameInput,
  type LeasetapRecord,
  type Progress,
} from "../../src/index.js";
import { pcaps } from "../support/program.js";
import { validateRecord } from "../support/validate.js";

const file = join(pcaps, "s02-offload-ack/bridge.pcap");
const capture = readFileSync(file);
const recordings = readdirSync(pcaps)
  .filter((folder) => /^[sq]\d/.test(folder))
  .flatMap((folder) => readdirSync(join(pcaps, folder)).map((name) => join(pcaps, folder, name)))
  .filter((path) => path.endsWith(".pcap"));

async function all(records: AsyncIterable<LeasetapRecord> | Iterable<LeasetapRecord>): Promise<LeasetapRecord[]> {
  const list: LeasetapRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

/** What does not depend on how the frames came in. */
function verdicts(records: readonly LeasetapRecord[], name: string): unknown[] {
  return records
    .filter(({ type }) => type !== "start" && type !== "input")
    .map((record): unknown => JSON.parse(JSON.stringify(record).replaceAll(JSON.stringify(name), '"here"')));
}

describe("the records", () => {
  it.each(recordings)("are the same from a file, from bytes and from frames: %s", async (path) => {
    const fromFile = await all(analyzeFiles(path, { frames: true }));
    expect(fromFile.flatMap(validateRecord)).toEqual([]);
    const bytes = readFileSync(path);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, index) =>
      bytes.subarray(777 * index, 777 * (index + 1)),
    );
    const fromBytes = await all(analyzeBytes("bytes", pieces, { frames: true }));
    expect(verdicts(fromBytes, "bytes")).toEqual(verdicts(fromFile, path));
    const fromFrames = await all(await framesOf(path));
    expect(fromFrames.flatMap(validateRecord)).toEqual([]);
    expect(verdicts(fromFrames, "pushed")).toEqual(verdicts(fromFile, path));
  });

  it("name inputs by how they came", async () => {
    const inputs = [
      ...(await all(analyzeBytes("upload", Readable.from([gzipSync(capture)])))),
      ...(await framesOf(file)),
    ];
    expect(inputs.filter(({ type }) => type === "input")).toMatchObject([
      { input: "upload", format: "pcap", compression: "gzip", frames: 82, damage: null },
      { input: "pushed", format: "frames", compression: null, frames: 82, damage: null },
    ]);
  });
});

describe("analyzeFiles", () => {
  it("reads nothing before it is asked", async () => {
    const asked: Progress[] = [];
    const records = analyzeFiles(file, { onProgress: (progress) => asked.push(progress) });
    await new Promise((settle) => setImmediate(settle));
    expect(asked).toEqual([]);
    await records.next();
    expect(asked.length).toBeGreaterThan(0);
  });

  it("takes relative paths from the folder that it is given", async () => {
    const records = await all(analyzeFiles(["bridge.pcap"], { folder: join(pcaps, "s02-offload-ack") }));
    expect(records.find(({ type }) => type === "input")).toMatchObject({ input: "bridge.pcap", frames: 82 });
  });

  it("ends early, with what was read, when it is told to", async () => {
    const records = await all(analyzeFiles(file, { signal: AbortSignal.abort() }));
    expect(records.at(-1)).toMatchObject({ type: "summary", complete: false, frames: { total: 0 } });
  });

  it("lets out what onProgress throws", async () => {
    const records = analyzeFiles(file, {
      onProgress: () => {
        throw new Error("mine");
      },
    });
    await expect(all(records)).rejects.toThrow("mine");
  });
});

describe("analyzeBytes", () => {
  const broken = (error: Error): AsyncIterable<Uint8Array> =>
    Readable.from(
      (function* () {
        yield capture.subarray(0, 1000);
        throw error;
      })(),
    );

  it("names the input where the system fails, and lets out any other error", async () => {
    const system = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    await expect(all(analyzeBytes("upload", broken(system)))).rejects.toThrow(EnvironmentError);
    await expect(all(analyzeBytes("upload", broken(system)))).rejects.toThrow(/^"upload" /);
    await expect(all(analyzeBytes("upload", broken(new RangeError("mine"))))).rejects.toThrow(new RangeError("mine"));
  });

  it("refuses text", async () => {
    const text = Readable.from(["text"], { encoding: "utf8" });
    await expect(all(analyzeBytes("upload", text))).rejects.toThrow(TypeError);
  });

  it.each([
    ["a cut capture", [capture.subarray(0, 5000)], "cut-record"],
    ["nothing", [], "not-a-capture"],
    ["something else", [Buffer.from("no capture at all, but a text")], "not-a-capture"],
  ])("says of %s what is wrong with it", async (_name, chunks, code) => {
    const records = await all(analyzeBytes("upload", chunks));
    expect(records.at(-1)).toMatchObject({ type: "summary", complete: false });
    expect(records.find(({ type }) => type === "input")).toMatchObject({ damage: { code } });
  });
});

describe("FrameAnalysis", () => {
  const frame = new Uint8Array(60);
  const time = { seconds: 1_795_345_310, nanos: 0 };
  const opened = (): FrameInput => new FrameAnalysis().input("tap");

  it.each([
    ["nanoseconds beyond a second", { seconds: 1, nanos: 1e9 }, 60],
    ["negative nanoseconds", { seconds: 1, nanos: -1 }, 60],
    ["a fraction of a second", { seconds: 1.5, nanos: 0 }, 60],
    ["a time in milliseconds that no date has", { seconds: 1e13, nanos: 0 }, 60],
    ["a time that is none", { seconds: NaN, nanos: 0 }, 60],
    ["fewer bytes on the wire than were captured", time, 59],
    ["half a byte", time, 60.5],
  ])("refuses %s", (_name, when, original) => {
    expect(() => opened().frame(frame, when, original)).toThrow(RangeError);
  });

  it("refuses frames for an input that has ended, and inputs for an analysis that has", () => {
    const analysis = new FrameAnalysis();
    const input = analysis.input("tap");
    expect(() => analysis.input("tap")).toThrow('there is an input "tap" already');
    analysis.finish();
    input.end();
    expect(() => input.frame(frame, time)).toThrow("this input has ended");
    expect(() => input.observedUntil(time)).toThrow("this input has ended");
    expect(() => analysis.input("bridge")).toThrow("finished");
    expect(() => analysis.finish()).toThrow("finished");
  });

  it("says until when it was watched", () => {
    const analysis = new FrameAnalysis();
    const input = analysis.input("tap", { digits: 9, interface: "vnet3" });
    input.frame(frame, time);
    input.observedUntil({ seconds: time.seconds + 60, nanos: 5 });
    expect([...analysis.finish()].find(({ type }) => type === "input")).toMatchObject({
      interfaces: ["vnet3"],
      last: "2026-11-22T11:01:50.000000000Z",
      observedUntil: "2026-11-22T11:02:50.000000005Z",
    });
  });

  it("says of a link layer that is not read that it is none", () => {
    const analysis = new FrameAnalysis();
    analysis.input("usb", { linkType: 220 }).frame(frame, time);
    const records = [...analysis.finish()];
    expect(records.find(({ type }) => type === "input")).toMatchObject({ damage: { code: "link-type" } });
    expect(records.at(-1)).toMatchObject({ complete: false });
  });

  it("takes frames that share a buffer, and one whose buffer is used again", () => {
    const analysis = new FrameAnalysis({ frames: true });
    const input = analysis.input("tap");
    const buffer = new Uint8Array(4096);
    // The first record of the file, twice: 24 bytes of file header and 16 of the record's before it.
    const length = capture.readUInt32LE(32);
    for (const [at, seconds] of [
      [7, 0],
      [1000, 1],
    ] as const) {
      buffer.fill(0xff);
      buffer.set(capture.subarray(40, 40 + length), at);
      input.frame(buffer.subarray(at, at + length), { seconds: time.seconds + seconds, nanos: 0 });
    }
    const frames = [...analysis.finish()].filter((record) => record.type === "frame");
    expect(frames).toHaveLength(2);
    expect(frames[0]).toMatchObject({ dhcp: { message: "DISCOVER" }, udp: { checksum: { verdict: "good" } } });
    expect(frames[1]?.dhcp).toEqual(frames[0]?.dhcp);
  });
});

/** The frames of a capture, as a program of its own would push them. */
async function framesOf(path: string): Promise<LeasetapRecord[]> {
  const analysis = new FrameAnalysis({ frames: true });
  let input: FrameInput | null = null;
  const source = openSource(path, {
    interface: ({ linkType, digits, name }) => {
      input = analysis.input("pushed", { linkType, digits, interface: name });
    },
    observedUntil: () => undefined,
    frame: (bytes, _view, offset, captured, original, seconds, nanos) => {
      input?.frame(bytes.subarray(offset, offset + captured), { seconds, nanos }, original);
    },
  });
  let more = true;
  while (more) more = await source.pump();
  return [...analysis.finish()];
}

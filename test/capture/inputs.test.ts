import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { analyze } from "../../src/analyze.js";
import type { Findings } from "../../src/report/json.js";
import { planInputs } from "../../src/capture/inputs.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";
import { concat, readBytes } from "./support/collector.js";

const style = { littleEndian: true, nanoseconds: false };
const pcaps = fileURLToPath(new URL("../../pcaps/", import.meta.url));
const lost = readFileSync(join(pcaps, "s02-offload-ack/bridge.pcap"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-inputs-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** A capture of one frame at that second. */
function at(seconds: number): Uint8Array {
  return concat(pcapHeader(style, 1), pcapRecord(style, seconds, 0, new Uint8Array(60)));
}

async function names(...paths: string[]): Promise<string[]> {
  const { inputs } = await planInputs(paths, folder);
  return inputs.map(({ name }) => name);
}

describe("a folder", () => {
  it("stands for the captures in it and below, in the order of their first frames", async () => {
    put("dir/b.cap", at(3));
    put("dir/a", gzipSync(at(2)));
    put("dir/below/deep/z.pcap", at(1));
    put("dir/notes.txt", new TextEncoder().encode("the host was busy"));
    put("dir/empty", new Uint8Array(0));
    put("dir/later.pcap", at(4));
    const plan = await planInputs(["dir"], folder);
    expect(plan.inputs.map(({ name }) => name)).toEqual([
      join("dir", "below", "deep", "z.pcap"),
      join("dir", "a"),
      join("dir", "b.cap"),
      join("dir", "later.pcap"),
    ]);
    expect(plan.passedOver).toBe(2);
  });

  it("may stand beside files, and what is named twice is read once", async () => {
    put("dir/a.pcap", at(2));
    put("dir/b.pcap", at(1));
    symlinkSync(join(folder, "dir"), join(folder, "other"));
    symlinkSync(join(folder, "dir/a.pcap"), join(folder, "link.pcap"));
    linkSync(join(folder, "dir/b.pcap"), join(folder, "hard.pcap"));
    expect(await names("dir/a.pcap", "dir", "./dir/b.pcap", "link.pcap", "hard.pcap", "other", "-", "-")).toEqual([
      "dir/a.pcap",
      join("dir", "b.pcap"),
      "-",
    ]);
  });

  it("is not followed in circles", async () => {
    put("dir/a.pcap", at(1));
    symlinkSync(join(folder, "dir"), join(folder, "dir", "again"));
    expect(await names("dir")).toEqual([join("dir", "a.pcap")]);
  });

  it("that takes long to look through is left at a signal, which is let in", async () => {
    for (let number = 0; number < 20; number += 1) put(`dir/${number}.pcap`, at(number));
    let now = 0;
    const clock = vi.spyOn(process, "uptime").mockImplementation(() => (now += 1));
    const interrupted = new AbortController();
    setImmediate(() => interrupted.abort());
    const { inputs } = await planInputs(["dir"], folder, interrupted.signal);
    clock.mockRestore();
    expect(inputs.length).toBeLessThan(20);
    expect(inputs.map(({ failure }) => failure)).toEqual(inputs.map(() => null));
  });

  it("without captures is an input that cannot be read", async () => {
    put("dir/notes.txt", new TextEncoder().encode("the host was busy"));
    const { inputs, complete, passedOver } = await analyze(["dir"], options());
    expect(complete).toBe(false);
    expect(passedOver).toBe(1);
    expect(inputs.map(({ damage }) => damage)).toEqual([
      { code: "not-a-capture", offset: 0, sentence: '"dir" is a folder without captures: the one file in it is none.' },
    ]);
  });

  it("that does not exist is said to be missing", async () => {
    const { inputs } = await analyze(["nowhere"], options());
    expect(inputs[0]?.damage?.sentence).toContain("does not exist");
  });
});

function options(): { keepFrames: false; keepHealthy: true; folder: string } {
  return { keepFrames: false, keepHealthy: true, folder };
}

/** The same capture as so many files that follow one another, named in no order. */
function rotate(bytes: Uint8Array, count: number): void {
  const { sink } = readBytes(bytes);
  const size = Math.ceil(sink.frames.length / count);
  for (let index = 0; index < count; index += 1) {
    const part = sink.frames.slice(index * size, (index + 1) * size);
    const written = part.map((frame) =>
      pcapRecord(style, frame.seconds, frame.nanos, new Uint8Array(Buffer.from(frame.bytes, "hex")), frame.original),
    );
    put(`rotated/${(index * 7919) % 1009}.pcap`, concat(pcapHeader(style, 1), ...written));
  }
}

/** What was found, without the names of inputs and frames. */
function story(found: Findings): unknown {
  return [...records(found, EVERYTHING, false)].flatMap((record): unknown[] => {
    switch (record.type) {
      case "lease":
        return [[record.client, record.address, record.state, record.granted, record.outage]];
      case "renewal":
      case "acquisition":
        return [
          [record.client, record.outcome, record.cause, record.confidence, record.started, record.attempts.length],
        ];
      case "finding":
        return [[record.code, record.severity, record.client, record.from, record.to]];
      case "summary":
        return [[record.complete, record.frames, record.renewals, record.findings]];
      default:
        return [];
    }
  });
}

describe("files that follow one another in time", () => {
  it.each([2, 5, 82])("are one story: %i of them", async (count) => {
    put("whole.pcap", lost);
    rotate(lost, count);
    const whole = await analyze(["whole.pcap"], options());
    expect(whole.inspection.findings.length).toBeGreaterThan(0);
    expect(story(await analyze(["rotated"], options()))).toEqual(story(whole));
  });

  it("are one story when joined, and when named in any order", async () => {
    put("whole.pcap", lost);
    rotate(lost, 4);
    const { inputs } = await planInputs(["rotated"], folder);
    const parts = inputs.map(({ path }) => readFileSync(path));
    put("joined.pcap", concat(...parts));
    const whole = story(await analyze(["whole.pcap"], options()));
    expect(story(await analyze(["joined.pcap"], options()))).toEqual(whole);
    expect(story(await analyze(inputs.map(({ name }) => name).reverse(), options()))).toEqual(whole);
  });

  it("may have gaps, and damaged and missing ones among them", async () => {
    rotate(lost, 82);
    put("rotated/bad.pcap", at(5).subarray(0, 30));
    const paths = (await planInputs(["rotated"], folder)).inputs.map(({ name }) => name);
    const { inputs, complete, inspection } = await analyze([...paths, "missing.pcap"], options());
    expect(complete).toBe(false);
    expect(inputs.map(({ facts }) => facts.name)).toEqual([...paths, "missing.pcap"]);
    expect(inputs.filter(({ damage }) => damage !== null)).toHaveLength(2);
    expect(inspection.findings.length).toBeGreaterThan(0);
  });

  it("may be more than may be open at once", async () => {
    for (let index = 0; index < 1500; index += 1) put(`many/${index}.pcap`, at(1_700_000_000 + index));
    const { inputs, complete } = await analyze(["many"], options());
    expect(complete).toBe(true);
    expect(inputs).toHaveLength(1500);
    expect(inputs.map(({ facts }) => facts.first?.seconds)).toEqual(
      Array.from({ length: 1500 }, (_input, index) => 1_700_000_000 + index),
    );
  });

  it("that nobody came to before an interruption are named all the same", async () => {
    rotate(lost, 82);
    const controller = new AbortController();
    // The first that is told of progress: the folder was looked through, and nothing read yet.
    const onProgress = (): void => controller.abort();
    const { inputs, complete } = await analyze(["rotated"], { ...options(), signal: controller.signal, onProgress });
    expect(inputs).toHaveLength(82);
    expect(complete).toBe(false);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.js";
import { RecordingFolder } from "../../src/capture/recording/folder.js";
import { Recorder } from "../../src/capture/recording/recorder.js";
import { RecordingSink } from "../../src/capture/recording/recording-sink.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records, type Findings } from "../../src/report/json.js";
import { pcaps } from "../support/program.js";
import { describeWithShared } from "../support/shared.js";
import { memorySource, watch, type Watched } from "./watched.js";

const CAPTURE = /\.(pcap|pcapng|cap)$/;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-written-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function capturesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => CAPTURE.test(name))
    .sort();
}

/** Watches a capture that comes in pieces, and records it into files of so many bytes. */
async function watchAndWrite(bytes: Uint8Array, fileSize: number): Promise<Watched> {
  const recorder = new Recorder({
    folder: await RecordingFolder.open(folder, () => undefined),
    fileSize,
    total: 1e9,
    fileAge: Infinity,
    monotonic: () => 0,
    tell: (sentence) => {
      throw new Error(sentence);
    },
  });
  const tee = (sink: Parameters<typeof memorySource>[2]): RecordingSink =>
    new RecordingSink(sink, recorder, "leasetap test");
  const watched = await watch((sink) => memorySource(bytes, [1500, 64, 7, 4000], tee(sink)), { recorder });
  recorder.close();
  return watched;
}

/** What was found, without what the input itself is: its name, its format, and what of it was damaged. */
function told(found: Findings, name: string): unknown {
  const all = [...records(found, EVERYTHING, false)].flatMap((record): unknown[] => {
    if (record.type === "start") return [];
    if (record.type === "input") return [{ ...record, format: null, damage: null }];
    return record.type === "summary" ? [{ ...record, complete: null }] : [record];
  });
  const text = JSON.stringify(all).replaceAll(JSON.stringify(name).slice(1, -1), "-");
  return JSON.parse(text.replaceAll("standard input", "-"));
}

async function expectSame(path: string): Promise<void> {
  const watched = await watchAndWrite(readFileSync(path), 3000);
  const { inputs, ...found } = await analyze([folder], { keepFrames: false, keepHealthy: false });
  const [input] = inputs;
  expect(inputs).toHaveLength(1);
  expect(input?.damage).toBeNull();
  expect(told({ inputs, ...found }, input?.facts.name ?? "")).toEqual(told(watched.found, "-"));
}

describe("a recording of what was watched gives what the watch found", () => {
  it.each(capturesBelow(pcaps))("%s", async (name) => {
    await expectSame(join(pcaps, name));
  });
});

describeWithShared("also of captures that were never made for this program", (shared) => {
  const corpus = join(shared, "corpus", "captures");
  it.each(capturesBelow(corpus))("%s", async (name) => {
    await expectSame(join(corpus, name));
  });
});

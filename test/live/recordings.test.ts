import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.js";
import { openSource } from "../../src/capture/file.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records, type Findings } from "../../src/report/json.js";
import { leasetap, pcaps, recordsOf, type Json } from "../support/program.js";
import { describeWithShared } from "../support/shared.js";
import { memorySource, watch } from "./watched.js";

const CAPTURE = /\.(pcap|pcapng|cap)(\.gz)?$/;

function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => CAPTURE.test(name))
    .sort();
}

/** What was found, without how the input is called, which sentences say too. */
function told(found: Findings, name: string): unknown {
  const all = [...records(found, EVERYTHING, false)].filter(({ type }) => type !== "start");
  const text = JSON.stringify(all).replaceAll(JSON.stringify(name).slice(1, -1), "-");
  return JSON.parse(text.replaceAll("standard input", "-"));
}

async function expectSame(folder: string, name: string, sizes: readonly number[] | null): Promise<void> {
  const path = join(folder, name);
  const analyzed = await analyze([path], { keepFrames: false, keepHealthy: false });
  const bytes = sizes === null ? null : readFileSync(path);
  const watched = await watch((sink) =>
    bytes === null ? openSource(path, sink) : memorySource(bytes, sizes ?? [], sink),
  );
  expect(told(watched.found, "-")).toEqual(told(analyzed, path));
}

describe("a recording that is watched as if it were live gives what analyze finds in it", () => {
  it.each(capturesBelow(pcaps))("%s", async (name) => {
    await expectSame(pcaps, name, null);
    if (!name.endsWith(".gz")) await expectSame(pcaps, name, [1, 7, 64, 1500]);
  });
});

describeWithShared("recordings that were never made for this program", (shared) => {
  const corpus = join(shared, "corpus", "captures");
  it.each(capturesBelow(corpus))("%s", async (name) => {
    await expectSame(corpus, name, null);
  });
});

describe("leasetap live -", () => {
  const capture = join(pcaps, "s02-offload-ack", "bridge.pcap");

  it("ends with the findings of analyze, and its exit code", async () => {
    const live = await leasetap(["live", "-", "--json"], { input: readFileSync(capture) });
    const analyzed = await leasetap(["analyze", "-", "--json"], { input: readFileSync(capture) });
    expect([live.code, live.stderr]).toEqual([1, ""]);
    expect(findingsOf(recordsOf(live.stdout))).toEqual(findingsOf(recordsOf(analyzed.stdout)));
    expect(recordsOf(live.stdout).at(-1)).toEqual(recordsOf(analyzed.stdout).at(-1));
  });

  it("tells each thing by one id, and nothing of it after its final record", async () => {
    const { stdout } = await leasetap(["live", "-", "--json"], { input: readFileSync(capture) });
    const all = recordsOf(stdout);
    expect(all[0]?.["type"]).toBe("start");
    const final = new Set<string>();
    for (const record of all) {
      if (typeof record["id"] !== "string") continue;
      const key = `${String(record["type"])} ${record["id"]}`;
      expect(final.has(key)).toBe(false);
      if (record["final"] === true) final.add(key);
    }
    const ids = all.flatMap(({ type, id }) => (typeof id === "string" ? [`${String(type)} ${id}`] : []));
    expect([...new Set(ids)].sort()).toEqual([...final].sort());
  });
});

/** Final ones; what only a live watch tells is not among them. */
function findingsOf(all: readonly Json[]): unknown[] {
  return all
    .filter(({ type, final, code }) => type === "finding" && final === true && code !== "remedy-works")
    .map((finding) => ({ ...finding, id: null }))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

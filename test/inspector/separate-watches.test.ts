import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.js";
import { toSeconds } from "../../src/capture/instant.js";
import type { Inspection } from "../../src/findings/inspection.js";
import { describe as words } from "../../src/findings/prose.js";
import { dumpcapFile } from "../support/dumpcap-file.js";
import { discover, renew, script, traffic, type Script } from "../support/script.js";
import { alarms, causes, cycles, finding, findings, leaseStates, outcomes } from "../support/script-view.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-watches-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Files of their own. */
async function inspected(...files: readonly Uint8Array[]): Promise<Inspection> {
  const paths = files.map((bytes, index) => {
    const path = join(folder, `${index}.pcapng`);
    writeFileSync(path, bytes);
    return path;
  });
  return (await analyze(paths, { keepFrames: true, keepHealthy: true })).inspection;
}

/**
 * Right before the first watch ends the client asks for its renewal, and after the second has begun, when the lease would
 * have run out without it, for a new address. Nobody watched from 31.5 to 125.
 */
function story(): Script {
  const all = script({ lease: 60 })
    .bound(1)
    .at(31, renew({ xid: 5 }));
  for (let at = 126; at < 159; at += 5) all.at(at, traffic());
  return all
    .at(128, discover({ xid: 77 }))
    .bound(130, { xid: 78 })
    .renewed(160, { xid: 79 });
}

const frames = story().frames.sort((a, b) => a.time - b.time);
const FIRST = { from: 0, to: 31.5 };
const SECOND = { from: 125, to: 180 };

describe("files of two watches, with nobody watching in between", () => {
  it("accuse nobody of what fell into that time, and it is said", async () => {
    const run = await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, SECOND));
    expect(alarms(run)).toEqual([]);
    expect(cycles(run)).not.toContain("renewal expired");
    expect(words(finding(run, "gap"), run).summary).toBe(
      "Nothing was captured on br0 from 2023-11-14 22:13:51 UTC to 2023-11-14 22:15:25 UTC (1 min 34 s): what happened there meanwhile is not known.",
    );
  });

  it("are taken to follow one another where they say nothing of it, as those of one watch do", async () => {
    const silent = true;
    const run = await inspected(dumpcapFile(frames, { ...FIRST, silent }), dumpcapFile(frames, { ...SECOND, silent }));
    expect(alarms(run)).toEqual(["error no-reply likely"]);
    expect(findings(run)).not.toContain("note gap certain");
  });

  it.each([
    ["the first", { ...FIRST, silent: true }, SECOND],
    ["the second", FIRST, { ...SECOND, silent: true }],
  ])("are so, too, where only %s does", async (_which, first, second) => {
    const run = await inspected(dumpcapFile(frames, first), dumpcapFile(frames, second));
    expect(alarms(run)).toEqual(["error no-reply likely"]);
    expect(findings(run)).not.toContain("note gap certain");
    const joined = await inspected(Buffer.concat([dumpcapFile(frames, first), dumpcapFile(frames, second)]));
    expect(findings(joined)).toEqual(findings(run));
  });

  it("may be named in any order", async () => {
    const run = await inspected(dumpcapFile(frames, SECOND), dumpcapFile(frames, FIRST));
    expect(findings(run)).toEqual(findings(await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, SECOND))));
  });

  it("may be joined", async () => {
    const apart = await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, SECOND));
    const joined = await inspected(Buffer.concat([dumpcapFile(frames, FIRST), dumpcapFile(frames, SECOND)]));
    for (const view of [findings, causes, cycles, outcomes, leaseStates]) expect(view(joined)).toEqual(view(apart));
    expect(alarms(joined)).toEqual([]);
  });

  it("may be compressed", async () => {
    const run = await inspected(gzipSync(dumpcapFile(frames, FIRST)), gzipSync(dumpcapFile(frames, SECOND)));
    expect(alarms(run)).toEqual([]);
    expect(findings(run)).toContain("note gap certain");
  });

  it("may stand side by side with another that watched all the time and saw the client: then its silence counts", async () => {
    const run = await inspected(
      dumpcapFile(frames, FIRST),
      dumpcapFile(frames, SECOND),
      dumpcapFile(frames, { name: "vnet3", from: 0, to: 180 }),
    );
    expect(alarms(run)).toEqual(["error no-reply likely"]);
    expect(findings(run)).toContain("note gap certain");
  });

  it("may be parts of files joined, each of several watches", async () => {
    const middle = { from: 40, to: 50 };
    const run = await inspected(
      Buffer.concat([dumpcapFile(frames, FIRST), dumpcapFile(frames, middle)]),
      Buffer.concat([dumpcapFile(frames, { from: 100, to: 120 }), dumpcapFile(frames, SECOND)]),
    );
    expect(alarms(run)).toEqual([]);
    expect(finding(run, "gap")).toMatchObject({ count: 3 });
  });
});

describe("files of many watches", () => {
  it("have a gap between each two, and are read as their time comes", async () => {
    const watches = Array.from({ length: 70 }, (_, index) => ({ from: 2 * index, to: 2 * index + 1.5 }));
    const all = watches.reduce((seen, { from }) => seen.at(from + 1, traffic()), script()).frames;
    const run = await inspected(...watches.map((watch) => dumpcapFile(all, watch)).reverse());
    expect(finding(run, "gap")).toMatchObject({ count: 69 });
  });

  it("of hosts whose clocks differ have their gaps at the same time", async () => {
    const other = { name: "vnet3", ahead: 3600.25 };
    const run = await inspected(
      dumpcapFile(frames, FIRST),
      dumpcapFile(frames, SECOND),
      dumpcapFile(frames, { ...FIRST, ...other }),
      dumpcapFile(frames, { ...SECOND, ...other }),
    );
    expect(alarms(run)).toEqual([]);
    const gap = finding(run, "gap");
    expect(gap).toMatchObject({ count: 2 });
    expect([toSeconds(gap.from), toSeconds(gap.to)]).toEqual([1_700_000_031.5, 1_700_000_125]);
  });
});

describe("files that leave no time between them", () => {
  it.each([
    ["watched one after the other", FIRST, { from: 31.5, to: 180 }],
    ["watched for a while together", { from: 0, to: 100 }, { from: 20, to: 180 }],
    ["of which one watched all the while", { from: 0, to: 180 }, { from: 20, to: 30 }],
  ])("%s", async (_which, first, second) => {
    const run = await inspected(dumpcapFile(frames, first), dumpcapFile(frames, second));
    expect(alarms(run)).toEqual(["error no-reply likely"]);
    expect(findings(run)).not.toContain("note gap certain");
  });

  it("because a third one watched, though it does not say so", async () => {
    const known = script().at(40, traffic()).at(120, traffic()).frames;
    const run = await inspected(
      dumpcapFile(frames, FIRST),
      dumpcapFile(known, { from: 32, to: 124, silent: true }),
      dumpcapFile(frames, SECOND),
    );
    expect(findings(run)).not.toContain("note gap certain");
  });

  it("by their stamps, as the clock was set back in between", async () => {
    const run = await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, { ...SECOND, ahead: -100 }));
    expect(findings(run)).not.toContain("note gap certain");
  });

  it("of two places", async () => {
    const run = await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, { ...SECOND, name: "vnet3" }));
    expect(findings(run)).not.toContain("note gap certain");
  });
});

describe("statements that cannot be", () => {
  it("of a start after the first frames are not believed", async () => {
    const late = { ...SECOND, from: 31.5, stated: { from: 150 } };
    const run = await inspected(dumpcapFile(frames, FIRST), dumpcapFile(frames, late));
    expect(findings(run)).not.toContain("note gap certain");
  });

  it.each([
    ["an end before the start", { from: 125, to: 20 }],
    ["the far past", { from: -1.7e9, to: -1.7e9 }],
    ["the far future", { from: 1e11, to: 1e11 }],
  ])("of %s make no gap of a time in which frames came", async (_which, stated) => {
    const run = await inspected(dumpcapFile(frames, { ...FIRST, stated }), dumpcapFile(frames, SECOND));
    const gaps = run.findings.filter(({ code }) => code === "gap");
    for (const { from, to } of gaps) expect([toSeconds(from), toSeconds(to)]).toEqual([1_700_000_031, 1_700_000_125]);
    expect(gaps.length).toBeLessThan(2);
  });
});

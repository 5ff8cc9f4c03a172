import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createReader } from "../../src/capture/reader.js";
import type { Finding } from "../../src/findings/finding.js";
import type { Inspection } from "../../src/findings/inspection.js";
import { describe as words } from "../../src/findings/prose.js";
import { Inspector } from "../../src/inspector.js";
import { findingRecord, renewalRecord } from "../../src/report/records.js";
import { pcaps } from "../support/program.js";
import { arp, discover, script, traffic, type Script } from "../support/script.js";
import { alarms, finding, findings, leaseStates } from "../support/script-view.js";
import { StatedStream } from "../support/stated-stream.js";

/** Bound at 1.002 for 60 s: T1 is at 31, T2 at 53.5, the lease ends at 61. Nothing but DHCP is seen of it. */
function bound(): Script {
  return script({ lease: 60 }).bound(1);
}

/** The same, and other frames of it are seen: their absence says something. */
function observable(): Script {
  return bound().at(3, arp()).at(4, traffic());
}

/** Watched from 0 to `to`, but for the gaps, from when to when each. */
function watched(story: Script, to: number, ...gaps: readonly (readonly [number, number])[]): Inspection {
  const frames = [...story.frames].sort((a, b) => a.time - b.time);
  const stream = new StatedStream().watch(0);
  let from = 0;
  for (const [begins, ends] of gaps) {
    stream.seconds(from, begins, frames).gap(begins, "interface gone").watch(ends);
    from = ends;
  }
  return stream.seconds(from, to, frames).inspect();
}

function noRequest(run: Inspection): Finding {
  return finding(run, "no-request");
}

function summary(run: Inspection): string {
  return words(noRequest(run), run).summary.replaceAll("2023-11-14 ", "").replaceAll(" UTC", "");
}

function detail(run: Inspection): string {
  return words(noRequest(run), run).detail.replaceAll("2023-11-14 ", "").replaceAll(" UTC", "");
}

/** Of the records, in seconds from the start of the script. */
function span(run: Inspection): number[] {
  const { from, to } = findingRecord(noRequest(run), run, true, null);
  return [from, to].map((time) => Math.floor(Date.parse(time) / 1000) - 1_700_000_000);
}

/** What is said of a client that is proved to have asked for nothing. */
const ACCUSED = /sent no request|no request passed|No DHCP message of the client is seen in that time/;

const DUE = "52:54:00:00:00:01 was due to renew its address 10.0.0.101 at 22:13:51";
const SILENT = `${DUE} and was not heard of again in time: the client sent no request at T1 or T2; it may have been shut down or moved away.`;

describe("a client whose silence was watched all the time", () => {
  it("sent no request", () => {
    const run = watched(bound(), 200);
    expect(findings(run)).toEqual(["note no-request possible"]);
    expect(summary(run)).toBe(SILENT);
    expect(detail(run)).toContain("Not the server and not a lost reply: no request passed this point.");
    expect(span(run)).toEqual([31, 61]);
  });

  it("is told of in the same words where a gap came before its renewal was due, or after its lease was over", () => {
    for (const gap of [
      [5, 20],
      [70, 80],
    ] as const) {
      const run = watched(bound(), 250, gap);
      expect(findings(run).sort()).toEqual(["note gap certain", "note no-request possible"]);
      expect(summary(run)).toBe(SILENT);
      expect(detail(run)).toContain("T1 was 22:13:51, T2 22:14:13");
      expect(span(run)[0]).toBe(31);
    }
  });

  it("may have asked where the capture lost frames in that time", () => {
    const stream = new StatedStream().watch(0).say("tap0", 0, { until: 0, dropped: 0 });
    stream.seconds(0, 30, bound().frames).say("tap0", 30, { until: 30, dropped: 0 });
    const run = stream.seconds(30, 33, []).say("tap0", 33, { until: 33, dropped: 7 }).seconds(33, 200, []).inspect();
    expect(findings(run)).toContain("note no-request possible");
    expect(summary(run)).toContain("it may be among the frames that the capture lost");
    expect(`${summary(run)} ${detail(run)}`).not.toMatch(/sent no request|no request passed/);
  });
});

/** The first `frames` frames of one recording, cut in the next, and all of another behind it. */
async function torn(first: string, frames: number, second: string): Promise<Inspection> {
  const [cut, whole] = await Promise.all([first, second].map((name) => readFile(join(pcaps, name, "bridge.pcap"))));
  if (cut === undefined || whole === undefined) throw new Error("no recordings");
  let end = 24;
  for (let frame = 0; frame < frames; frame += 1) end += 16 + cut.readUInt32LE(end + 8);
  const inspector = new Inspector({ keepFrames: false, keepHealthy: true });
  const sink = inspector.input("torn.pcap");
  const reader = createReader(sink);
  reader.feed(Buffer.concat([cut.subarray(0, end + 70), whole]));
  reader.end();
  sink.end();
  return inspector.finish();
}

describe("a client that was due to renew where the capture is damaged", () => {
  it("is not said to have been silent", async () => {
    // Frame 54 is the ACK that grants 10.8.12.100 for 40 s at 11:07:05; what is behind the damage begins at 11:08:28, and
    // is of another network.
    const run = await torn("s03-silent-server", 54, "s12-relay");
    const { summary, detail } = words(noRequest(run), run);
    expect(summary).toBe(
      "52:54:00:12:67:64 was due to renew its address 10.8.12.100 at 2026-11-22 11:07:25 UTC, and no request of it was seen in time: what it did from 2026-11-22 11:07:05 UTC to 2026-11-22 11:08:28 UTC is not known; it may have been shut down or moved away.",
    );
    expect(detail).not.toMatch(ACCUSED);
  });
});

describe("a client that was due to renew in a gap", () => {
  it("is not said to have been silent; that it was not seen since is a note", () => {
    const run = watched(bound(), 200, [20, 100]);
    expect(findings(run)).toEqual(["note gap certain", "note no-request possible"]);
    expect(leaseStates(run)).toEqual(["LEFT"]);
    expect(summary(run)).toBe(
      `${DUE}, and no request of it was seen in time: what it did from 22:13:40 to 22:15:00 is not known; it may have been shut down or moved away.`,
    );
    expect(detail(run)).not.toMatch(ACCUSED);
    expect(detail(run)).toContain(
      "Renewed meanwhile, for as long as before, the lease was due again by 22:15:30; no DHCP message of the client is seen from 22:15:00 to 22:15:52.",
    );
  });

  it("has records that are dated from when it was due to when a lease renewed unseen was over", () => {
    const run = watched(bound(), 200, [20, 100]);
    expect(span(run)).toEqual([31, 160]);
    const renewals = run.diagnoses.flatMap((diagnosis) =>
      diagnosis.cycle.kind === "renewal" ? [renewalRecord(diagnosis, diagnosis.cycle, true)] : [],
    );
    expect(renewals).toMatchObject([
      { started: "2023-11-14T22:13:51.002000Z", ended: "2023-11-14T22:16:00.000000Z", outcome: "left", attempts: [] },
    ]);
  });

  it("is not told of before a lease that was renewed at the end of the gap would have been missed", () => {
    expect(findings(watched(bound(), 152, [20, 100]))).toEqual(["note gap certain"]);
  });

  it("is told of alike where T1 was watched, and what came after was not", () => {
    for (const [begins, from] of [
      [35, "22:13:55"],
      [56, "22:14:16"],
    ] as const) {
      const run = watched(bound(), 200, [begins, 100]);
      expect(summary(run)).toContain(
        `${DUE}, and no request of it was seen in time: what it did from ${from} to 22:15:00 is not known`,
      );
      expect(detail(run)).not.toMatch(ACCUSED);
    }
  });

  it("is told of by the last of several gaps", () => {
    const run = watched(bound(), 250, [20, 70], [110, 120]);
    expect(summary(run)).toContain("what it did from 22:15:10 to 22:15:20 is not known");
    expect(detail(run)).not.toMatch(ACCUSED);
  });

  it("is gone where other frames of it were seen before, and none after", () => {
    const run = watched(observable(), 200, [20, 100]);
    expect(alarms(run)).toEqual([]);
    expect(detail(run)).not.toMatch(ACCUSED);
    expect(detail(run)).toContain("No other frame of it was seen after that either");
  });

  it("has no lease, since when is not known, if it is there and asks for nothing for as long as a lease lasts", () => {
    const story = observable();
    for (let at = 102; at < 200; at += 4) story.at(at, traffic());
    const run = watched(story, 200, [20, 100]);
    expect(alarms(run)).toEqual(["error no-request likely"]);
    expect(leaseStates(run)).toEqual(["EXPIRED"]);
    expect(summary(run)).toBe(
      "52:54:00:00:00:01 lost its address 10.0.0.101, at the latest at 22:16:00, and had none by the end of the capture: what it did from 22:13:40 to 22:15:00 is not known; after that no request of it was seen, though it was heard of.",
    );
    expect(detail(run)).not.toMatch(ACCUSED);
  });

  it("has not been seen to ask yet, if a lease that was renewed in the gap is not over", () => {
    const story = observable();
    for (let at = 102; at < 157; at += 2) story.at(at, traffic());
    const run = watched(story, 157, [20, 100]);
    expect(alarms(run)).toEqual(["error no-request likely"]);
    expect(summary(run)).toContain(`${DUE}, and no request of it was seen yet: what it did from 22:13:40`);
    expect(detail(run)).not.toMatch(ACCUSED);
  });

  it("began anew, if it did so long after the gap", () => {
    const run = watched(
      bound()
        .at(178, discover({ xid: 8 }))
        .bound(180, { xid: 9 }),
      240,
      [20, 100],
    );
    expect(alarms(run)).toEqual(["warning no-request likely"]);
    expect(summary(run)).toContain(
      "what it did from 22:13:40 to 22:15:00 is not known; after that no request of it was seen until it began anew.",
    );
    expect(summary(run)).toContain("lost its address 10.0.0.101, at the latest at 22:16:00, and had none for");
    expect(detail(run)).not.toMatch(ACCUSED);
  });
});

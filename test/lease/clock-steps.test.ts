import { describe, expect, it } from "vitest";
import { formatInstant } from "../../src/capture/instant.js";
import type { Inspection } from "../../src/findings/inspection.js";
import type { Wire } from "../support/script-frames.js";
import { ack, arp, discover, rebind, renew, script, traffic, type Script } from "../support/script.js";
import { alarms, causes, cycles, finding, findings, leaseStates, outcomes } from "../support/script-view.js";
import { feed, type FeedOptions } from "../support/script-feed.js";

/** The clock is set by so many seconds at that time: what comes later is stamped by it. */
interface Step {
  readonly at: number;
  readonly by: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const BACK = [-60, -5 * 60, -HOUR, -YEAR, -40 * YEAR];
const AHEAD = [5 * 60, HOUR, DAY, 3 * YEAR];

function stamped({ frames }: Script, ...steps: readonly Step[]): Wire[] {
  return frames.map((frame) => ({
    ...frame,
    time: frame.time + steps.reduce((sum, { at, by }) => sum + (frame.time >= at ? by : 0), 0),
  }));
}

/** Both ways in which blocks may fall. */
function eachWay(frames: readonly Wire[], options: FeedOptions = {}): Inspection {
  const one = feed(frames, { ...options, block: 1 });
  const whole = feed(frames, { ...options, block: Infinity });
  expect([findings(whole), cycles(whole), outcomes(whole)]).toEqual([findings(one), cycles(one), outcomes(one)]);
  return one;
}

/** Many clients with leases of two minutes that renew as they should, on a bridge where something is seen each second. */
function healthy(clients: number, seconds: number): Script {
  const story = script({ lease: 120 });
  for (let client = 1; client <= clients; client += 1) {
    const first = client * 0.5;
    story.bound(first, { client, xid: client });
    for (let at = first + 60, index = 1; at < seconds; at += 60, index += 1) {
      story.renewed(at, { client, xid: index * 1000 + client });
    }
    for (let at = first + 5; at < seconds; at += 7) story.at(at, traffic({ client }));
  }
  story.frames.sort((a, b) => a.time - b.time);
  return story;
}

describe("a clock that is set back", () => {
  it.each(BACK)("by %d s makes no client ill, and a note tells it", (by) => {
    const run = eachWay(stamped(healthy(30, 400), { at: 200, by }));
    expect(findings(run)).toEqual(["note clock-step certain"]);
    const note = finding(run, "clock-step");
    const told = note.kind === "note" ? (note.step?.seconds ?? 0) : 0;
    expect(told).toBeGreaterThanOrEqual(by);
    expect(told).toBeLessThan(by + 2);
    expect(cycles(run).every((cycle) => /bound|renewed|pending/.test(cycle))).toBe(true);
  });

  it("loses no frame, and each keeps its own stamp", () => {
    const frames = stamped(healthy(3, 300), { at: 150, by: -HOUR });
    const run = eachWay(frames);
    expect(run.inputs[0]?.frames).toBe(frames.length);
    expect(run.inputs[0]?.dhcp).toBe(run.frames.length);
    const printed = run.frames.map(({ sighting }) => formatInstant(sighting.instant));
    const start = 1_700_000_000;
    const own = new Map(frames.map(({ time }, index) => [index + 1, time]));
    expect(printed).toEqual(
      run.frames.map(({ sighting: { frameNumber } }) => {
        const micros = Math.round((start + (own.get(frameNumber) ?? NaN)) * 1e6);
        return `${new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19)}.${String(micros % 1e6).padStart(6, "0")}000Z`;
      }),
    );
  });

  it("by less than the time between two frames of a quiet bridge makes no client ill either", () => {
    const story = script({ lease: 120 }).bound(0);
    for (const at of [60, 120, 180, 240, 300]) story.renewed(at, { xid: at });
    const run = eachWay(stamped(story.until(310), { at: 175, by: -90 }));
    expect(alarms(run)).toEqual([]);
    expect(findings(run)).toEqual(["note clock-step certain"]);
    expect(causes(run)).toEqual([]);
  });

  it("has a client that was to renew at that moment renew as if nothing were", () => {
    const story = script({ lease: 120 }).bound(0).at(59, arp()).at(59.99, renew()).at(60.01, ack());
    const run = eachWay(stamped(story.renewed(120, { xid: 7 }).until(130), { at: 60, by: -HOUR }));
    expect(alarms(run)).toEqual([]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
  });

  it("hides no loss that comes after it", () => {
    const story = healthy(3, 150).bound(150, { client: 9, xid: 9 });
    story.at(151, arp({ client: 9 })).at(155, arp({ client: 9 }));
    story.at(210, renew({ client: 9, xid: 10 })).at(235, renew({ client: 9, xid: 10, secs: 25 }));
    story.at(255, rebind({ client: 9, xid: 10, secs: 45 })).at(262, rebind({ client: 9, xid: 10, secs: 52 }));
    story.bound(270.1, { client: 9, xid: 11 });
    story.renewed(330.1, { client: 9, xid: 12 }).until(335);
    const run = eachWay(stamped(story, { at: 153, by: -DAY }));
    expect(alarms(run)).toEqual(["error no-reply certain"]);
    expect(leaseStates(run)).toContain("EXPIRED");
  });

  it("in the midst of a loss leaves it a loss", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(60, renew())
      .at(85, renew({ secs: 25 }));
    story
      .at(105, rebind({ secs: 45 }))
      .at(112, rebind({ secs: 52 }))
      .at(120.1, discover({ xid: 2 }));
    const run = eachWay(stamped(story.bound(121, { xid: 2 }).until(125), { at: 100, by: -HOUR }));
    expect(alarms(run)).toHaveLength(1);
    expect(alarms(run)[0]).toMatch(/^error no-reply/);
  });

  it("again and again is told once, and how often", () => {
    const steps = Array.from({ length: 50 }, (_, index) => ({ at: 20 + index * 5, by: -HOUR }));
    const run = eachWay(stamped(healthy(5, 300), ...steps));
    expect(findings(run)).toEqual(["note clock-step certain"]);
    const note = finding(run, "clock-step");
    expect(note.kind === "note" && note.count).toBe(50);
  });

  it("is no clock that was set where frames only overtook each other", () => {
    const { frames } = healthy(5, 200);
    const overtaken = frames.flatMap((frame, index) => {
      const next = frames[index + 1];
      const previous = frames[index - 1];
      const swaps = (at: number, a?: Wire, b?: Wire): boolean =>
        at % 2 === 0 && a !== undefined && b !== undefined && b.time - a.time < 0.9;
      if (swaps(index, frame, next)) return next ?? [];
      return swaps(index - 1, previous, frame) ? (previous ?? []) : frame;
    });
    expect(overtaken).not.toEqual(frames);
    expect(findings(eachWay(overtaken))).toEqual([]);
  });

  it("in two files of one host leaves each message one message", () => {
    const story = healthy(5, 300);
    const both = stamped(story, { at: 150, by: -HOUR }).flatMap((frame) => [
      frame,
      { ...frame, time: frame.time + 0.00002, point: 1 },
    ]);
    const run = feed(both, { points: ["bridge", "tap"], apart: true, block: 10 });
    expect(alarms(run)).toEqual([]);
    const messages = new Set(run.frames.map(({ sighting }) => sighting.message));
    expect(messages.size).toBe(run.frames.length / 2);
  });
});

describe("a clock that is set forward", () => {
  it.each(AHEAD)("by %d s makes no client ill, though the clients are seen all the time", (by) => {
    const run = eachWay(stamped(healthy(30, 400), { at: 200, by }));
    expect(alarms(run)).toEqual([]);
    expect(causes(run)).toEqual([]);
  });

  it("is told where clients keep addresses whose leases would have run out", () => {
    const run = eachWay(stamped(healthy(30, 400), { at: 200, by: DAY }));
    expect(findings(run)).toEqual(["note clock-step certain"]);
  });

  it("again and again counts each client that did not notice once", () => {
    const story = healthy(3, 900);
    const run = eachWay(stamped(story, ...[200, 400, 600].map((at) => ({ at, by: DAY }))));
    const note = finding(run, "clock-step");
    expect(note.kind === "note" && note.count).toBe(3);
  });

  it.each([2 * YEAR, 40 * YEAR])("by %d s is told once, though all clients begin anew behind it", (by) => {
    const [before, after] = [healthy(30, 100), healthy(30, 100)];
    const frames = [...before.frames, ...after.frames.map((frame) => ({ ...frame, time: frame.time + 200 + by }))];
    const run = eachWay(frames);
    expect(findings(run)).toEqual(["note clock-step certain"]);
    const note = finding(run, "clock-step");
    expect(note.kind === "note" && note.step?.frameNumber).toBe(before.frames.length + 1);
    expect(note.kind === "note" && note.step?.seconds).toBeGreaterThan(by);
  });

  it("just before the end makes no client ill", () => {
    for (const by of AHEAD) expect(alarms(eachWay(stamped(healthy(30, 210), { at: 200, by })))).toEqual([]);
  });

  it("in the midst of a renewal that is answered leaves it healthy", () => {
    const story = healthy(3, 59);
    story
      .at(60.6, renew({ client: 1 }))
      .at(64.6, renew({ client: 1, secs: 4 }))
      .at(64.61, ack({ client: 1 }));
    story.renewed(124.6, { client: 1, xid: 8 }).until(130);
    expect(alarms(eachWay(stamped(story, { at: 62, by: DAY })))).toEqual([]);
  });

  it("hides no loss that comes after it", () => {
    const story = script({ lease: 120 }).bound(0).at(20, arp());
    for (const at of [60, 85]) story.at(at, renew({ secs: at - 60 }));
    story
      .at(105, rebind({ secs: 45 }))
      .at(112, rebind({ secs: 52 }))
      .at(120.1, discover({ xid: 2 }));
    const run = eachWay(stamped(story.bound(121, { xid: 2 }).until(125), { at: 30, by: DAY }));
    expect(alarms(run)).toHaveLength(1);
    expect(alarms(run)[0]).toMatch(/^error no-reply/);
  });

  it("is not told where a bridge was merely quiet", () => {
    const run = eachWay(script({ lease: 7200 }).bound(0).at(1, arp()).renewed(3600).renewed(7200, { xid: 3 }).frames);
    expect(findings(run)).toEqual([]);
  });
});

describe("one broken stamp", () => {
  it.each([0, 1, 0xffffffff, 0x7fffffff])("of %d s since 1970 makes nobody ill", (stamp) => {
    for (const which of [100, 101, 105, 106, 111]) {
      const { frames } = healthy(10, 300);
      const broken = frames.map((frame, index) =>
        index === which ? { ...frame, time: stamp - 1_700_000_000 } : frame,
      );
      const run = eachWay(broken);
      expect(alarms(run)).toEqual([]);
      expect(run.inputs[0]?.frames).toBe(frames.length);
    }
  });

  it("again and again makes nobody ill", () => {
    const { frames } = healthy(10, 300);
    const broken = frames.map((frame, index) => (index % 10 === 0 ? { ...frame, time: (index % 20) * 1e8 } : frame));
    expect(alarms(eachWay(broken))).toEqual([]);
  });

  it("in every other frame of twenty thousand leaves each its own, and everything printable", () => {
    const [frame] = script().at(0, discover()).frames;
    if (frame === undefined) throw new Error("no frame");
    const wild = Array.from({ length: 20_000 }, (_, index) => ({ ...frame, time: index % 2 === 0 ? 0 : 2.5e9 }));
    const run = feed(wild, { block: 1000 });
    expect(run.inputs[0]?.dhcp).toBe(wild.length);
    for (const { sighting } of run.frames) expect(formatInstant(sighting.instant)).toMatch(/^20(23|10)|^2103/);
  });
});

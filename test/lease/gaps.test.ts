import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/findings/inspection.js";
import { describe as words } from "../../src/findings/prose.js";
import { arp, discover, rebind, renew, script, traffic, type Script } from "../support/script.js";
import { alarms, causes, cycles, finding, findings, leaseStates, outcomes } from "../support/script-view.js";
import { StatedStream } from "../support/stated-stream.js";

/** In blocks of several sizes alike. */
function inspected(stream: StatedStream): Inspection {
  const whole = stream.inspect();
  const pieces = stream.inspect([1, 7, 64, 1500]);
  expect([findings(pieces), cycles(pieces), outcomes(pieces)]).toEqual([
    findings(whole),
    cycles(whole),
    outcomes(whole),
  ]);
  return whole;
}

/** A watch from 0 to `to` that sees all frames of the script but those in the gap. */
function withGap(story: Script, from: number, until: number, to: number): Inspection {
  const stream = new StatedStream().watch(0);
  stream.seconds(0, from, story.frames).gap(from, "interface gone");
  return inspected(stream.watch(until).seconds(until, to, story.frames));
}

/** The same frames are missing, and nobody says why. */
function withoutWord(story: Script, from: number, until: number, to: number): Inspection {
  const rest = story.frames.filter(({ time }) => time < from || time >= until);
  return inspected(new StatedStream().watch(0).seconds(0, to, rest));
}

/** A client that is bound at 1 and renews as it should; traffic of it each five seconds. */
function healthy(to: number): Script {
  const story = script({ lease: 60 }).bound(1);
  for (let at = 31; at < to; at += 30) story.renewed(at, { xid: at });
  for (let at = 3; at < to; at += 5) story.at(at, traffic());
  story.frames.sort((a, b) => a.time - b.time);
  return story;
}

describe("what falls into a gap", () => {
  it("accuses no client of a renewal that it did not ask for, and it is said", () => {
    const story = healthy(150);
    expect(alarms(withoutWord(story, 25, 125, 150))).not.toEqual([]);
    const run = withGap(story, 25, 125, 150);
    expect(alarms(run)).toEqual([]);
    expect(findings(run)).toEqual(["note gap certain"]);
    expect(words(finding(run, "gap"), run).summary).toBe(
      "Nothing was captured on tap0 from 2023-11-14 22:13:45 UTC to 2023-11-14 22:15:25 UTC (1 min 40 s), interface gone: what happened there meanwhile is not known.",
    );
  });

  it("accuses no server of an answer that it may have given", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(60, traffic());
    // Watched for half a second after the request only.
    const frames = story.frames;
    const stream = new StatedStream()
      .watch(0)
      .seconds(0, 31, frames)
      .frames(frames.filter(({ time }) => time === 31));
    stream.gap(31.5, "capture process ended").watch(50).seconds(50, 70, frames);
    expect(causes(inspected(stream))).toEqual([]);
    expect(causes(withGap(story, 40, 50, 70))).toEqual(["no-reply likely"]);
  });

  it("is no silence of a server", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(34, renew({ xid: 5 }))
      .at(38, renew({ xid: 5 }));
    story.renewed(58, { xid: 6 }).at(65, traffic());
    const silences = (run: Inspection): unknown => run.servers.map(({ silences: all }) => all.map(({ to }) => to));
    expect(silences(withoutWord(story, 40, 50, 70))).toEqual([[expect.closeTo(1_700_000_058.001, 3)]]);
    expect(silences(withGap(story, 40, 50, 70))).toEqual([[1_700_000_040]]);
  });

  it("costs no lease: its renewal may have succeeded", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(34, renew({ xid: 5 }));
    story.at(90, traffic());
    expect(leaseStates(withoutWord(story, 40, 50, 100))).toEqual(["EXPIRED"]);
    const run = withGap(story, 40, 50, 100);
    expect(leaseStates(run)).toEqual(["RENEWING"]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal pending"]);
  });

  it("makes no guest leave", () => {
    const story = script({ lease: 60 }).bound(1).at(10, arp());
    expect(leaseStates(withoutWord(story, 20, 100, 120))).toEqual(["LEFT"]);
    expect(leaseStates(withGap(story, 20, 100, 120))).toEqual(["BOUND"]);
  });

  it("hides how a client got its address: it is not blind here", () => {
    const story = script({ lease: 60 }).at(10, discover()).bound(11).renewed(41, { xid: 9 });
    const run = withGap(story, 10.5, 20, 50);
    expect(findings(run)).toEqual(["note gap certain"]);
  });

  it("does not hide a lease that is lost in full view afterwards", () => {
    const story = script({ lease: 60 }).bound(1).renewed(31, { xid: 2 });
    for (const at of [61, 64, 69, 75]) story.at(at, renew({ xid: 3 }));
    story
      .at(84, rebind({ xid: 3 }))
      .bound(92, { xid: 4 })
      .at(100, traffic());
    const run = withGap(story, 35, 38, 110);
    expect(leaseStates(run)).toContain("EXPIRED");
    expect(alarms(run)).toEqual(["error no-reply likely"]);
  });
});

describe("a gap of one interface", () => {
  const names = ["br0", "vnet3"];

  it("does not matter where the client is seen at another one all the time", () => {
    const story = script({ lease: 60 }).bound(1, { point: 0 });
    story
      .at(31, renew({ xid: 5, point: 0 }))
      .at(34, renew({ xid: 5, point: 0 }))
      .at(38, renew({ xid: 5, point: 0 }));
    story.at(55, rebind({ xid: 5, point: 0 })).at(90, traffic({ point: 0 }));
    const stream = new StatedStream().watch(0, names).seconds(0, 40, story.frames, names);
    stream.gap(40, "interface gone", "vnet3").seconds(40, 50, story.frames, names);
    stream.watch(50, ["vnet3"]).seconds(50, 100, story.frames, names);
    expect(leaseStates(inspected(stream))).toEqual(["EXPIRED"]);
  });

  it("makes no second point of it, and nothing undelivered", () => {
    const story = script({ lease: 60 });
    const both = (at: number, make: () => void): void => {
      make();
      story.again(at + 0.0001, { point: 1 });
    };
    for (const [at, xid] of [
      [1, 1],
      [31, 2],
      [61, 3],
      [91, 4],
    ] as const) {
      both(at, () => story.at(at, renew({ xid, point: 0 })));
    }
    const stream = new StatedStream().watch(0, names).seconds(0, 40, story.frames, names);
    stream.section().watch(41, names).seconds(41, 100, story.frames, names);
    const run = inspected(stream);
    expect(run.inputs[0]?.interfaces.map(({ name }) => name)).toEqual(names);
    expect(run.frames.map(({ sighting }) => sighting.point.interface)).toEqual(
      story.frames.map(({ point }) => names[point]),
    );
    expect(causes(run)).not.toContain("not-delivered");
  });
});

describe("a watch that goes on", () => {
  it("has no gap where sections follow each other without one", () => {
    const story = healthy(100);
    const stream = new StatedStream().watch(0).seconds(0, 40, story.frames);
    stream.section().watch(40).seconds(40, 100, story.frames);
    expect(findings(inspected(stream))).toEqual([]);
  });

  it("has none after its end, though the interface is said to be left", () => {
    const stream = new StatedStream().watch(0).seconds(0, 40, healthy(100).frames).gap(40, "the capture was ended");
    expect(findings(inspected(stream))).toEqual([]);
  });

  it("has one where an interface goes away and does not come back while others are watched", () => {
    const names = ["br0", "vnet3"];
    const stream = new StatedStream().watch(0, names).seconds(0, 40, healthy(100).frames, names);
    stream.gap(40, "interface gone", "vnet3").seconds(40, 90, healthy(100).frames, names);
    const run = inspected(stream);
    expect(words(finding(run, "gap"), run).summary).toBe(
      "Nothing was captured on vnet3 from 2023-11-14 22:14:00 UTC on, interface gone: what happened there meanwhile is not known.",
    );
  });

  it("ends with the process that died: at its last word, or its last frame", () => {
    const story = healthy(100);
    const stream = new StatedStream().watch(0).seconds(0, 40, story.frames);
    stream.frames(script().at(40.5, traffic()).frames);
    stream.section().watch(44).seconds(44, 100, story.frames);
    const run = inspected(stream);
    expect(findings(run)).toEqual(["note gap certain"]);
    expect(words(finding(run, "gap"), run).summary).toContain("(4 s)");
  });
});

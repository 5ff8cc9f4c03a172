import { describe, expect, it } from "vitest";
import { formatInstant } from "../../src/capture/instant.js";
import { Inspector } from "../../src/inspector.js";
import { discover, rebind, renew, script, type Script } from "../support/script.js";
import { alarms, cycles, findings, lastLease, leaseStates } from "../support/script-view.js";

/** Where scripts begin, in seconds since 1970. */
const START = 1_700_000_000;

/** Around the ends of 31 and 32 bits of seconds (2038-01-19 and 2106-02-07), and beyond. */
const MOMENTS = [2 ** 31, 2 ** 32, 2 ** 33].map((end) => end - START - 90);

/** Two healthy renewals and a lost one, across the end. */
function losing(from: number): Script {
  const story = script({ lease: 120 })
    .bound(from)
    .renewed(from + 60, { xid: 2 })
    .renewed(from + 120, { xid: 3 });
  story.at(from + 180, renew({ xid: 4 })).at(from + 205, renew({ xid: 4, secs: 25 }));
  story.at(from + 225, rebind({ xid: 4, secs: 45 })).at(from + 232, rebind({ xid: 4, secs: 52 }));
  return story.at(from + 240.1, discover({ xid: 5 })).until(from + 241);
}

describe("times beyond 31 and 32 bits", () => {
  it.each(MOMENTS)("are times like others (%d s from the start)", (from) => {
    const run = losing(from).run();
    expect(cycles(run).slice(0, 3)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
    expect(alarms(run)).toEqual(["error no-reply certain"]);
    expect(leaseStates(run)).toEqual(["EXPIRED"]);
    expect(alarms(losing(0).run())).toEqual(alarms(run));
  });

  it("are printed with their year", () => {
    expect(formatInstant({ seconds: 2 ** 31, nanos: 0, digits: 6 })).toBe("2038-01-19T03:14:08.000000Z");
    expect(formatInstant({ seconds: 2 ** 32, nanos: 0, digits: 6 })).toBe("2106-02-07T06:28:16.000000Z");
    expect(formatInstant({ seconds: 2 ** 32 + 10, nanos: 0, digits: 6, shift: 10 })).toBe(
      "2106-02-07T06:28:16.000000Z",
    );
  });
});

describe("lease times at the ends of 32 bits (RFC 2131 sections 3.3, 4.4.5)", () => {
  it.each([
    [{ lease: 120, t1: 0xffffffff }],
    [{ lease: 120, t2: 0xffffffff }],
    [{ lease: 120, t1: 0xffffffff, t2: 0xffffffff }],
    [{ lease: 120, t1: 0x80000000, t2: 0xfffffffe }],
  ])("fall back to the defaults where T1 or T2 lies beyond the lease: %o", (options) => {
    const run = script(options).bound(0).renewed(60, { xid: 2 }).renewed(120, { xid: 3 }).until(130).run();
    expect(lastLease(run).terms).toMatchObject({ leaseTime: 120, t1: 60, t2: 105 });
    expect(alarms(run)).toEqual([]);
  });

  it("of all ones have no end, whatever T1 and T2 say", () => {
    const run = script({ lease: 0xffffffff, t1: 60, t2: 105 }).bound(0).until(3e9).run();
    expect(lastLease(run).terms).toMatchObject({ leaseTime: Infinity, t1: Infinity });
    // Stamps that jump by years are told; nobody is blamed.
    expect(findings(run)).toEqual(["note clock-step certain"]);
  });

  it("of 68 years end beyond the calendar of 32 bits, and not before", () => {
    const run = script({ lease: 0x7fffffff })
      .bound(0)
      .until(0x7fffffff / 2)
      .run();
    expect(findings(run)).toEqual(["note clock-step certain"]);
    expect(leaseStates(run)).toEqual(["BOUND"]);
  });

  it("of nothing are over at once, and no client that asks again is ill by it", () => {
    const story = script({ lease: 0 });
    for (let at = 0; at < 5; at += 1) story.bound(at, { xid: at + 1 });
    expect(alarms(story.until(6).run())).toEqual([]);
  });
});

describe("more than 2^31 frames", () => {
  it("are counted on", () => {
    const [frame] = script().at(0, discover()).frames;
    if (frame === undefined) throw new Error("no frame");
    const inspector = new Inspector({ keepFrames: true, keepHealthy: true });
    const sink = inspector.input("long.pcap");
    sink.interface({ index: 0, name: null, linkType: 1, digits: 6 });
    sink.facts.frames = 2 ** 31 - 1;
    const { bytes } = frame;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const second of [0, 1, 2]) sink.frame(bytes, view, 0, bytes.length, bytes.length, START + second, 0, 0);
    sink.end();
    const numbers = inspector.finish().frames.map(({ sighting }) => sighting.frameNumber);
    expect(numbers).toEqual([2 ** 31, 2 ** 31 + 1, 2 ** 31 + 2]);
  });
});

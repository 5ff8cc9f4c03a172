import { describe, expect, it } from "vitest";
import { ack, arp, discover, nak, offer, rebind, release, renew, request, script, traffic } from "../support/script.js";
import { watchFrames, type Told } from "./watched.js";

/** "kind" and what tells events of one kind apart. */
function brief({ event, at }: Told): readonly [string, number] {
  switch (event.kind) {
    case "trouble":
      return [`trouble ${event.reason.finding.code} ${event.reason.finding.confidence}`, at];
    case "forecast":
      return [`forecast ${event.occasion}${event.asked ? "" : " unasked"} ${Math.round(event.remaining)}`, at];
    case "lost":
      return [`lost ${event.how}`, at];
    case "recovered":
      return [`recovered ${Math.round(event.after)}`, at];
    case "succeeded":
      return [`succeeded ${event.lost}`, at];
    case "remedied":
      return [`remedied ${event.ignored}`, at];
    default:
      return [event.kind, at];
  }
}

function kinds(told: readonly Told[]): string[] {
  return told.map((each) => brief(each)[0]);
}

/** Seconds at which something of that kind was told. */
function timesOf(told: readonly Told[], kind: string): number[] {
  return told.map(brief).flatMap(([text, at]) => (text.startsWith(kind) ? [at] : []));
}

// Leases of 1000 s: T1 after 500 s, T2 after 875 s (RFC 2131 section 4.4.5).
const LEASE = 1000;

describe("a healthy client", () => {
  it("is not spoken of", async () => {
    const { frames } = script({ lease: LEASE }).bound(0).renewed(500).renewed(1000).until(1300);
    expect((await watchFrames(frames)).told).toEqual([]);
  });

  it("that takes partial replies is not either", async () => {
    const { frames } = script({ lease: LEASE, sum: "partial" }).bound(0).renewed(500).renewed(1000).until(1300);
    expect((await watchFrames(frames)).told).toEqual([]);
  });

  it("whose renewal needed a second request a moment later is not either", async () => {
    const { frames } = script({ lease: LEASE })
      .bound(0)
      .at(500, renew())
      .renewed(503, { secs: 3 })
      .renewed(1003)
      .until(1100);
    expect((await watchFrames(frames)).told).toEqual([]);
  });
});

describe("a client whose replies carry partial sums that it ignores", () => {
  const ignored = script({ lease: LEASE })
    .bound(0)
    .at(500, renew())
    .at(500.01, ack({ sum: "partial" }))
    .at(700, renew({ secs: 200 }))
    .at(700.01, ack({ sum: "partial" }))
    .at(875, rebind({ secs: 375 }))
    .at(875.01, ack({ sum: "partial" }))
    .at(980, rebind({ secs: 480 }))
    .at(980.01, ack({ sum: "partial" }))
    .bound(1000, { xid: 2 })
    .renewed(1500, { xid: 2 })
    .until(1510);

  it("is warned of before it loses its address, at T2 and at each step, and told when it has one again", async () => {
    const { told } = await watchFrames(ignored.frames);
    expect(kinds(told)).toEqual([
      "trouble offload-partial possible",
      "trouble offload-partial likely",
      "forecast t2 123",
      "forecast step 60",
      "lost expired",
      "recovered 0",
    ]);
  });

  it("is warned of when there is still time", async () => {
    const { told } = await watchFrames(ignored.frames);
    const [lost] = timesOf(told, "lost");
    // The step of 300 s was passed when it became known that replies are ignored; that line says when the lease ends.
    expect(timesOf(told, "trouble")[0]).toBeLessThan(705);
    expect(timesOf(told, "forecast step")).toEqual([expect.closeTo(940, 1)]);
    // By the DISCOVER at 1000 s, as soon as nothing can come before it any more.
    expect(lost).toBeGreaterThanOrEqual(1000);
    expect(lost).toBeLessThan(1004);
  });

  it("is warned of at the steps that were asked for, and no others", async () => {
    const { told } = await watchFrames(ignored.frames, { warnBefore: [30] });
    expect(timesOf(told, "forecast step")).toEqual([expect.closeTo(970, 1)]);
    expect(timesOf(told, "forecast t2")).toHaveLength(1);
  });
});

describe("a remedy", () => {
  const broken = script({ lease: LEASE })
    .bound(0)
    .at(500, renew())
    .at(500.01, ack({ sum: "partial" }))
    .at(700, renew({ secs: 200 }))
    .at(700.01, ack({ sum: "partial" }));

  it("is told to work once a sound renewal is taken", async () => {
    const { frames } = broken.renewed(800, { secs: 300 }).renewed(1300).until(1310);
    expect(kinds((await watchFrames(frames)).told).slice(-2)).toEqual(["succeeded 2", "remedied 2"]);
  });

  it("is not told to work because the first ACK of a new lease is sound, as many servers send it", async () => {
    const lost = script({ lease: LEASE })
      .bound(0)
      .at(500, renew())
      .at(500.01, ack({ sum: "partial" }))
      .at(700, renew({ secs: 200 }))
      .at(700.01, ack({ sum: "partial" }))
      .bound(1000, { xid: 2 })
      .at(1500, renew({ xid: 2 }))
      .until(1501);
    expect(timesOf((await watchFrames(lost.frames)).told, "remedied")).toEqual([]);
  });
});

describe("a server that is silent", () => {
  const silent = script({ lease: LEASE })
    .bound(0)
    .renewed(500)
    .at(1000, renew())
    .at(1200, renew({ secs: 200 }));

  it("is told of before the client asks again, once there was time for an answer", async () => {
    const { told } = await watchFrames(silent.until(1205).frames);
    expect(timesOf(told, "trouble no-reply")[0]).toBe(1010);
  });

  it("costs the client its address at expiry, told without any further frame of it", async () => {
    const { frames } = silent
      .at(1375, rebind({ secs: 375 }))
      .at(1450, arp())
      .until(1600);
    const { told } = await watchFrames(frames);
    // Granted at 500 s for 1000 s; a client may be up to 4 % late.
    const [lost] = timesOf(told, "lost expired");
    expect(lost).toBeGreaterThan(1500);
    expect(lost).toBeLessThan(1545);
  });
});

describe("a refusal", () => {
  it("is told as the loss that it is", async () => {
    const { frames } = script({ lease: LEASE })
      .bound(0)
      .at(500, renew())
      .at(500.01, nak())
      .bound(501, { xid: 2 })
      .renewed(1001, { xid: 2 })
      .until(1010);
    const { told } = await watchFrames(frames);
    expect(kinds(told)).toEqual(["lost refused", "recovered 1"]);
  });
});

describe("a client that does not ask to renew its lease", () => {
  it("is warned of where it is known to be there", async () => {
    const { frames } = script({ lease: LEASE })
      .bound(0)
      .at(100, traffic())
      .at(600, traffic())
      .at(930, traffic())
      .at(990, traffic())
      .at(1100, traffic())
      .until(1110);
    const { told } = await watchFrames(frames);
    expect(timesOf(told, "forecast t2 unasked")).toHaveLength(1);
    expect(timesOf(told, "lost expired")).toHaveLength(1);
  });

  it("has left where nothing of it is seen any more, and alarms nobody", async () => {
    const { frames } = script({ lease: LEASE }).bound(0).at(100, traffic()).until(5000);
    expect(kinds((await watchFrames(frames)).told)).toEqual(["left"]);
  });

  it("is not spoken of if it gave its address back", async () => {
    const { frames } = script({ lease: LEASE }).bound(0).at(100, release()).until(5000);
    expect((await watchFrames(frames)).told).toEqual([]);
  });
});

describe("a client that never gets an address", () => {
  it("is told of after the third unanswered question, and when it gets one", async () => {
    const { frames } = script({ lease: LEASE })
      .at(0, discover())
      .at(4, discover({ secs: 4 }))
      .at(12, discover({ secs: 12 }))
      .at(28, discover({ secs: 28 }))
      .at(28.01, offer())
      .at(28.02, request())
      .at(28.03, ack())
      .at(528, renew())
      .at(528.1, ack())
      .until(600);
    const { told } = await watchFrames(frames);
    expect(kinds(told).at(-1)).toBe("succeeded 3");
    expect(timesOf(told, "trouble").length).toBeGreaterThan(0);
  });
});

describe("leases of months", () => {
  it("are warned of in time, though no timer of the system reaches so far", async () => {
    const day = 86_400;
    const { frames } = script({ lease: 120 * day })
      .bound(0)
      .at(60 * day, renew())
      .at(80 * day, renew({ secs: 9 }))
      .at(105 * day, rebind({ secs: 9 }))
      .at(119 * day, rebind({ secs: 9 }))
      .until(121 * day);
    const { told } = await watchFrames(frames, { warnBefore: [day, 3600] });
    expect(timesOf(told, "forecast step").map((at) => at / day)).toEqual([
      expect.closeTo(119, 4),
      expect.closeTo(120 - 1 / 24, 4),
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { ack, arp, decline, discover, nak, rebind, release, renew, script, type Script } from "../support/script.js";
import { alarms, cycles, finding, findings, lastLease, leaseStates } from "../support/script-view.js";

function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

describe("the state of a lease", () => {
  it.each([
    ["BOUND once it was granted", bound().until(30), "BOUND"],
    ["BOUND again after a renewal", bound().renewed(60).until(90), "BOUND"],
    ["RENEWING while unicasts wait for an answer", bound().at(60, renew()).until(70), "RENEWING"],
    ["REBINDING while broadcasts do", bound().at(60, renew()).at(105, rebind()).until(110), "REBINDING"],
    ["EXPIRED at a DISCOVER at its end", bound().at(60, renew()).at(105, rebind()).at(120, discover()), "EXPIRED"],
    [
      "ABANDONED when the client gives up before",
      bound().at(60, renew()).at(90, renew()).at(99, discover()),
      "ABANDONED",
    ],
    ["REFUSED by a NAK", bound().at(60, renew()).at(60.1, nak()).at(60.2, discover()), "REFUSED"],
    ["RELEASED by its client", bound().at(20, release()).until(300), "RELEASED"],
    ["DECLINED by its client", bound().at(1, decline()).until(300), "DECLINED"],
    [
      "SUPERSEDED by a restart",
      bound()
        .at(20, discover({ xid: 2 }))
        .until(25),
      "SUPERSEDED",
    ],
  ])("is %s", (_name, story, state) => {
    expect(leaseStates(story.run())[0]).toBe(state);
  });

  it("is LEFT when the client is seen no more, though others of its frames were", () => {
    const run = bound().at(20, arp()).renewed(60).at(70, arp()).renewed(120).at(121, arp()).until(900).run();
    expect(leaseStates(run)).toEqual(["LEFT"]);
    expect(alarms(run)).toEqual([]);
  });
});

describe("a client that ends its lease itself", () => {
  it("by RELEASE misses nothing afterwards", () => {
    expect(findings(bound().at(20, release()).until(300).run())).toEqual([]);
  });

  it("by RELEASE in the middle of a renewal has lost nothing", () => {
    const run = bound().at(60, renew()).at(65, release()).until(300).run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal left"]);
    expect(alarms(run)).toEqual([]);
  });

  it("by RELEASE may be bound again", () => {
    const run = bound().at(20, release()).bound(40, { xid: 2 }).until(70).run();
    expect(leaseStates(run)).toEqual(["RELEASED", "BOUND"]);
    expect(findings(run)).toEqual([]);
  });

  it("by DECLINE has found its address in use: a warning", () => {
    const run = bound().at(1, decline()).bound(12, { xid: 2, address: "10.0.0.150" }).until(40).run();
    expect(finding(run, "duplicate-address")).toMatchObject({ severity: "warning" });
    expect(leaseStates(run)).toEqual(["DECLINED", "BOUND"]);
  });

  it("by a restart before T1 has lost nothing", () => {
    const run = bound().bound(20, { xid: 2 }).bound(50, { xid: 3 }).until(90).run();
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "SUPERSEDED", "BOUND"]);
    expect(findings(run)).toEqual([]);
  });
});

describe("the outage after a loss", () => {
  it("lasts from the expiry to the ACK of the next lease", () => {
    const run = bound()
      .at(60, renew())
      .at(105, rebind())
      .at(120.002, discover({ xid: 2 }))
      .bound(150, { xid: 3 })
      .until(160)
      .run();
    expect(run.leases[0]?.outage).toBeCloseTo(30, 1);
  });

  it("lasts from the NAK to the ACK of the next lease", () => {
    const run = bound().at(60, renew()).at(60.1, nak()).bound(62, { xid: 2 }).until(70).run();
    expect(run.leases[0]?.outage).toBeCloseTo(1.9, 1);
  });

  it("begins at the expiry, not at the DISCOVER of a client that was frozen meanwhile", () => {
    const run = bound().at(60, renew()).at(90, renew()).bound(500, { xid: 2 }).until(530).run();
    expect(run.leases[0]?.state).toBe("EXPIRED");
    expect(run.leases[0]?.outage).toBeCloseTo(380, 0);
  });

  it("is not known while the client is without an address", () => {
    const run = bound()
      .at(60, renew())
      .at(105, rebind())
      .at(120, discover({ xid: 2 }))
      .until(140)
      .run();
    expect(run.leases[0]).toMatchObject({ state: "EXPIRED", outage: null });
  });

  it("is none for a lease that was superseded or released", () => {
    const run = bound()
      .bound(20, { xid: 2 })
      .at(40, release({ xid: 2 }))
      .bound(50, { xid: 3 })
      .until(80)
      .run();
    expect(run.leases.map(({ outage }) => outage)).toEqual([null, null, null]);
  });
});

describe("a renewal that begins before the capture", () => {
  it("starts where secs says that the client began, and its timers are unknown", () => {
    const run = script()
      .at(0, renew({ secs: 30 }))
      .at(8, renew({ secs: 38 }))
      .until(20)
      .run();
    const cycle = run.diagnoses[0]?.cycle;
    expect(cycle?.started).toMatchObject({ seconds: 1_699_999_970 });
    expect(lastLease(run)).toMatchObject({ granted: null, terms: null });
  });

  it.each([
    [
      "two requests",
      script()
        .at(0, renew())
        .at(5, renew())
        .at(9, discover({ xid: 2 })),
    ],
    [
      "a rebind",
      script()
        .at(0, rebind())
        .at(5, discover({ xid: 2 })),
    ],
    [
      "more than 20 s",
      script()
        .at(0, renew())
        .at(25, discover({ xid: 2 })),
    ],
    [
      "more than 20 s, told by secs",
      script()
        .at(0, renew({ secs: 40 }))
        .at(5, discover({ xid: 2 })),
    ],
  ])("is lost when a DISCOVER follows %s", (_name, story) => {
    expect(cycles(story.run())[0]).toBe("renewal expired");
  });

  it("is not called lost when a DISCOVER follows one request within seconds", () => {
    const run = script().at(0, renew()).bound(5, { xid: 2 }).until(40).run();
    expect(cycles(run)[0]).not.toBe("renewal expired");
    expect(alarms(run)).toEqual([]);
  });

  it("takes no ACK that was ignored for the start of a lease", () => {
    const run = script()
      .at(0, renew({ secs: 4 }))
      .at(0.001, ack({ sum: "partial" }))
      .at(8, renew({ secs: 12 }))
      .at(8.001, ack({ sum: "partial" }))
      .at(40, rebind({ secs: 44 }))
      .at(40.001, ack({ sum: "partial" }))
      .at(56, discover({ xid: 2 }))
      .run();
    expect(cycles(run)[0]).toBe("renewal expired");
    expect(run.leases[0]).toMatchObject({ granted: null, state: "EXPIRED" });
  });

  it("that succeeds gives the lease its timers", () => {
    const run = script({ lease: 120 }).renewed(0).renewed(60).until(70).run();
    expect(cycles(run)).toEqual(["renewal renewed", "renewal renewed"]);
    expect(lastLease(run).terms).toMatchObject({ leaseTime: 120 });
    expect(findings(run)).toEqual([]);
  });

  it("of another address than the one before is another lease", () => {
    const run = script({ lease: 120 })
      .bound(0)
      .at(30, renew({ address: "10.0.0.177" }))
      .until(35)
      .run();
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "RENEWING"]);
  });
});

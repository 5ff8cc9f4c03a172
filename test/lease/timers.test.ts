import { describe, expect, it } from "vitest";
import { ack, discover, offer, renew, request, script } from "../support/script.js";
import { alarms, cycles, findings, lastLease, leaseStates } from "../support/script-view.js";
import type { MessageOptions } from "../support/script-messages.js";

function termsOf(options: MessageOptions) {
  return lastLease(script().bound(0, options).until(30).run()).terms;
}

describe("the timers of a lease", () => {
  it("default to 0.5 and 0.875 of the lease time (RFC 2131 §4.4.5)", () => {
    expect(termsOf({ lease: 3600 })).toEqual({
      leaseTime: 3600,
      t1: 1800,
      t2: 3150,
      earliestT1: 1800,
      timers: "defaults",
      odd: false,
    });
  });

  it("are those of options 58 and 59 where the server sends them", () => {
    const terms = termsOf({ lease: 3600, t1: 900, t2: 2000 });
    const timers = "options";
    expect(terms).toEqual({ leaseTime: 3600, t1: 900, t2: 2000, earliestT1: 900, timers, odd: false });
  });

  it("keep their order where only one of the two was sent", () => {
    expect(termsOf({ lease: 3600, t1: 900 })).toMatchObject({ t1: 900, t2: 3150, odd: false });
    expect(termsOf({ lease: 3600, t2: 2000 })).toMatchObject({ t1: 1800, t2: 2000, odd: false });
  });

  it.each([
    ["T1 after T2", { lease: 3600, t1: 3000, t2: 2000 }],
    ["T2 after the expiry", { lease: 3600, t1: 1800, t2: 7200 }],
    ["T1 after the expiry", { lease: 3600, t1: 7200 }],
  ])("fall back to the defaults at %s, and a note says so", (_name, options) => {
    const run = script().bound(0, options).until(30).run();
    expect(lastLease(run).terms).toMatchObject({ leaseTime: 3600, t1: 1800, t2: 3150, odd: true });
    expect(findings(run)).toEqual(["note odd-timers certain"]);
  });

  it("count from the sending of the REQUEST that was granted, not from the ACK", () => {
    const run = script().at(0, discover()).at(0.1, offer()).at(0.2, request()).at(3.5, ack()).until(30).run();
    expect(lastLease(run).granted).toMatchObject({ seconds: 1_700_000_000, nanos: 200_000_000 });
  });

  it("are infinite where the lease time is all ones: nothing is due, and nothing is missed", () => {
    const run = script().bound(0, { lease: 0xffffffff }).until(400_000_000).run();
    expect(lastLease(run).terms).toMatchObject({ leaseTime: Infinity, t1: Infinity, t2: Infinity });
    // Stamps that jump by years are told; nobody is blamed.
    expect(findings(run)).toEqual(["note clock-step certain"]);
    expect(leaseStates(run)).toEqual(["BOUND"]);
  });

  it("of an infinite lease are not asked after when the client begins anew", () => {
    const run = script({ lease: 0xffffffff }).bound(0).bound(500_000, { xid: 2 }).until(500_030).run();
    expect(findings(run)).toEqual([]);
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "BOUND"]);
  });

  it.each([0x7fffffff, 0x80000000, 0xfffffffe])("of %i s (68 years and more) do not wrap round", (lease) => {
    const run = script({ lease }).bound(0).until(100_000_000).run();
    expect(lastLease(run).terms).toMatchObject({ leaseTime: lease, t1: lease / 2 });
    expect(lastLease(run).state).toBe("BOUND");
    expect(findings(run)).toEqual(["note clock-step certain"]);
  });

  it.each([0, 1, 2, 5])("of %i s do not make a healthy client ill", (lease) => {
    const run = script({ lease }).bound(0).until(0.5).run();
    expect(cycles(run)).toEqual(["acquisition bound"]);
    expect(alarms(run)).toEqual([]);
  });

  it("of a lease that a server makes shorter do not turn the next renewals into retries", () => {
    const run = script()
      .bound(0, { lease: 3600 })
      .renewed(1800, { lease: 120 })
      .renewed(1860, { lease: 120 })
      .renewed(1920, { lease: 120 })
      .until(1930)
      .run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed", "renewal renewed"]);
    expect(findings(run)).toEqual([]);
  });

  it("of a lease that is counted down from ACK to ACK do not make a healthy client ill", () => {
    const story = script().bound(0, { lease: 3600 }).renewed(1800, { lease: 1800 }).renewed(2700, { lease: 900 });
    const run = story.renewed(3150, { lease: 3600 }).renewed(4950, { lease: 3600 }).until(5000).run();
    expect(cycles(run).slice(1)).toEqual(new Array<string>(4).fill("renewal renewed"));
    expect(findings(run)).toEqual([]);
  });

  it("of a lease that a server makes longer do not turn its absence into a loss", () => {
    const run = script().bound(0, { lease: 120 }).renewed(60, { lease: 86_400 }).until(4000).run();
    expect(findings(run)).toEqual([]);
    expect(leaseStates(run)).toEqual(["BOUND"]);
  });

  it("that were never granted in view are unknown", () => {
    const run = script().at(0, renew()).until(30).run();
    expect(lastLease(run)).toMatchObject({ granted: null, terms: null, state: "RENEWING" });
  });
});

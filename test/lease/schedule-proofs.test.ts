import { describe, expect, it } from "vitest";
import { ack, rebind, renew, script } from "../support/script.js";
import { causes, findings, outcomes } from "../support/script-view.js";

/** RFC 2131 §4.4.5: a client waits half of the time until T2, or of the time until its expiry, but 60 s at the least. */
describe("a client that keeps to the waits of RFC 2131", () => {
  it("and asks with a new xid half way to T2 had ignored the reply before", () => {
    // T1 at 1800, T2 at 3150: half of what is left is 675 s.
    const run = script({ lease: 3600 })
      .bound(0)
      .at(1800, renew({ xid: 2 }))
      .at(1800.01, ack({ sum: "partial" }))
      .at(2475, renew({ xid: 3 }))
      .at(2475.01, ack({ sum: "good" }))
      .renewed(4275, { xid: 4 })
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK ignored checksum", "ACK accepted"]);
  });

  it("and asks at another time may have been told to: nothing is proved", () => {
    const run = script({ lease: 3600 })
      .bound(0)
      .at(1800, renew({ xid: 2 }))
      .at(1800.01, ack())
      .at(2200, renew({ xid: 3 }))
      .at(2200.01, ack())
      .renewed(4000, { xid: 4 })
      .run();
    expect(outcomes(run)[2]).toBe("ACK unknown");
  });

  it("may turn to broadcast only after a lease of a minute has run out: it was not renewed", () => {
    const run = script({ lease: 60 })
      .bound(0)
      .at(30, renew({ xid: 2 }))
      .at(30.01, ack({ sum: "partial" }))
      .at(90, rebind({ xid: 3 }))
      .at(90.01, ack({ sum: "partial" }))
      .bound(104, { xid: 4 })
      .until(110)
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK ignored checksum", "ACK ignored checksum"]);
    expect(findings(run)[0]).toMatch(/^error offload-partial/);
  });
});

describe("replies that name no lease time, seen from the middle on", () => {
  function renewals(times: readonly number[]) {
    const story = script({ lease: null });
    times.forEach((time, index) => story.at(time, renew({ xid: index + 1 })).at(time + 0.01, ack()));
    return story.run();
  }

  it("were ignored by a client whose waits halve each other", () => {
    const run = renewals([0, 676, 1014, 1183]);
    expect(outcomes(run).slice(0, 2)).toEqual(["ACK ignored malformed", "ACK ignored malformed"]);
    expect(causes(run)[0]).toMatch(/^wrong-reply/);
  });

  it("were taken by one that keeps to a pace no retry has", () => {
    const run = renewals([0, 1800, 3600, 5400, 7200]);
    expect(outcomes(run).slice(1, 4)).toEqual(["ACK accepted", "ACK accepted", "ACK accepted"]);
    expect(causes(run)).toEqual([]);
  });
});

describe("a boot loader", () => {
  it("has not missed a renewal when it asks anew at the end of its lease", () => {
    const run = script({ lease: 20, vendorClass: "PXEClient:Arch:00000" })
      .bound(0)
      .bound(20, { xid: 2 })
      .until(24)
      .run();
    expect(findings(run).filter((finding) => !finding.startsWith("note"))).toEqual([]);
  });
});

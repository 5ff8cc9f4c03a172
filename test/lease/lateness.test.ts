import { describe, expect, it } from "vitest";
import { ack, discover, rebind, renew, script } from "../support/script.js";
import { lost, outcomes } from "../support/script-view.js";

/** A lease of 120 s from 0.002 on: T1 at 60, T2 at 105, expiry at 120. */
function bound() {
  return script({ lease: 120 }).bound(0);
}

describe("a reply that comes too late", () => {
  it("to a renewal, after the DISCOVER, is ignored as late", () => {
    const run = bound()
      .at(60, renew())
      .at(90, renew({ secs: 30 }))
      .at(106, rebind({ secs: 46 }))
      .at(120, discover({ xid: 2 }))
      .at(120.4, ack({ xid: 1 }))
      .run();
    expect(outcomes(run).at(-1)).toBe("ACK ignored late");
  });

  it("once the lease has run out, though its client has not begun anew yet, is ignored as late", () => {
    const run = bound()
      .at(60, renew())
      .at(90, renew({ secs: 30 }))
      .at(106, rebind({ secs: 46 }))
      .at(120.4, ack())
      .at(122, discover({ xid: 2 }))
      .run();
    expect(outcomes(run).at(-1)).toBe("ACK ignored late");
  });

  it("just before the DISCOVER is ignored as late where the end of the lease is not known", () => {
    const run = script({ lease: 120 })
      .at(0, renew())
      .at(30, renew({ secs: 30 }))
      .at(46, rebind({ secs: 46 }))
      .at(59.6, ack({ sum: "partial" }))
      .bound(60.2, { xid: 2 })
      .run();
    expect(outcomes(run)[0]).toBe("ACK ignored late");
  });

  it("is not what a prompt reply just before the DISCOVER is: that was ignored", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, ack({ sum: "partial" }))
      .at(119.5, rebind({ secs: 59 }))
      .at(119.501, ack({ sum: "partial" }))
      .bound(120, { xid: 2 })
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK ignored checksum", "ACK ignored checksum"]);
  });

  // Fails: called a duplicate, which leaves the attempt that it answers without a cause that says so.
  it("to a transaction that the client left for another of the same renewal is late", () => {
    const run = bound()
      .at(60, renew({ xid: 2 }))
      .at(75, renew({ xid: 3, secs: 15 }))
      .at(75.001, ack())
      .at(75.5, ack({ xid: 2 }))
      .renewed(135, { xid: 4 })
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK accepted", "ACK ignored late"]);
    expect(lost(run)).toEqual(["REQUEST at 60: late-reply certain"]);
  });
});

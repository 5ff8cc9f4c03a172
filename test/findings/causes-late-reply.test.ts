import { describe, expect, it } from "vitest";
import { ack, discover, offer, rebind, renew, request, script, type Script } from "../support/script.js";
import { causes, findings, lost, only } from "../support/script-view.js";

/** A lease of 120 s, granted with complete sums. */
function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

describe("late-reply", () => {
  /** The server is frozen from 60 on, and answers everything at once when the client is looking for another lease. */
  function thawed(before: Script): Script {
    return before
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(106, rebind({ secs: 46 }))
      .at(120, discover({ xid: 2 }))
      .at(121, ack({ xid: 1, sum: "partial", ipId: 701 }))
      .at(121.0002, ack({ xid: 1, sum: "partial", ipId: 702 }))
      .at(121.0004, ack({ xid: 1, sum: "partial", ipId: 703 }))
      .at(121.001, offer({ xid: 2, sum: "partial" }))
      .at(121.002, request({ xid: 2 }))
      .at(121.003, ack({ xid: 2, sum: "partial" }))
      .until(150);
  }

  it("explains a burst of replies after expiry, though every one of them is partial", () => {
    const run = thawed(bound()).run();
    expect(only(run, "renewal expired").main?.cause).toBe("late-reply");
    expect(lost(run).map((line) => line.replace(/ \w+$/, ""))).toEqual([
      "REQUEST at 60: late-reply",
      "REQUEST at 75: late-reply",
      "REQUEST at 106: late-reply",
    ]);
    expect(findings(run).join()).not.toContain("offload-partial");
  });

  it("has no-reply as its alternative", () => {
    expect(only(thawed(bound()).run(), "renewal expired").main?.alternatives).toEqual(["no-reply"]);
  });

  it("explains a burst that comes just before the DISCOVER, when the client had given up", () => {
    const run = bound()
      .at(60, renew())
      .at(106, rebind({ secs: 46 }))
      .at(119.9, ack({ sum: "partial", ipId: 701 }))
      .at(119.9002, ack({ sum: "partial", ipId: 702 }))
      .bound(120, { xid: 2 })
      .until(150)
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "late-reply",
      confidence: "likely",
      alternatives: ["no-reply", "offload-partial"],
    });
  });

  it("is not said where the client was still waiting for it", () => {
    const run = bound()
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(79, ack({ sum: "partial" }))
      .renewed(135)
      .run();
    expect(causes(run).join()).not.toContain("late-reply");
  });
});

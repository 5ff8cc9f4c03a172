import { describe, expect, it } from "vitest";
import { ack, discover, offer, release, renew, script, type Script } from "../support/script.js";
import { alarms, only } from "../support/script-view.js";

/** Bytes kept of each frame: nothing of the options. */
const CUT = 200;

function bound(): Script {
  return script({ lease: 120, cut: CUT }).bound(0).renewed(60);
}

describe("a capture that cuts frames before their options", () => {
  it("does not take a RELEASE for a renewal that nobody answered", () => {
    const run = bound()
      .at(90, release({ xid: 2 }))
      .bound(100, { xid: 3 })
      .until(130)
      .run();
    expect(alarms(run)).toEqual([]);
  });

  it("knows no timers, so a renewal that seems to come early is no sure sign that the reply was ignored", () => {
    const sum = "partial";
    const story = script({ lease: 120, cut: CUT }).bound(0);
    for (const time of [60, 63, 66]) story.at(time, renew()).at(time + 0.01, ack({ sum }));
    const run = story
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "offload-partial", confidence: "possible" });
  });

  it("blames no offload where OFFERs are ignored alike, whose checksums are not that of the pseudo-header", () => {
    const story = script({ lease: 120, cut: CUT }).bound(0);
    for (const time of [60, 75, 90]) {
      story.at(time, renew({ secs: time - 60 })).at(time + 0.01, ack({ sum: "partial" }));
    }
    for (const time of [120, 124]) story.at(time, discover({ xid: 2 })).at(time + 0.01, offer());
    const run = story.bound(130, { xid: 3 }).until(160).run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "reply-ignored",
      confidence: "possible",
      alternatives: ["offload-partial", "checksum-bad"],
    });
  });
});

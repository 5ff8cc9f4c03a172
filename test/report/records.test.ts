import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/findings/inspection.js";
import type * as Events from "../../src/report/events.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";
import { decline, discover, rebind, renew, script } from "../support/script.js";

function told(inspection: Inspection): Events.LeasetapRecord[] {
  return [...records({ inspection, inputs: [], complete: true, passedOver: 0 }, EVERYTHING, false)];
}

describe("records", () => {
  it("name the address that a client declined", () => {
    const run = script({ lease: 120 })
      .bound(0)
      .at(1, decline({ address: "10.0.0.101" }))
      .until(10)
      .run();
    expect(told(run).find((record) => record.type === "finding" && record.code === "duplicate-address")).toMatchObject({
      address: "10.0.0.101",
    });
  });

  it("count the lost attempts of a long renewal that were not kept", () => {
    const story = script({ lease: 100_000 }).bound(0).at(50_000, renew());
    for (let retry = 1; retry < 700; retry += 1) story.at(50_000 + 60 * retry, rebind({ secs: 60 * retry }));
    const run = story
      .at(100_000, discover({ xid: 2 }))
      .until(100_001)
      .run();
    expect(told(run).at(-1)).toMatchObject({ type: "summary", renewals: { expired: 1 }, attemptsLost: 700 });
  });
});

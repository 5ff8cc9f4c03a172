import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/findings/inspection.js";
import { remediesFor } from "../../src/findings/remedies.js";
import { rebind, renew, script } from "../support/script.js";
import { finding, only } from "../support/script-view.js";

describe("a server that lost its leases", () => {
  /** Client 1 renews in vain and is bound again by its first DISCOVER; client 2 is answered at `other`. */
  function forgotten(other: number): Inspection {
    const story = script({ lease: 120 })
      .bound(0)
      .at(60, renew())
      .at(80, renew({ secs: 20 }))
      .at(106, rebind({ secs: 46 }))
      .at(115, rebind({ secs: 55 }))
      .bound(120, { xid: 2 })
      .bound(other, { client: 2, xid: 5 });
    story.frames.sort((a, b) => a.time - b.time);
    return story.until(150).run();
  }

  it("is silent to renewals, answers others meanwhile, and the client's DISCOVER at once", () => {
    const run = forgotten(110);
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "no-reply", witness: "answers-discover" });
    expect(remediesFor(finding(run, "no-reply"), run).map(({ id }) => id)).toEqual([
      "restore-leases",
      "unknown-leases",
    ]);
  });

  it("is not told from one that was down where nobody was answered until then", () => {
    expect(only(forgotten(130), "renewal expired").main?.witness).not.toBe("answers-discover");
  });
});

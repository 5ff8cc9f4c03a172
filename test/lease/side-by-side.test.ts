import { describe, expect, it } from "vitest";
import { ack, discover, rebind, renew, script, type Script } from "../support/script.js";
import { alarms, cycles, leaseStates, only } from "../support/script-view.js";

const A = { clientId: [1, 1], address: "10.0.0.101", xid: 1 };
const B = { clientId: [1, 2], address: "10.0.0.102", xid: 2 };

/** Two client identifiers of one hardware address: A is bound at 0, B at 30. */
function both(): Script {
  return script({ lease: 120 }).bound(0, A).bound(30, B);
}

describe("two clients on one hardware address", () => {
  it("go on side by side: the lease of the first keeps its timers, and its loss is one", () => {
    const run = both()
      .at(60, renew(A))
      .at(80, renew({ ...A, secs: 20 }))
      .renewed(90, B)
      .at(106, rebind({ ...A, secs: 46 }))
      .at(120, discover({ ...A, xid: 3 }))
      .until(125)
      .run();
    const { cycle, main } = only(run, "renewal expired");
    expect(cycle.kind === "renewal" && cycle.grantedBefore?.terms.leaseTime).toBe(120);
    expect(main?.cause).toBe("no-reply");
  });

  it("may begin a renewal before the other asks for its address, and end it after that", () => {
    const run = script({ lease: 120 })
      .bound(0, A)
      .at(60, renew(A))
      .bound(62, B)
      .at(66, renew({ ...A, secs: 6 }))
      .at(66.01, ack(A))
      .renewed(122, B)
      .renewed(126, A)
      .until(130)
      .run();
    expect(cycles(run).filter((cycle) => cycle.startsWith("renewal"))).toEqual([
      "renewal renewed",
      "renewal renewed",
      "renewal renewed",
    ]);
  });

  it("follow each other where the first is not heard of again: its lease is not missed", () => {
    const run = both().renewed(90, B).renewed(150, B).until(170).run();
    expect(alarms(run)).toEqual([]);
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "BOUND"]);
  });

  it("follow each other again after a reboot", () => {
    const run = both()
      .renewed(90, B)
      .bound(400, { ...A, xid: 3 })
      .bound(420, { ...B, xid: 4 })
      .until(450)
      .run();
    expect(alarms(run).join()).not.toContain("error");
    expect(leaseStates(run).filter((state) => state === "EXPIRED")).toEqual([]);
  });
});

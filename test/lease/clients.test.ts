import { describe, expect, it } from "vitest";
import { ack, discover, inform, offer, rebind, renew, request, script, type Script } from "../support/script.js";
import { alarms, causes, cycles, findings, leaseStates, outcomes } from "../support/script-view.js";

/** A client that is never answered after it was bound, up to its DISCOVER at expiry. */
function dying(story: Script, options: { readonly client?: number; readonly vlan?: readonly number[] }): Script {
  return story
    .bound(0.01, options)
    .at(60, renew(options))
    .at(90, renew(options))
    .at(106, rebind(options))
    .at(120.01, discover({ ...options, xid: 9 }));
}

function healthy(story: Script, options: { readonly client?: number; readonly vlan?: readonly number[] }): Script {
  return story.bound(0, options).renewed(60.5, options).renewed(119.5, options);
}

/** In order of time, as a capture has them. */
function inOrder(story: Script): Script {
  story.frames.sort((a, b) => a.time - b.time);
  return story;
}

describe("clients are told apart", () => {
  it("by hardware address, though cloned guests share their client identifier", () => {
    const story = script({ lease: 120, clientId: [255, 1, 2, 3, 4] });
    const run = inOrder(dying(healthy(story, { client: 1 }), { client: 2 }))
      .until(125)
      .run();
    expect(run.clients).toBe(2);
    expect(leaseStates(run).sort()).toEqual(["BOUND", "EXPIRED"]);
    expect(alarms(run)).toEqual(["error no-reply certain"]);
    const [loss] = run.findings.filter(({ kind }) => kind === "loss");
    expect(loss?.kind === "loss" && loss.binding.client.address).toBe("52:54:00:00:00:02");
  });

  it("by VLAN, though the same hardware address is on two of them", () => {
    const run = inOrder(dying(healthy(script({ lease: 120 }), { vlan: [10] }), { vlan: [20] }))
      .until(125)
      .run();
    expect(leaseStates(run).sort()).toEqual(["BOUND", "EXPIRED"]);
    const [loss] = run.findings.filter(({ kind }) => kind === "loss");
    expect(loss?.kind === "loss" && loss.binding.vlan).toBe("20");
  });

  it("by client identifier on one hardware address, and a renewal may leave it out", () => {
    const run = script({ lease: 120 })
      .bound(0, { clientId: [1, 2, 3] })
      .renewed(60)
      .renewed(120)
      .until(125)
      .run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
    expect(leaseStates(run)).toEqual(["BOUND"]);
  });

  it("and the trouble of one is never laid at another's door", () => {
    const story = script({ lease: 120 });
    healthy(story, { client: 1 });
    dying(story, { client: 2 });
    healthy(story, { client: 3 });
    const run = inOrder(story).until(125).run();
    expect(alarms(run)).toEqual(["error no-reply certain"]);
  });
});

describe("clients with one xid", () => {
  it("do not take each other's replies", () => {
    const run = script({ lease: 120, xid: 0x1234 })
      .at(0, discover({ client: 1 }))
      .at(0.001, discover({ client: 2 }))
      .at(0.01, offer({ client: 2 }))
      .at(0.011, offer({ client: 1 }))
      .at(0.02, request({ client: 1 }))
      .at(0.021, request({ client: 2 }))
      .at(0.03, ack({ client: 2 }))
      .at(0.031, ack({ client: 1 }))
      .until(30)
      .run();
    expect(cycles(run)).toEqual(["acquisition bound", "acquisition bound"]);
    expect(findings(run)).toEqual([]);
  });
});

describe("a client that asks for information alone", () => {
  it("while it is bound is not taken for one in trouble", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(30, inform({ xid: 5 }))
      .at(30.01, ack({ xid: 5, lease: null }));
    const run = story.renewed(60).renewed(120).until(130).run();
    expect(findings(run)).toEqual([]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
  });

  it("while its renewal waits has the answer to its question not taken for a wrong one", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(60, renew())
      .at(62, inform({ xid: 5 }));
    const run = story
      .at(62.01, ack({ xid: 5, lease: null }))
      .at(68, renew({ secs: 8 }))
      .at(68.01, ack())
      .until(80)
      .run();
    expect(causes(run).join()).not.toContain("wrong-reply");
    expect(alarms(run)).toEqual([]);
  });
});

describe("the way of a reply", () => {
  it("to everybody is as good as to one", () => {
    const story = script({ lease: 120 })
      .bound(0, { to: "broadcast" })
      .at(60, renew())
      .at(60.01, ack({ to: "broadcast" }));
    const run = story
      .at(120, renew())
      .at(120.01, ack({ to: "broadcast" }))
      .until(130)
      .run();
    expect(outcomes(run)).toEqual(["OFFER accepted", "ACK accepted", "ACK accepted", "ACK unknown"]);
    expect(findings(run)).toEqual([]);
  });

  it("from another server than the one that granted the lease is as good, in a rebind", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(60, renew())
      .at(106, rebind())
      .at(106.01, ack({ server: 2 }));
    const run = story.renewed(166, { server: 2 }).until(170).run();
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
  });
});

describe("two clients of one server", () => {
  it("may differ: the same partial ACK is taken by one and fatal to the other", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(0.6, { client: 2 });
    for (const [index, time] of [60, 120, 180].entries()) {
      story.renewed(time, { client: 1, sum: "partial" });
      if (index === 0) {
        story.at(time + 2, renew({ client: 2 })).at(time + 2.01, ack({ client: 2, sum: "partial" }));
        story.at(time + 17, renew({ client: 2, secs: 15 })).at(time + 17.01, ack({ client: 2, sum: "partial" }));
      }
    }
    const run = inOrder(story.bound(120.6, { client: 2, xid: 2 }))
      .until(190)
      .run();
    expect(alarms(run)).toEqual(["error offload-partial certain"]);
    const [loss] = run.findings.filter(({ severity }) => severity === "error");
    expect(loss?.kind === "loss" && loss.binding.client.address).toBe("52:54:00:00:00:02");
  });
});

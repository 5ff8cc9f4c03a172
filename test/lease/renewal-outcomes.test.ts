import { describe, expect, it } from "vitest";
import { ack, arp, discover, nak, rebind, renew, script } from "../support/script.js";
import { causes, cycles, findings, leaseStates, only, outcomes, proofs, seconds } from "../support/script-view.js";

/** A lease of 120 s from 0.002 on: T1 at 60, T2 at 105, expiry at 120. */
function bound() {
  return script({ lease: 120 }).bound(0);
}

/** Outcome and proof of the first ACK to a renewal: behind the OFFER and the ACK of the acquisition. */
function firstAck(run: ReturnType<ReturnType<typeof script>["run"]>): string | undefined {
  return proofs(run)[2];
}

describe("an ACK to a renewal was ignored", () => {
  it("when secs goes on counting from the same start", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, ack())
      .at(68, renew({ secs: 8 }))
      .at(68.001, ack())
      .run();
    expect(firstAck(run)).toBe("ACK ignored by still-counting");
  });

  it("when secs goes on counting though the client took a new xid", () => {
    const run = bound()
      .at(60, renew({ xid: 2 }))
      .at(60.001, ack())
      .at(90, renew({ xid: 3, secs: 30 }))
      .at(90.001, ack())
      .run();
    expect(firstAck(run)).toBe("ACK ignored by still-counting");
  });

  it("when the client rebinds long before the T2 that the ACK gave", () => {
    const run = bound().renewed(60).at(105, rebind()).at(105.001, ack()).run();
    expect(firstAck(run)).toBe("ACK ignored by went-broadcast");
  });

  it("when the client rebinds half way to that T2, at no T2 that it ever had", () => {
    const run = bound().renewed(60).at(115, rebind()).at(115.001, ack()).run();
    expect(firstAck(run)).toBe("ACK ignored by went-broadcast");
  });

  it("when the client asks again in the same transaction before 0.7 of the T1 that the ACK gave", () => {
    const run = bound().renewed(60).at(90, renew()).at(90.001, ack()).run();
    expect(firstAck(run)).toBe("ACK ignored by too-early");
  });

  it("when the client asks again before 0.7 of the interval that it has kept to, though T1 has passed", () => {
    const run = script({ lease: 120, t1: 20 }).bound(0).renewed(60).renewed(120).renewed(180).at(210, renew()).run();
    expect(proofs(run)[4]).toBe("ACK ignored by too-early");
  });

  it("when a DISCOVER comes at the old expiry", () => {
    const run = bound().renewed(60).at(120, discover()).run();
    expect(firstAck(run)).toBe("ACK ignored by gave-up");
  });

  it("when a DISCOVER comes after several attempts, long before any expiry", () => {
    const run = bound()
      .at(60, renew())
      .at(75, renew())
      .at(75.001, ack())
      .at(78, discover({ xid: 2 }))
      .run();
    expect(firstAck(run)).toBe("ACK ignored by gave-up");
  });

  it("when it answered a rebind, the old expiry is not known, and a DISCOVER follows", () => {
    const run = script({ lease: 120 })
      .at(0, rebind())
      .at(0.001, ack())
      .at(9, discover({ xid: 2 }))
      .run();
    expect(proofs(run)[0]).toBe("ACK ignored by gave-up");
  });

  it("each time, in a run of retries up to expiry, and the lease ends at its old expiry", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, ack())
      .at(75, renew({ secs: 15 }))
      .at(75.001, ack({ lease: 105 }))
      .at(90, renew({ secs: 30 }))
      .at(90.001, ack({ lease: 90 }))
      .at(106, rebind({ secs: 46 }))
      .at(106.001, ack({ lease: 74 }))
      .at(120.1, discover({ xid: 2 }))
      .run();
    expect(outcomes(run).slice(2)).toEqual(["ACK ignored", "ACK ignored", "ACK ignored", "ACK ignored"]);
    const { cycle } = only(run, "renewal expired");
    expect(cycle.ended).toMatchObject({ seconds: 1_700_000_120 });
    expect(cycle.kind === "renewal" && cycle.lease.granted).toMatchObject({ seconds: 1_700_000_000, nanos: 2_000_000 });
  });
});

describe("an ACK to a renewal was accepted", () => {
  it("when udhcpc asks again by unicast long before half of its lease is over: it was told to", () => {
    const story = script({ lease: 120, vendorClass: "udhcp 1.35.0" }).bound(0);
    for (const time of [5, 11, 17, 23, 29, 49]) story.renewed(time);
    const run = story.until(60).run();
    expect(outcomes(run).slice(2, -1)).toEqual(Array.from({ length: 5 }, () => "ACK accepted"));
    expect(findings(run)).toEqual([]);
  });

  it("when udhcpc broadcasts at half of its lease, its unicast being lost", () => {
    const story = script({ lease: 30, vendorClass: "udhcp 1.35.0" }).bound(0).renewed(15, { sum: "partial" });
    expect(firstAck(story.at(33, rebind()).at(33.01, ack()).run())).toBe("ACK accepted by on-schedule");
  });

  it("when NetworkManager renews at four sevenths of T2, no T1 being sent", () => {
    const story = script({ lease: 30, t2: 10, secs: 1 }).bound(0);
    for (let turn = 1; turn <= 5; turn += 1) story.renewed(5.71 * turn, { xid: 1 + turn });
    expect(findings(story.until(29).run())).toEqual([]);
  });

  it("when secs begins again at 0 on a client that counts, however early it asks", () => {
    const run = bound()
      .at(60, renew())
      .at(68, renew({ secs: 8 }))
      .at(68.001, ack())
      .at(78, renew({ secs: 0 }))
      .at(78.001, ack())
      .run();
    expect(firstAck(run)).toBe("ACK accepted by counts-anew");
  });

  it("when a new transaction begins by unicast around T1", () => {
    const run = bound().renewed(60, { xid: 2 }).renewed(110, { xid: 3 }).run();
    expect(firstAck(run)).toBe("ACK accepted by on-schedule");
  });

  it.each([105, 120, 124, 165])("when the same xid asks by unicast at %i s, not before 0.7 of T1", (time) => {
    const run = bound().renewed(60).renewed(time).run();
    expect(firstAck(run)).toMatch(/^ACK accepted/);
  });

  it("when the client rebinds at the T2 that the ACK gave, its unicasts being lost or never sent", () => {
    const run = bound().renewed(60).at(165, rebind()).at(165.001, ack()).run();
    expect(firstAck(run)).toMatch(/^ACK accepted/);
  });

  it("when it answered an older attempt of the same transaction with delay", () => {
    const run = script({ lease: 120 })
      .bound(0, { secs: 3 })
      .at(60, renew({ xid: 2 }))
      .at(70, renew({ xid: 2, secs: 10 }))
      .at(70.5, ack({ secs: 0 }))
      .at(125, renew({ xid: 3 }))
      .run();
    expect(outcomes(run)).toEqual(["OFFER accepted", "ACK accepted", "ACK accepted"]);
    const { cycle, lost } = only(run, "renewal renewed");
    expect(cycle.attempts[0]?.replies).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it("when the client comes back with DISCOVER only after the new expiry, with silence in between", () => {
    const run = bound()
      .renewed(60)
      .at(400, discover({ xid: 2 }))
      .run();
    expect(firstAck(run)).toBe("ACK accepted by went-silent");
  });

  it("when the client is seen past its old T2 and asks no more", () => {
    const run = bound().at(5, arp()).renewed(60).at(116, arp()).until(118).run();
    expect(firstAck(run)).toBe("ACK accepted by went-silent");
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed"]);
  });

  it("when it answered a rebind and the client is seen past its old expiry", () => {
    const run = bound().at(5, arp()).at(106, rebind()).at(106.001, ack()).at(130, arp()).until(135).run();
    expect(firstAck(run)).toBe("ACK accepted by went-silent");
  });
});

describe("an ACK to a renewal has an unknown outcome", () => {
  it("when it is the last thing in view; the renewal counts as renewed", () => {
    const run = bound().renewed(60).until(70).run();
    expect(firstAck(run)).toBe("ACK unknown by nothing");
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed"]);
    expect(causes(run)).toEqual([]);
  });

  it("when it is the last and others before it were ignored; the renewal is pending", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, ack())
      .at(64, renew({ secs: 4 }))
      .at(64.001, ack())
      .until(66)
      .run();
    expect(outcomes(run).slice(2)).toEqual(["ACK ignored", "ACK unknown"]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal pending"]);
  });

  it("when a new transaction comes so early that somebody may have asked for it by hand", () => {
    const run = bound().renewed(60, { xid: 2 }).renewed(70, { xid: 3 }).until(80).run();
    expect(firstAck(run)).toBe("ACK unknown by nothing");
    expect(causes(run)).toEqual([]);
    expect(run.findings).toEqual([]);
  });

  it("when a DISCOVER comes long before the old expiry: a restart, by which nothing is lost", () => {
    const run = bound().renewed(60).bound(80, { xid: 2 }).until(90).run();
    expect(firstAck(run)).toBe("ACK unknown by nothing");
    expect(leaseStates(run)).toEqual(["SUPERSEDED", "BOUND"]);
    expect(causes(run)).toEqual([]);
  });

  it("when nothing else is seen of a client whose old T2 has not come", () => {
    const run = bound().at(5, arp()).renewed(60).at(80, arp()).until(85).run();
    expect(firstAck(run)).toBe("ACK unknown by nothing");
  });
});

describe("replies to a request that was satisfied", () => {
  it("are duplicates without a cause, whatever their sums", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, ack())
      .at(60.2, ack({ sum: "bad" }))
      .renewed(120)
      .run();
    expect(outcomes(run)).toEqual([
      "OFFER accepted",
      "ACK accepted",
      "ACK accepted",
      "ACK ignored duplicate",
      "ACK unknown",
    ]);
    expect(causes(run)).toEqual([]);
  });

  it("are duplicates too when they answer the retransmissions before it", () => {
    const run = bound()
      .at(60, renew())
      .at(64, renew({ secs: 4 }))
      .at(64.9, ack())
      .at(64.901, ack())
      .renewed(124)
      .run();
    expect(outcomes(run).slice(2, 4).sort()).toEqual(["ACK accepted", "ACK ignored duplicate"]);
    expect(run.findings).toEqual([]);
  });
});

describe("a NAK", () => {
  it("was accepted when the client begins anew", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, nak())
      .at(60.02, discover({ xid: 2 }))
      .run();
    expect(proofs(run).at(-1)).toBe("NAK accepted by restarted");
    expect(only(run, "renewal refused").main).toMatchObject({ cause: "nak", confidence: "certain" });
  });

  it("was ignored when the client goes on using its address", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, nak())
      .at(68, renew({ secs: 8 }))
      .at(68.01, ack())
      .renewed(128)
      .run();
    expect(proofs(run)[2]).toBe("NAK ignored by kept-address");
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
  });

  it("of one server does not undo the ACK of another that was taken", () => {
    const run = bound()
      .at(60, rebind())
      .at(60.01, ack())
      .at(60.02, nak({ server: 2 }))
      .renewed(120)
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK accepted", "NAK ignored duplicate"]);
    expect(cycles(run)).not.toContain("renewal refused");
  });
});

describe("timers", () => {
  it("are started by accepted replies only, from the sending of the REQUEST", () => {
    const run = bound()
      .at(60, renew())
      .at(70, renew({ secs: 10 }))
      .at(70.8, ack())
      .renewed(130)
      .run();
    const first = run.diagnoses.find(({ cycle }) => cycle.kind === "renewal");
    const next = run.diagnoses.at(-1)?.cycle;
    expect(first?.cycle.outcome).toBe("renewed");
    expect(next?.kind === "renewal" && next.grantedBefore?.granted.seconds).toBe(1_700_000_070);
    expect(seconds(first?.cycle.accepted?.attempt.message.time ?? 0)).toBe(70);
  });
});

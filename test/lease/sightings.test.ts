import { describe, expect, it } from "vitest";
import { ack, discover, offer, rebind, renew, request, script, unreachable } from "../support/script.js";
import { alarms, causes, cycles, findings, only, outcomes, repliesOf } from "../support/script-view.js";
import type { Inspection } from "../../src/findings/inspection.js";
import type { RenewalCycle } from "../../src/lease/cycle.js";

const TWO = { points: ["vnet0", "br0"] };

function bound() {
  return script({ lease: 120 }).bound(0);
}

/** The only renewal. */
function renewal(run: Inspection): RenewalCycle {
  const [first, ...more] = run.diagnoses.flatMap(({ cycle }) => (cycle.kind === "renewal" ? [cycle] : []));
  if (first === undefined || more.length > 0) throw new Error(cycles(run).join(", "));
  return first;
}

function sightings(run: Inspection): number[] {
  return renewal(run).attempts.map(({ message }) => message.sightings.length);
}

describe("a frame that is seen twice", () => {
  it.each([
    ["on two interfaces of a capture", { points: ["vnet0", "br0"] }],
    ["in two files", { points: ["vnet0", "br0"], apart: true }],
  ])("%s is one message with two sightings", (_name, points) => {
    const run = bound()
      .at(60, renew({ point: 0 }))
      .again(60.0001, { point: 1 })
      .at(60.01, ack({ point: 1 }))
      .again(60.0101, { point: 0 })
      .until(80)
      .run(points);
    expect(sightings(run)).toEqual([2]);
    expect(renewal(run).attempts[0]?.replies.map(({ message }) => message.sightings.length)).toEqual([2]);
    expect(causes(run)).toEqual([]);
  });

  it("at another point 0.4 s later, by the clock of another machine, is one message still", () => {
    const run = bound()
      .at(60, renew({ point: 0 }))
      .again(60.4, { point: 1 })
      .until(80)
      .run(TWO);
    expect(sightings(run)).toEqual([2]);
  });

  it("keeps both checksums, the one nearest to the receiver last", () => {
    const run = bound()
      .at(60, renew({ point: 0, sum: "partial" }))
      .again(60.0001, { point: 1, sum: "good" })
      .at(60.01, ack({ point: 1, sum: "good" }))
      .again(60.0101, { point: 0, sum: "partial" })
      .until(80)
      .run(TWO);
    const [attempt] = renewal(run).attempts;
    expect(attempt?.message.sightings.map(({ checksum }) => checksum.verdict)).toEqual(["partial", "good"]);
    const verdicts = attempt?.replies[0]?.message.sightings.map(({ checksum }) => checksum.verdict);
    expect(verdicts).toEqual(["good", "partial"]);
  });

  it("out of order in the capture is put in the order of time", () => {
    const run = bound()
      .at(60.01, ack({ point: 1 }))
      .at(60.0001, renew({ point: 1 }))
      .at(60, renew({ point: 0 }))
      .run(TWO);
    expect(renewal(run).attempts.every(({ message }) => message.time <= 1_700_000_060.001)).toBe(true);
    expect(outcomes(run).slice(2)).toEqual(["ACK unknown"]);
  });

  // Fails: a message that was put before another keeps the number of its arrival.
  it("is numbered in the order of delivery, not of arrival", () => {
    const run = script().at(0.1, offer()).at(0, discover()).at(0.2, request()).at(0.3, ack()).until(30).run();
    const messages = only(run, "acquisition bound").cycle.attempts.flatMap(({ message, replies }) => [
      message,
      ...replies.map((reply) => reply.message),
    ]);
    const inTime = [...messages].sort((a, b) => a.time - b.time).map(({ order }) => order);
    expect(inTime).toEqual([...inTime].sort((a, b) => a - b));
  });

  it("with a VLAN tag at one point and none at the other is one message", () => {
    const run = bound()
      .at(60, renew({ point: 0 }))
      .again(60.0001, { point: 1, vlan: [20] })
      .at(60.01, ack({ point: 1, vlan: [20] }))
      .again(60.0101, { point: 0, vlan: [] })
      .until(80)
      .run(TWO);
    expect(sightings(run)).toEqual([2]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed"]);
  });

  it("with a payload damaged on the way is one message all the same", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, ack({ point: 1, message: "hello", sum: "good" }))
      .again(60.0101, { point: 0, message: "jello", sum: "bad" })
      .until(80)
      .run(TWO);
    expect(repliesOf(run).at(-1)?.message.sightings).toHaveLength(2);
    expect(outcomes(run)).toHaveLength(3);
  });

  it("at the same point within 0.1 s is one request, whatever its IP id", () => {
    const run = bound().at(60, renew()).again(60.05, { ipId: 999 }).at(60.06, ack()).until(80).run();
    expect(sightings(run)).toEqual([2]);
  });

  it("at the same point within 0.1 s is one reply if the IP id is the same", () => {
    const run = bound().at(60, renew()).at(60.01, ack()).again(60.02).until(80).run();
    expect(outcomes(run).slice(2)).toEqual(["ACK unknown"]);
  });
});

describe("two messages that look alike", () => {
  it("are two requests when the second comes at the same point 0.2 s later", () => {
    const run = bound().at(60, renew()).again(60.2).at(60.3, ack()).until(80).run();
    expect(sightings(run)).toEqual([1, 1]);
  });

  it("are two requests when the second comes at another point 0.6 s later", () => {
    const run = bound()
      .at(60, renew({ point: 0 }))
      .again(60.6, { point: 1 })
      .until(80)
      .run(TWO);
    expect(sightings(run)).toEqual([1, 1]);
  });

  it("are two replies when their IP ids differ, the second a duplicate", () => {
    const run = bound().at(60, renew()).at(60.01, ack()).again(60.02, { ipId: 999 }).renewed(120).run();
    expect(outcomes(run).slice(2)).toEqual(["ACK accepted", "ACK ignored duplicate", "ACK unknown"]);
  });

  it("are as many replies as a server sends when it wakes up, each for the request that waited longest", () => {
    const run = bound()
      .at(60, renew())
      .at(70, renew({ secs: 10 }))
      .at(80, renew({ secs: 20 }))
      .at(85, ack())
      .again(85.0002, { ipId: 900 })
      .again(85.0004, { ipId: 901 })
      .until(90)
      .run();
    expect(renewal(run).attempts.map(({ replies }) => replies.length)).toEqual([1, 1, 1]);
  });
});

describe("a relay", () => {
  const RELAY = "10.0.0.200";

  it("hands on the client's request: one message", () => {
    const run = bound()
      .at(106, rebind())
      .again(106.001, { relay: RELAY, hops: 1, from: RELAY, into: "10.0.0.1", to: "unicast", ports: [67, 67] })
      .at(106.02, ack({ relay: RELAY }))
      .until(120)
      .run();
    expect(sightings(run)).toEqual([2]);
    expect(outcomes(run).slice(2)).toEqual(["ACK unknown"]);
  });

  it("hands on the reply: one message, seen on its way to the relay and from there", () => {
    const run = bound()
      .at(106, rebind())
      .at(106.02, ack({ relay: RELAY, into: RELAY, ports: [67, 67] }))
      .again(106.021, { into: "10.0.0.101", ports: [67, 68] })
      .until(120)
      .run();
    expect(outcomes(run).slice(2)).toEqual(["ACK unknown"]);
    expect(repliesOf(run).at(-1)?.message.sightings).toHaveLength(2);
  });

  it("beside a direct answer makes two replies, the second a duplicate without a cause", () => {
    const run = bound()
      .at(106, rebind())
      .at(106.01, ack())
      .at(106.02, ack({ relay: RELAY, from: RELAY }))
      .renewed(166)
      .run();
    expect(outcomes(run).slice(2, 4)).toEqual(["ACK accepted", "ACK ignored duplicate"]);
    expect(alarms(run)).toEqual([]);
  });
});

describe("a capture that cuts its frames", () => {
  /** Ethernet, IPv4, UDP and the fixed part of BOOTP: not one option. */
  const CUT = 14 + 20 + 8 + 236;

  it("before option 53 still shows an acquisition and its renewals", () => {
    const run = script({ cut: CUT }).bound(0).renewed(60).renewed(120).until(150).run();
    expect(new Set(cycles(run))).toEqual(new Set(["acquisition bound", "renewal renewed"]));
    expect(alarms(run)).toEqual([]);
  });

  it("before option 53 still shows a renewal that nobody answers", () => {
    const run = script({ cut: CUT })
      .bound(0)
      .renewed(60)
      .at(120, renew())
      .at(130, renew())
      .at(160, rebind())
      .at(180, discover({ xid: 2 }))
      .run();
    expect(cycles(run)[0]).toBe("acquisition bound");
    expect(cycles(run)).toContain("renewal expired");
  });

  it("merges what it shows of a frame at two points", () => {
    const run = script({ cut: CUT })
      .bound(0)
      .at(60, renew())
      .again(60.001, { point: 1 })
      .at(60.01, ack({ point: 1 }))
      .again(60.011, { point: 0 })
      .until(80)
      .run(TWO);
    expect(sightings(run)).toEqual([2]);
  });
});

describe("a DHCP packet quoted inside an ICMP error", () => {
  it("is not a DHCP packet", () => {
    const run = bound().at(60, renew()).at(60.01, ack()).at(60.011, unreachable("reply")).until(80).run();
    expect(run.inputs[0]?.dhcp).toBe(6);
    expect(outcomes(run)).toHaveLength(3);
  });
});

describe("the pairing of replies", () => {
  it("goes by secs where the server has echoed one that was not 0", () => {
    const run = script({ lease: 120 })
      .bound(0, { secs: 2 })
      .at(60, renew())
      .at(70, renew({ secs: 10 }))
      .at(70.5, ack({ secs: 0 }))
      .until(80)
      .run();
    expect(renewal(run).attempts.map(({ replies }) => replies.length)).toEqual([1, 0]);
  });

  it("goes to the newest request where the server always sends secs 0", () => {
    const run = bound()
      .at(60, renew())
      .at(70, renew({ secs: 10 }))
      .at(70.5, ack({ secs: 0 }))
      .until(80)
      .run();
    expect(renewal(run).attempts.map(({ replies }) => replies.length)).toEqual([0, 1]);
  });

  it("gives an OFFER to a DISCOVER and an ACK to a REQUEST, though all have one xid", () => {
    const run = script()
      .at(0, discover())
      .at(0.1, offer())
      .at(0.2, request())
      .at(0.25, offer({ server: 2, address: "10.0.0.150" }))
      .at(0.3, ack({ address: "10.0.0.101" }))
      .until(30)
      .run();
    const { cycle } = only(run, "acquisition bound");
    expect(cycle.attempts.map(({ replies }) => replies.map(({ message }) => message.kind))).toEqual([
      ["OFFER", "OFFER"],
      ["ACK"],
    ]);
  });

  it("takes a reply with another xid within 5 s of an unanswered request for a wrong one", () => {
    const run = bound()
      .at(60, renew({ xid: 2 }))
      .at(60.1, ack({ xid: 77 }))
      .until(70)
      .run();
    expect(outcomes(run).slice(2)).toEqual(["ACK ignored malformed"]);
  });

  it("takes a reply with another xid a minute later for nothing at all", () => {
    const run = bound()
      .at(60, renew({ xid: 2 }))
      .at(100, ack({ xid: 77 }))
      .until(104)
      .run();
    expect(outcomes(run).slice(2)).toEqual([]);
  });

  it("does not mistake the answer to another client for a wrong reply", () => {
    const run = script({ lease: 120 })
      .bound(0, { client: 1, xid: 1 })
      .bound(1, { client: 2, xid: 1 })
      .at(60, renew({ client: 1, xid: 1 }))
      .at(61, renew({ client: 2, xid: 1 }))
      .at(61.01, ack({ client: 2 }))
      .until(63)
      .run();
    expect(findings(run)).toEqual(["note no-reply likely"]);
    expect(outcomes(run)).not.toContain("ACK ignored malformed");
  });
});

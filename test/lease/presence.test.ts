import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Remark } from "../../src/capture/remarks.js";
import { Presence } from "../../src/lease/presence.js";
import { Observed } from "../../src/lease/observed.js";
import { Shifts, StampOrder } from "../../src/lease/clock-step.js";
import { arp, rebind, renew, request, script, traffic, type Script } from "../support/script.js";
import { alarms, cycles, findings, lost, outcomes } from "../support/script-view.js";

const MAC = 0x525400000001;

function known(...macs: readonly number[]): Presence {
  const presence = new Presence();
  for (const mac of macs) presence.add(mac);
  return presence;
}

describe("what is known of a client's other frames", () => {
  it("is known only once its time has come", () => {
    const presence = known(MAC);
    const log = presence.log();
    log.add(presence.clientOf(0x5254, 1), 0x0a000064, 100);
    log.add(presence.clientOf(0x5254, 1), 0x0a000064, 200);
    expect(presence.lastSeen(MAC)).toBe(-Infinity);
    presence.advance(100);
    expect(presence.lastUse(MAC, 0x0a000064)).toBe(-Infinity);
    presence.advance(150);
    expect(presence.lastUse(MAC, 0x0a000064)).toBe(100);
    expect(presence.isObservable(MAC, 101)).toBe(true);
    presence.advance(Infinity);
    expect(presence.lastSeen(MAC)).toBe(200);
  });

  it("comes from several inputs in the order of time, however far each was read", () => {
    const presence = known(MAC);
    const logs = [presence.log(), presence.log()];
    for (let time = 1; time < 3000; time += 1) logs[0]?.add(0, 1, time);
    logs[1]?.add(0, 2, 50);
    presence.advance(50.5);
    expect(presence.usesOther(MAC, 1, 49)).toBe(true);
    presence.advance(52);
    expect(presence.usesOther(MAC, 1, 0)).toBe(false);
  });

  it("holds for each of many clients, as a plain table would have it", () => {
    const sight = fc.record({ client: fc.nat(4000), time: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(sight, { maxLength: 300 }), fc.integer({ min: 1, max: 5000 }), (sights, until) => {
        const presence = known(...Array.from({ length: 4001 }, (_, client) => MAC + client * 0x10001));
        const log = presence.log();
        const inOrder = [...sights].sort((a, b) => a.time - b.time);
        for (const { client, time } of inOrder) log.add(client, 7, time);
        presence.advance(until);
        for (const { client } of sights) {
          const times = inOrder.filter((other) => other.client === client && other.time < until);
          expect(presence.lastUse(MAC + client * 0x10001, 7)).toBe(times.at(-1)?.time ?? -Infinity);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Whether a client used the address of an ACK before it began anew decides what became of the ACK. */
function acquired(usedAfter: boolean): Script {
  const story = script().bound(0);
  if (!usedAfter) story.at(3, request()).at(3.5, arp());
  return usedAfter ? story.at(1, traffic()).bound(2, { xid: 2 }).until(60) : story.bound(3, { xid: 2 }).until(60);
}

describe("judgement by what was seen until then", () => {
  it.each([true, false])("is the same for blocks of any size, and files of one host (%s)", (used) => {
    const { frames } = acquired(used);
    frames.sort((a, b) => a.time - b.time);
    const story = script();
    story.frames.push(...frames);
    const live = outcomes(story.run({ block: 1 }));
    for (const block of [2, 3, 7, Infinity]) expect(outcomes(story.run({ block }))).toEqual(live);
  });
});

describe("silence", () => {
  /** A client that is seen in the first of two files alone, whose end cuts its renewal off. */
  const story = (last: number): Script => {
    const told = script({ lease: 120 }).bound(0).at(20, traffic()).at(60, renew());
    if (last > 0) told.at(60 + last, arp({ client: 1 }));
    return told.at(5, arp({ client: 2, point: 1 })).at(500, arp({ client: 2, point: 1 }));
  };
  const apart = { points: ["bridge", "elsewhere"], apart: true };

  it("past the end of the file in which a client is seen is not that of a server", () => {
    const run = story(0.2).run(apart);
    expect(lost(run)).toEqual([]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal pending"]);
    expect(alarms(run)).toEqual([]);
  });

  it("up to the end of that file is", () => {
    expect(lost(story(10).run(apart))).toEqual(["REQUEST at 60: no-reply likely"]);
  });

  it("goes on in the next file of the same place", () => {
    const first = script({ lease: 120 })
      .bound(0)
      .at(60, renew())
      .at(60.3, arp({ client: 3 }));
    const next = first
      .at(60.9, arp({ client: 3, point: 1 }))
      .at(85, renew({ secs: 25, point: 1 }))
      .at(106, rebind({ secs: 46, point: 1 }))
      .at(110, arp({ client: 3, point: 1 }));
    expect(lost(next.run({ points: ["one", "two"], apart: true })).map((line) => line.split(":")[0])).toEqual([
      "REQUEST at 60",
      "REQUEST at 85",
      "REQUEST at 106",
    ]);
  });

  it("between two files is nobody's", () => {
    const story = script({ lease: 120 })
      .bound(0)
      .at(30, traffic())
      .at(40, arp({ client: 3 }));
    story
      .at(1000, arp({ point: 1 }))
      .renewed(1010, { xid: 5, point: 1 })
      .at(1020, traffic({ point: 1 }));
    const run = story.run({ points: ["one", "two"], apart: true });
    expect(alarms(run)).toEqual([]);
    expect(findings(run).filter((line) => line.includes("no-"))).toEqual([]);
  });
});

describe("silence around a time", () => {
  it("is that which all inputs share", () => {
    const observed = new Observed();
    const [a, b] = [observed.watch("a"), observed.watch("b")];
    Object.assign(a, { first: 0, last: 300 });
    Object.assign(b, { first: 0, last: 300 });
    a.quiet(10, 250);
    b.quiet(50, 200);
    expect(observed.silenceAround(60, 190)).toBe(150);
    expect(observed.silenceAround(40, 190)).toBe(0);
    expect(observed.silenceAround(400, 500)).toBe(Infinity);
  });

  it("is remembered of the latest thousands, and what is forgotten accuses as if something had been seen", () => {
    const watch = new Observed().watch("a");
    Object.assign(watch, { first: 0, last: 1e6 });
    for (let index = 0; index < 10_000; index += 1) watch.quiet(index * 10, index * 10 + 9);
    expect(watch.silenceAround(99_991, 99_992)).toBe(9);
    expect(watch.silenceAround(1, 2)).toBe(0);
  });
});

describe("the order of stamps", () => {
  it("never runs back by more than a second, whatever the stamps, and grows no faster than they can be counted", () => {
    const stamps = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 32 })), {
      maxLength: 3000,
      minLength: 1,
    });
    fc.assert(
      fc.property(stamps, (all) => {
        const order = new StampOrder(new Shifts());
        let last = all[0] ?? 0;
        for (const stamp of all) {
          const plain = stamp + order.shift;
          const { time } = plain < last ? order.back(stamp, 0, last, 0) : order.ahead(stamp, last);
          expect(time).toBeGreaterThanOrEqual(last - 1);
          last = Math.max(last, time);
        }
        expect(Number.isSafeInteger(last)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("what a host's bridge has heard of a guest", () => {
  const mac = "52:54:00:00:00:01";

  /** It is heard every ten seconds behind one port, from some time on behind another. */
  function heard(until: number, movedAt = Infinity): (readonly [number, Remark])[] {
    return Array.from({ length: Math.floor(until / 10) }, (_, index): readonly [number, Remark] => {
      const time = 10 * (index + 1);
      return [time, { kind: "heard", port: time < movedAt ? "vnet3" : "uplink", macs: [mac] }];
    });
  }

  /** Its renewals pass here, the last of them at 120; somebody else shows that frames are captured all the time. */
  function renewing(): Script {
    const story = script({ lease: 120 }).bound(0).renewed(60).renewed(120);
    for (let time = 130; time < 400; time += 5) story.at(time, traffic({ client: 2, address: "10.0.0.150" }));
    return story;
  }

  it("is proof of life: a guest that is there and asks for nothing loses its lease", () => {
    const run = renewing()
      .until(400)
      .run({ remarks: heard(400) });
    expect(alarms(run)).toEqual(["error no-request likely"]);
  });

  it("is proof that it has gone, where it is heard no more", () => {
    const run = renewing()
      .until(400)
      .run({ remarks: heard(150) });
    expect(alarms(run)).toEqual([]);
    expect(cycles(run).at(-1)).toBe("renewal left");
  });

  it("shows that it was migrated, where it is heard behind another port: nothing is wrong", () => {
    const run = renewing()
      .until(400)
      .run({ remarks: heard(400, 150) });
    expect(alarms(run)).toEqual([]);
    expect(cycles(run).at(-1)).toBe("renewal left");
  });

  it("says nothing against a guest that moved before it got its lease", () => {
    const run = renewing()
      .until(400)
      .run({ remarks: heard(400, 100) });
    expect(alarms(run)).toEqual(["error no-request likely"]);
  });
});

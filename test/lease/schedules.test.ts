import { describe, expect, it } from "vitest";
import { ack, rebind, renew, script, type Script } from "../support/script.js";
import type { Sum } from "../support/script-frames.js";
import type { MessageOptions } from "../support/script-messages.js";
import { alarms, cycles, findings, outcomes } from "../support/script-view.js";

/** How a client keeps a lease alive, as its source or its manual has it (for a lease of so many seconds). */
interface Habit {
  readonly name: string;
  readonly hello: MessageOptions;
  /** A new xid for each renewal; else one for life. */
  readonly newXid: boolean;
  /** Seconds from the grant to the renewal, for a `random` between 0 and 1. */
  readonly wait: (lease: number, random: number) => number;
  /** What secs says in the first request of a renewal. */
  readonly secs: (sinceBound: number) => number;
  readonly server?: MessageOptions;
}

const none = (): number => 0;

const HABITS: readonly Habit[] = [
  {
    name: "dhclient (three quarters of T1 to a little beyond it, one xid for life)",
    hello: { parameters: [1, 28, 2, 3, 15, 6, 119, 12] },
    newXid: false,
    wait: (lease, random) => (lease / 2) * (0.75 + 0.33 * random),
    secs: none,
  },
  {
    name: "dhcpcd (T1, a new xid each time)",
    hello: { vendorClass: "dhcpcd-10.0.6:Linux-6.1:x86_64", parameters: [1, 121, 33, 3, 6, 12] },
    newXid: true,
    wait: (lease) => lease / 2,
    secs: none,
  },
  {
    name: "udhcpc (half of the lease, one xid for life)",
    hello: { vendorClass: "udhcp 1.36.1", parameters: [1, 3, 6, 12, 15, 28, 42] },
    newXid: false,
    wait: (lease) => lease / 2,
    secs: none,
  },
  {
    name: "udhcpc at a server whose T1 is a quarter of the lease",
    hello: { vendorClass: "udhcp 1.36.1", parameters: [1, 3, 6, 12, 15, 28, 42] },
    newXid: false,
    wait: (lease) => lease / 2,
    secs: none,
    server: { t1: 300 },
  },
  {
    name: "systemd-networkd (T1 give or take a second, a new xid each time)",
    hello: { parameters: [1, 3, 12, 15, 6, 33, 121, 42] },
    newXid: true,
    wait: (lease, random) => lease / 2 - 1 + 2 * random,
    secs: none,
  },
  {
    name: "systemd-networkd with secs counted from the day that it started",
    hello: { parameters: [1, 3, 12, 15, 6, 33, 121, 42] },
    newXid: true,
    wait: (lease, random) => lease / 2 - 1 + 2 * random,
    secs: (sinceBound) => Math.min(sinceBound, 0xffff),
  },
  {
    name: "NetworkManager (T1, then each minute)",
    hello: { parameters: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42] },
    newXid: true,
    wait: (lease, random) => lease / 2 + random,
    secs: none,
  },
  {
    name: "Windows (T1, a new xid each time)",
    hello: { vendorClass: "MSFT 5.0" },
    newXid: true,
    wait: (lease, random) => lease / 2 + random,
    secs: none,
  },
  {
    name: "Android (T1, a new xid each time)",
    hello: { vendorClass: "android-dhcp-13" },
    newXid: true,
    wait: (lease) => lease / 2,
    secs: none,
  },
  {
    name: "a client that nobody knows",
    hello: {},
    newXid: true,
    wait: (lease, random) => (lease / 2) * (0.9 + 0.2 * random),
    secs: none,
  },
];

const LEASE = 1200;
const CYCLES = 40;

/** Reproducible, and even enough. */
function randoms(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/** Many renewals in a row, each answered at once; `from` leaves out what comes before. */
function life(habit: Habit, sum: Sum, from = -1, lease = LEASE): Script {
  const options = { ...habit.hello, ...habit.server, lease };
  const story = script(options);
  const random = randoms();
  if (from < 0) story.bound(0, { sum });
  let granted = 0.002;
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    const time = granted + habit.wait(lease, random());
    const xid = habit.newXid ? cycle + 1 : 1;
    if (time >= from) {
      story.at(time, renew({ xid, secs: Math.floor(habit.secs(time)) })).at(time + 0.004, ack({ sum, secs: 0 }));
    }
    granted = time;
  }
  return story.until(granted + lease / 20);
}

describe.each(HABITS)("$name is healthy", (habit) => {
  it.each(["good", "partial", "absent"] as const)("for many renewals with sums that are %s", (sum) => {
    const run = life(habit, sum).run();
    expect(alarms(run)).toEqual([]);
    expect(findings(run)).toEqual(sum === "partial" ? ["note partial-seen certain"] : []);
    expect(outcomes(run).filter((outcome) => outcome !== "ACK accepted" && outcome !== "OFFER accepted")).toEqual([
      "ACK unknown",
    ]);
    expect(cycles(run).slice(1)).toEqual(new Array<string>(CYCLES).fill("renewal renewed"));
  });

  it("in a capture that begins in the middle of its life", () => {
    const run = life(habit, "partial", 5000).run();
    expect(alarms(run)).toEqual([]);
    expect(new Set(cycles(run))).toEqual(new Set(["renewal renewed"]));
  });
});

describe.each([10, 30, 60])("with a lease of only %i s", (lease) => {
  it.each(HABITS.filter(({ server }) => server === undefined))("$name is healthy", (habit) => {
    expect(alarms(life(habit, "partial", -1, lease).run())).toEqual([]);
  });
});

describe.each([86_400, 604_800])("with a lease of %i s", (lease) => {
  it.each(HABITS.filter(({ server }) => server === undefined))("$name is healthy", (habit) => {
    expect(alarms(life(habit, "partial", -1, lease).run())).toEqual([]);
  });
});

describe("udhcpc at a server whose T1 is far behind the half of the lease that it keeps to", () => {
  const habit = (): Habit => ({ ...habitOf("udhcpc (half"), server: { t1: 960, t2: 1050 } });

  // Fails: a renewal before 0.7 of T1 with the same xid is taken for a retry, though this client knows no T1.
  it("has not ignored its partial replies", () => {
    expect(alarms(life(habit(), "partial").run())).toEqual([]);
  });

  it("has not ignored its good replies", () => {
    expect(alarms(life(habit(), "good").run())).toEqual([]);
  });
});

describe("a healthy client whose requests are lost now and then", () => {
  it("is at most worth a note where one retry was enough, once", () => {
    const story = script({ lease: LEASE }).bound(0).renewed(600);
    story
      .at(1200, renew())
      .at(1204, renew({ secs: 4 }))
      .at(1204.01, ack());
    const run = story.renewed(1804).until(1900).run();
    expect(findings(run)).toEqual(["note no-reply likely"]);
  });

  it("is worth no alarm where a rebind was answered after one lost unicast", () => {
    const run = script({ lease: LEASE })
      .bound(0)
      .at(600, renew())
      .at(1051, rebind({ secs: 451 }))
      .at(1051.01, ack())
      .renewed(1651)
      .until(1700)
      .run();
    expect(alarms(run)).toEqual([]);
  });
});

function habitOf(name: string): Habit {
  const habit = HABITS.find((candidate) => candidate.name.startsWith(name));
  if (habit === undefined) throw new Error(name);
  return habit;
}

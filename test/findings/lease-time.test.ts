import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooShort, leaseOutliving, longerLease } from "../../src/findings/remedies/lease-time.js";

/** When a client asks during one lease, in seconds from its grant, if nobody answers: the latest that its source allows. */
type Schedule = (lease: number, t1: number, t2: number) => number[];

/** RFC 2131 section 4.4.5, as systemd-networkd has it: half of what is left to T2, then to the end, at least 60 s. */
const halving: Schedule = (lease, t1, t2) => {
  const times: number[] = [];
  for (let at = t1; at < t2; at += Math.max((t2 - at) / 2, 60)) times.push(at);
  for (let at = t2; at < lease; at += Math.max((lease - at) / 2, 60)) times.push(at);
  return times;
};

/** NetworkManager's own client: every 60 s and up to one more. */
const steady: Schedule = (lease, t1) => every(61, t1, lease);

/** ISC dhclient: 7.5 to 22.5 s apart once it has backed off. */
const isc: Schedule = (lease, t1) => every(22.5, t1, lease);

/** dhcpcd: 4, 8, 16, 32, 64, 64 ... s and up to one more, from T1, and again from T2. */
const doubling: Schedule = (lease, t1, t2) => [...backOff(t1, t2), ...backOff(t2, lease)];

/** udhcpc 1.34: at half of what is left, until 30 s are; then three broadcasts, 3 s apart. */
const udhcpc: Schedule = (lease) => {
  const times: number[] = [];
  let at = lease / 2;
  for (; lease - at > 30; at += (lease - at) / 2) times.push(at);
  return [...times, at, at + 3, at + 6].filter((time) => time < lease);
};

function every(seconds: number, from: number, to: number): number[] {
  const times: number[] = [];
  for (let at = from; at < to; at += seconds) times.push(at);
  return times;
}

function backOff(from: number, to: number): number[] {
  const times: number[] = [];
  for (let at = from, wait = 4; at < to; at += wait + 1, wait = Math.min(64, wait * 2)) times.push(at);
  return times;
}

const CLIENTS: readonly (readonly [string, Schedule])[] = [
  ["systemd-networkd", halving],
  ["NetworkManager", steady],
  ["dhclient", isc],
  ["dhcpcd", doubling],
  ["udhcpc", udhcpc],
];

/** Whether the client asks again after a silence and before its lease ends. */
function survives(schedule: Schedule, lease: number, part: number, from: number, silence: number): boolean {
  return schedule(lease, part * lease, Math.max(part, 0.875) * lease).some(
    (time) => time < from || time >= from + silence,
  );
}

describe("a lease of (silence + 65 s) / (1 - T1 part)", () => {
  it.each(CLIENTS)("outlives the silence for %s, whenever it begins", (_name, schedule) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (silence, when) => {
          const lease = leaseOutliving(silence);
          // From the grant up to T1; if it begins later, the request at T1 was answered.
          const from = when * lease * 0.5;
          return survives(schedule, lease, 0.5, from, silence);
        },
      ),
    );
  });

  it("does so for a T1 later than the half as well", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 50_000, noNaN: true }),
        fc.double({ min: 0.5, max: 0.85, noNaN: true }),
        (silence, part) =>
          survives(halving, leaseOutliving(silence, part), part, part * leaseOutliving(silence, part), silence),
      ),
    );
  });

  it("is not to be had for less: without the reserve, a silence from T1 on lasts until the lease ends", () => {
    for (const [, schedule] of CLIENTS) expect(survives(schedule, 2 * 300, 0.5, 300, 300)).toBe(false);
  });

  it("is what RFC 2131's timers give by hand", () => {
    // A backup of 10 min: 2 * (600 + 65). With T1 at three quarters: 4 * (600 + 65).
    expect(leaseOutliving(600)).toBe(1330);
    expect(leaseOutliving(600, 0.75)).toBe(2660);
  });
});

describe("the advice", () => {
  const what = (seconds: number, over: boolean, leaseTime: number, t1: number): string =>
    longerLease({ silence: { seconds, over }, terms: { leaseTime, t1 } }).what;

  it("names the silence, what the lease leaves now, and the lease that is needed", () => {
    expect(what(600, true, 600, 300)).toContain(
      "The longest silence seen here lasted 10 min; the lease of 10 min leaves 5 min from T1 to its end. A lease of 23 min, with T1 at half of it, outlives it",
    );
  });

  it("is not given where the present lease is long enough", () => {
    const silence = { seconds: 600, over: true };
    expect(isTooShort({ silence, terms: { leaseTime: 86_400, t1: 43_200 } })).toBe(false);
    // 2 * (600 + 65) = 1330 s, in whole minutes 1380
    expect(isTooShort({ silence, terms: { leaseTime: 1380, t1: 690 } })).toBe(false);
    expect(isTooShort({ silence, terms: { leaseTime: 1200, t1: 600 } })).toBe(true);
  });

  it("takes a silence that is not over for a lower bound", () => {
    expect(what(600, false, 600, 300)).toMatch(/lasted 10 min at least and was not over.*A lease of 23 min or more/);
  });

  it("keeps to the server's own T1 where that is later than the half", () => {
    // (600 + 65) / 0.25 = 2660 s: 45 min
    expect(what(600, true, 600, 450)).toContain("A lease of 45 min, with T1 at 75 % of it, as now,");
  });

  it("does without numbers where no silence was seen", () => {
    expect(longerLease({ silence: null, terms: null }).what).toContain("at least 65 s shorter than half its lease");
  });
});

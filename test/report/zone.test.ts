import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/capture/instant.js";
import { textClock } from "../../src/report/text-time.js";
import { localZone, namedZone, UTC, zoneLabel, type Zone } from "../../src/report/zone.js";

const hour = 3600;
/** Clocks in Berlin went back an hour at 01:00 UTC of this day. */
const october = Date.UTC(2026, 9, 25) / 1000;

function zone(name: string): Zone {
  const found = namedZone(name);
  if (found === null) throw new Error(`${name} is no zone`);
  return found;
}

function instant(seconds: number): Instant {
  return { seconds, nanos: 999_999_999, digits: 9 };
}

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", october, 2 * hour, "+02:00"],
    ["Europe/Berlin", october + 3 * hour, hour, "+01:00"],
    ["Asia/Kolkata", october, 5.5 * hour, "+05:30"],
    ["America/St_Johns", october, -2.5 * hour, "-02:30"],
    ["Australia/Eucla", october, 8.75 * hour, "+08:45"],
    ["+05:45", october, 5.75 * hour, "+05:45"],
    ["-0330", october, -3.5 * hour, "-03:30"],
    ["UTC", october, 0, "UTC"],
    ["utc", october, 0, "UTC"],
    ["Europe/London", october + 24 * hour, 0, "+00:00"],
  ])("%s at %i is %i s east", (name, seconds, offset, label) => {
    expect(zone(name).offsetAt(seconds)).toBe(offset);
    expect(zoneLabel(zone(name), seconds)).toBe(label);
  });

  it("changes at the second at which the clocks were changed, looked at in any order", () => {
    const berlin = zone("Europe/Berlin");
    const change = october + hour;
    const times = [change, change - 1, change + 1, change - 900, change + 900, change - 1];
    expect(times.map((time) => berlin.offsetAt(time) / hour)).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it.each(["Europe/Nowhere", "", "+25:00", "+01:75", "\u001b[2J", "../../etc/passwd"])("%j is none", (name) => {
    expect(namedZone(name)).toBeNull();
  });

  it("of the machine is what its clock library says", () => {
    const now = Date.UTC(2026, 6, 1);
    // The database of time zones says it independently of Date.
    const named = namedZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(localZone().offsetAt(now / 1000) + 0).toBe((named?.offsetAt(now / 1000) ?? NaN) + 0);
  });

  it("holds for times before 1970 and in far years", () => {
    expect(UTC.offsetAt(-1e10)).toBe(0);
    for (const seconds of [-62_135_596_800, -1, 4e9, 253_402_300_799]) {
      expect(Number.isFinite(zone("Europe/Berlin").offsetAt(seconds))).toBe(true);
    }
  });
});

describe("the clock of a report", () => {
  const berlin = zone("Europe/Berlin");
  const start = instant(october - 3 * hour);

  it("cuts a second off and never rounds it", () => {
    expect(textClock(start, UTC)(instant(start.seconds + 59))).toBe("21:00:59");
  });

  it("says the date where it is another one than at the start, by its own midnight", () => {
    expect(textClock(start, berlin)(start)).toBe("23:00:00");
    expect(textClock(start, berlin)(instant(october - 2 * hour))).toBe("2026-10-25 00:00:00");
    expect(textClock(start, UTC)(instant(october - 2 * hour))).toBe("22:00:00");
  });

  it("says the offset where the clocks were changed, so that no two moments look the same", () => {
    const clock = textClock(start, berlin);
    expect(clock(instant(october + 0.5 * hour))).toBe("2026-10-25 02:30:00");
    expect(clock(instant(october + 1.5 * hour))).toBe("2026-10-25 02:30:00 +01:00");
  });
});

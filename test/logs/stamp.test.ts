import { describe, expect, it } from "vitest";
import { StampReader } from "../../src/logs/stamp.js";
import { namedZone, type Zone } from "../../src/report/zone.js";
import { STAMPS } from "./support.js";

function iso(text: string, options: Partial<typeof STAMPS> = {}): string | null {
  const stamp = new StampReader({ ...STAMPS, ...options }).take(text)?.stamp;
  return stamp === undefined ? null : new Date(stamp.time * 1000).toISOString();
}

function zone(name: string): Zone {
  const known = namedZone(name);
  if (known === null) throw new Error(`there is no zone ${name}`);
  return known;
}

describe("the stamp of a line", () => {
  it.each([
    ["2026-11-22T11:01:50.570427+00:00 dhclient[853]: x", "2026-11-22T11:01:50.570Z"],
    ["2026-11-22T12:01:50+0100 host dhclient[853]: x", "2026-11-22T11:01:50.000Z"],
    ["2026-11-22 11:01:50.563 INFO  [kea]", "2026-11-22T11:01:50.563Z"],
    ["Nov 22 11:01:50 host x: y", "2026-11-22T11:01:50.000Z"],
    ["Nov  2 11:01:50 host x: y", "2026-11-02T11:01:50.000Z"],
    ["Nov 22 2011 11:01:50 host x: y", "2011-11-22T11:01:50.000Z"],
    ["1795345268.031823 x", "2026-11-22T11:01:08.031Z"],
    ["11:01:50.5 x", "1970-01-01T11:01:50.500Z"],
    ["Nix 22 11:01:50 host", null],
    ["1795345268 x", null],
    ["", null],
  ])("%j is %s", (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it("without a year is the latest that is not after the log was written", () => {
    expect(iso("Dec 31 23:59:59 h x: y")).toBe("2025-12-31T23:59:59.000Z");
    expect(iso("Mar  6 10:18:06 h x: y", { year: 2011 })).toBe("2011-03-06T10:18:06.000Z");
  });

  it("without a zone counts as the zone that was given", () => {
    expect(iso("Nov 22 11:01:50 h x: y", { zone: zone("+01:00") })).toBe("2026-11-22T10:01:50.000Z");
    expect(iso("Nov 22 11:01:50 h x: y", { zone: zone("-05:30") })).toBe("2026-11-22T16:31:50.000Z");
    expect(iso("Jul 22 11:01:50 h x: y", { zone: zone("Europe/Berlin") })).toBe("2026-07-22T09:01:50.000Z");
    expect(iso("Nov 22 11:01:50 h x: y", { zone: zone("Europe/Berlin") })).toBe("2026-11-22T10:01:50.000Z");
  });

  it("goes on into the next year and the next day", () => {
    const years = new StampReader({ ...STAMPS, year: 2025 });
    expect(years.take("Dec 31 23:59:59 h")?.stamp.time).toBe(Date.UTC(2025, 11, 31, 23, 59, 59) / 1000);
    expect(years.take("Jan  1 00:00:01 h")?.stamp.time).toBe(Date.UTC(2026, 0, 1, 0, 0, 1) / 1000);
    const days = new StampReader(STAMPS);
    expect(days.take("23:59:59 x")?.stamp.time).toBe(86_399);
    expect(days.take("00:00:01 x")?.stamp.time).toBe(86_401);
  });
});

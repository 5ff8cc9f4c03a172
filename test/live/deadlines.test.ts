import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deadlines } from "../../src/live/deadlines.js";

describe("deadlines", () => {
  it("give back what is due in the order of time, each item once and at the time set last", () => {
    const steps = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 1000 })));
    fc.assert(
      fc.property(steps, fc.nat(1000), (sets, until) => {
        const deadlines = new Deadlines<number>();
        const truth = new Map<number, number>();
        for (const [item, time] of sets) {
          deadlines.set(item, time);
          truth.set(item, time);
        }
        const due = [...truth].filter(([, time]) => time <= until);
        const taken = deadlines.take(until);
        expect([...taken].sort()).toEqual(due.map(([item]) => item).sort());
        const times = taken.map((item) => truth.get(item) ?? NaN);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(deadlines.size).toBe(truth.size - due.length);
        expect(deadlines.take(until)).toEqual([]);
      }),
    );
  });

  it("forget an item whose time is set to never", () => {
    const deadlines = new Deadlines<string>();
    deadlines.set("a", 5);
    deadlines.set("a", Infinity);
    expect([deadlines.size, deadlines.take(1e12)]).toEqual([0, []]);
  });

  it("reach further than setTimeout's 24.8 days", () => {
    const deadlines = new Deadlines<string>();
    const year = 365 * 86_400;
    deadlines.set("next year", year);
    expect(deadlines.take(30 * 86_400)).toEqual([]);
    expect(deadlines.take(year)).toEqual(["next year"]);
  });

  it("keep no more memory for an item that is set a million times", () => {
    const deadlines = new Deadlines<string>();
    for (let time = 1; time <= 1_000_000; time += 1) deadlines.set("a", time + 1e9);
    expect(deadlines.first).toBeGreaterThan(1e9 + 900_000);
  });
});

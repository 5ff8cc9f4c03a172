import { describe, expect, it } from "vitest";
import { FragmentBudget } from "../../../src/capture/live/fragment-budget.js";
import { filterCases, TAGGINGS } from "./filter-frames.js";

/** Microseconds. */
const SECOND = 1_000_000;

describe.each(TAGGINGS)("of fragments, %s", (_what, tags) => {
  const cases = filterCases(tags);
  const end = cases.find(({ what }) => what === "the end of a datagram of 1500 bytes")?.bytes ?? new Uint8Array(0);

  function flooded(): FragmentBudget {
    const budget = new FragmentBudget();
    for (let count = 0; count < 1000; count += 1) budget.allows(end, end.length, 5 * SECOND + count);
    return budget;
  }

  it("so many a second are handed on, and the others counted", () => {
    const budget = flooded();
    expect(budget.leftOut).toBe(800);
    expect(budget.allows(end, end.length, 6 * SECOND)).toBe(true);
  });

  it("only later ones are meant: whatever begins a message passes always", () => {
    const budget = flooded();
    const passed = cases.filter(({ bytes }) => budget.allows(bytes, bytes.length, 5 * SECOND));
    const later = ["the end of", "a part in the middle", "a fragment of TCP"];
    expect(cases.filter((one) => !passed.includes(one)).every(({ what }) => later.some((begin) => what.startsWith(begin)))).toBe(true); // prettier-ignore
    expect(passed.map(({ what }) => what)).toContain("a first fragment");
    expect(passed).toHaveLength(cases.length - 5);
  });

  it("a frame that is cut is none", () => {
    const budget = flooded();
    expect(budget.allows(end, 20, 5 * SECOND)).toBe(true);
  });
});

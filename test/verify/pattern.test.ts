import { describe, expect, it } from "vitest";
import { layOut } from "../../src/verify/json.js";
import { fits, valueAt } from "../../src/verify/pattern.js";

const renewal = {
  type: "renewal",
  outcome: "expired",
  attempts: [
    { ref: { frame: 9 }, cause: "no-reply", replies: [] },
    { ref: { frame: 15 }, cause: null, replies: [{ outcome: "ignored" }, { outcome: "accepted" }] },
  ],
  alternatives: ["request-partial", "unicast-blocked"],
  started: "2026-11-22T11:02:04.139000Z",
  outage: 26.5,
  ended: null,
};

describe("fits", () => {
  it.each([
    [{}],
    [{ type: "renewal" }],
    [{ ended: null }],
    [{ attempts: [{ cause: "no-reply" }, { ref: { frame: 15 } }] }],
    [{ "attempts.0.ref.frame": 9, "attempts.1.cause": null }],
    [{ "attempts.*.ref.frame": [9, 15] }],
    [{ "attempts.*.replies.*.outcome": ["ignored", "accepted"] }],
    [{ "attempts.*.cause": ["no-reply", null] }],
    [{ alternatives: { $contains: "unicast-blocked" } }],
    [{ alternatives: { $contains: ["unicast-blocked", "request-partial"], $length: 2 } }],
    [{ alternatives: { $length: { $min: 2 } } }],
    [{ attempts: { $every: { ref: { frame: { $max: 15 } } } } }],
    [{ attempts: { $contains: { cause: { $not: null } } } }],
    [{ outage: { $min: 26, $max: 27 } }],
    [{ started: { $min: "2026-11-22T11:02", $max: "2026-11-22T11:02:05" } }],
    [{ started: { $max: "2026-11-22T11:02:04.139000Z", $min: "2026-11-22T11:02:04.139Z" } }],
    [{ started: { $matches: "11:02:\\d\\d" } }],
    [{ outcome: { $oneOf: ["refused", "expired"] } }],
    [{ "nothing.here": undefined }],
  ])("takes what agrees: %j", (pattern) => {
    expect(fits(pattern, renewal)).toBe(true);
  });

  it.each([
    [{ type: "lease" }],
    [{ ended: "2026-11-22T11:02:04.139000Z" }],
    [{ missing: null }],
    [{ attempts: [{ cause: "no-reply" }] }],
    [{ "attempts.*.ref.frame": [15, 9] }],
    [{ "attempts.2.cause": null }],
    [{ alternatives: { $contains: ["unicast-blocked", "no-reply"] } }],
    [{ alternatives: { $length: 3 } }],
    [{ attempts: { $every: { cause: "no-reply" } } }],
    [{ outage: { $min: 27 } }],
    [{ outage: { $min: "26" } }],
    [{ started: { $max: "2026-11-22T11:02:04.138" } }],
    [{ ended: { $min: 0 } }],
    [{ outcome: { $not: "expired" } }],
    [{ outcome: { $oneOf: [] } }],
    [{ outcome: { $contains: "expired" } }],
    [{ constructor: {} }],
  ])("refuses what does not: %j", (pattern) => {
    expect(fits(pattern, renewal)).toBe(false);
  });
});

describe("valueAt", () => {
  it("leads nowhere without throwing", () => {
    expect(valueAt(renewal, "attempts.9.cause")).toBeUndefined();
    expect(valueAt(renewal, "ended.time")).toBeUndefined();
    expect(valueAt(null, "a.b")).toBeUndefined();
    expect(valueAt([], "*.b")).toEqual([]);
  });
});

describe("layOut", () => {
  it.each([[renewal], [[]], [{}], [[[1, 2], { a: [] }]], ["text \u2028"], [null]])(
    "writes what reads as the same: %j",
    (value) => {
      const text = layOut(value);
      expect(JSON.parse(text)).toEqual(value);
      expect(layOut(JSON.parse(text))).toBe(text);
    },
  );
});

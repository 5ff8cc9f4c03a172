import { expect, it } from "vitest";
import { identity } from "../../src/report/account-heading.js";
import { lastLease } from "../support/script-view.js";
import { script } from "../support/script.js";

// Seconds of option 51 (RFC 2131 §3.3: all ones are a lease without end).
it.each([
  [0, "lease 0 s"],
  [1, "lease 1 s"],
  [5400, "lease 1 h 30 min"],
  [0xffffffff, "lease without end"],
])("a lease of %i seconds is told by its length", (lease, words) => {
  const { binding } = lastLease(script({ lease }).bound(0).run());
  expect(identity(binding, []).filter((part) => part.startsWith("lease"))).toEqual([expect.stringContaining(words)]);
});

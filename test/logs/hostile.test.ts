import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logReport } from "../../src/report/text-log.js";
import { logRecords } from "../../src/report/log-records.js";
import { safeJson } from "../../src/report/safe-text.js";
import { validateRecord } from "../support/validate.js";
import { inspectText, recordedText } from "./support.js";

const NAMES = ["dhcpcd-partial.log", "udhcpc-partial.log", "networkd-partial.log", "dhcpd-lost-its-leases.log"];
const LINES = NAMES.flatMap((name) => recordedText(name).split("\n"));
const style = { columns: 80, color: false, unicode: true };

/** Real lines, some of them spoiled, in any order. */
const line = fc.oneof(
  fc.constantFrom(...LINES),
  fc.string({ unit: "binary" }),
  fc
    .tuple(fc.constantFrom(...LINES), fc.nat(200), fc.string({ unit: "binary", maxLength: 8 }))
    .map(([text, at, with_]) => text.slice(0, at) + with_ + text.slice(at + 2)),
);

describe("any lines at all", () => {
  it("give a report of printing characters and valid records", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const inspection = inspectText(lines.join("\n"));
        const readings = [{ inspection, compression: null, damage: null }];
        for (const printed of logReport(readings, style)) {
          expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(printed.length).toBeLessThanOrEqual(80);
        }
        for (const record of logRecords(readings)) {
          expect(validateRecord(JSON.parse(safeJson(record)))).toEqual([]);
        }
      }),
    );
  });

  it("are taken in time that grows with their number only", () => {
    // A regular expression that goes back and forth would take hours for these.
    const long = ["(", ")", "[", "a", "1.", "DHCPREQUEST for ", "x: "].map((text) =>
      text.repeat(8000).slice(0, 16_000),
    );
    expect(inspectText(long.join("\n")).lines).toBe(long.length);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiText, foreignText } from "../../src/findings/prose/foreign-text.js";

const HOSTILE: readonly (readonly [what: string, text: string, safe: string])[] = [
  ["an escape sequence", "a\u001b[31mb", "a\\x1b[31mb"],
  ["a line end", "a\r\nb", "a\\x0d\\x0ab"],
  ["DEL and C1 controls", "\u007f\u009b2J", "\\x7f\\x9b2J"],
  ["text that turns its direction", "web\u202eexe.txt", "web\\u{202e}exe.txt"],
  ["zero-width characters", "we\u200bb\ufeff", "we\\u{200b}b\\u{feff}"],
  ["line and paragraph separators", "a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
  ["a lone surrogate", "a\ud800b", "a\\u{d800}b"],
  ["tag characters", "a\u{e0041}", "a\\u{e0041}"],
  ["letters that are drawn as nothing", "a\u3164\u115f\u00ad", "a\\u{3164}\\u{115f}\\xad"],
  ["a forged escape", "\\x1b", "\\\\x1b"],
  ["letters of any language as they are", "žluťoučký 東京", "žluťoučký 東京"],
];

describe("foreignText", () => {
  it.each(HOSTILE)("shows %s", (_what, text, safe) => {
    expect(foreignText(text)).toBe(safe);
  });

  it("cuts what is too long and says so", () => {
    expect(foreignText("x".repeat(5000), 20)).toBe(`${"x".repeat(20)}...`);
    expect(foreignText("\u0000".repeat(5000), 10)).toBe("\\x00\\x00...");
  });

  it("leaves nothing in any text that could disturb a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const safe = foreignText(text, limit);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u);
        expect(safe.length).toBeLessThanOrEqual(limit + 3);
      }),
    );
  });
});

describe("asciiText", () => {
  it("escapes all that is not printable ASCII", () => {
    expect(asciiText("žá 東")).toBe("\\u{17e}\\xe1 \\u{6771}");
  });
});

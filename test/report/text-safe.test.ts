import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeJson } from "../../src/report/safe-text.js";

describe("safeJson", () => {
  it("escapes what JSON allows and a terminal does not", () => {
    expect(safeJson({ name: "a\u007f\u009b\u202e\u2028\u{e0041}\ud800z" })).toBe(
      '{"name":"a\\u007f\\u009b\\u202e\\u2028\\udb40\\udc41\\ud800z"}',
    );
  });

  it("leaves letters of any language as they are", () => {
    expect(safeJson("žluťoučký 東京")).toBe('"žluťoučký 東京"');
  });

  it("is equal to the value when it is parsed", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const json = safeJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

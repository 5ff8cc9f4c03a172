/** Words of strangers, made safe for whoever reads the output. */

export { asciiText, foreignText as safeText } from "../findings/prose/foreign-text.js";

/**
 * JSON on one line in which everything beyond plain printing characters is escaped as \uXXXX: C1 controls, DEL,
 * bidirectional and other format characters, line and paragraph separators, whatever is drawn as nothing. Parsed, it
 * equals what JSON.stringify gives. For values that JSON has: not undefined, no function.
 */
export function safeJson(value: unknown): string {
  return safeJsonText(JSON.stringify(value));
}

/** The same for a line of JSON that somebody else made, without its line end. */
export function safeJsonText(json: string): string {
  if (PLAIN.test(json)) return json;
  return json.replace(/[\u007f\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800]/gu, escapeUnits);
}

/** Most JSON is; to look it through for all of Unicode takes longer. */
const PLAIN = /^[ -~]*$/;

/** Each UTF-16 unit, as JSON has it. */
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => unit(character.charCodeAt(index))).join("");
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

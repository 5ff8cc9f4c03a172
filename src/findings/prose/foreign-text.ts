/**
 * Strings that a guest, a server or a file name chose, made fit for a terminal, a log and a sentence: whatever could
 * move a cursor, turn the direction of text, hide itself or end a line is shown as a backslash escape.
 */

/** Longer names and messages are cut; nothing in a DHCP option that helps an operator is longer. */
const LIMIT = 120;

/** Most names are. What knows all of Unicode is made only for the others: it takes longer than the rest of a report. */
const PLAIN = /^[ -[\]-~]*$/;

/**
 * Controls (C0, DEL, C1), format characters (bidirectional, tags), whatever is drawn as nothing (zero-width, fillers,
 * variation selectors), separators of lines and paragraphs, lone surrogates, private and unassigned code points; the
 * braille blank; and the backslash itself, so that an escape cannot be forged.
 */
const unsafeCharacters = (): RegExp => /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800\\]/gu;
/** Spaces of other widths look like something else, or like nothing. */
const strangeSpaces = (): RegExp => /(?! )\p{Zs}/gu;

/** @param limit characters of the result, before the mark that something was cut off */
export function foreignText(text: string, limit = LIMIT): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  const [unsafe, space] = [unsafeCharacters(), strangeSpaces()];
  // Escapes only lengthen, so that no more than `limit` characters of the input are ever needed.
  const characters = Array.from(text.slice(0, 2 * limit));
  let safe = "";
  for (const character of characters) {
    const next = character.replace(unsafe, escape).replace(space, escape);
    if (safe.length + next.length > limit) return `${safe}...`;
    safe += next;
  }
  return text.length > 2 * limit ? `${safe}...` : safe;
}

/** Private-use characters, which `foreignText` escapes: nobody can forge them. */
const OPEN = "\ue000";
const CLOSE = "\ue001";

/**
 * `foreignText` with marks around it that say where strange words begin and end, so that a page can show them as what
 * they are. Whoever prints the sentence takes the marks away, with `unquoted` or on his own.
 */
export function quoted(text: string, limit = LIMIT): string {
  return `${OPEN}${foreignText(text, limit)}${CLOSE}`;
}

/** The name of an input, as it was given. */
export function quotedInput(name: string, limit = LIMIT): string {
  return name === "-" ? "standard input" : quoted(name, limit);
}

/** Marks text of strangers that was made safe already. */
export function marked(safe: string): string {
  return `${OPEN}${unquoted(safe)}${CLOSE}`;
}

/** A sentence without marks. */
export function unquoted(sentence: string): string {
  return sentence.replaceAll(OPEN, "").replaceAll(CLOSE, "");
}

/** A sentence in its parts, in order: our words, and those of strangers. */
export function partsOf(sentence: string): { readonly text: string; readonly foreign: boolean }[] {
  return sentence.split(OPEN).flatMap((piece, index) => {
    const [strange = "", ...ours] = index === 0 ? ["", piece] : piece.split(CLOSE);
    const parts = [
      { text: strange, foreign: true },
      { text: ours.join(""), foreign: false },
    ];
    return parts.filter(({ text }) => text !== "");
  });
}

/** The same for text that may hold only printable ASCII. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, escape);
}

function escape(character: string): string {
  if (character === "\\") return "\\\\";
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}

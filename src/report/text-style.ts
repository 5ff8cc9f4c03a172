import { GLUE } from "./blocks.js";
import { asciiText } from "./safe-text.js";

/** How text is laid out: what the terminal can show. */
export interface TextStyle {
  /** Characters a line; less than 40 counts as 40. */
  readonly columns: number;
  readonly color: boolean;
  /** false: plain ASCII only. */
  readonly unicode: boolean;
}

export type Tone = "error" | "warning" | "well" | "label" | "command" | "plain";

const CODES: Readonly<Record<Tone, string>> = {
  error: "1;31",
  warning: "1;33",
  well: "32",
  label: "1",
  command: "36",
  plain: "",
};

/** Colour repeats what the words say already. */
export function paint(text: string, tone: Tone, style: TextStyle): string {
  return style.color && tone !== "plain" && text !== "" ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
}

export function widthOf(style: TextStyle): number {
  return Math.max(40, Math.floor(style.columns));
}

/**
 * A paragraph that hangs from its first line: `label` at the left, the text beside it in lines of at most the style's
 * columns. A word longer than a line is broken; what GLUE joins is one word.
 *
 * @param indent spaces before the label
 * @param hang columns from the left edge to the text
 */
export function paragraph(
  text: string,
  style: TextStyle,
  { indent = 0, hang = indent, label = "", tone = "label" }: Layout = {},
): string[] {
  // "1 min 47 s" stays on one line, and so does "frame 12".
  const glued = text
    .replace(/\b(frames?|port|RFC|section|option) (?=\d)/g, `$1${GLUE}`)
    .replace(/(\d) (?=(?:ms|s|min|h|d)\b)/g, `$1${GLUE}`)
    .replace(/(\d.(?:min|h|d)) (?=\d+.(?:s|min|h)\b)/g, `$1${GLUE}`);
  const shown = style.unicode ? glued : glued.split(GLUE).map(asciiText).join(GLUE);
  const lines = wrap(shown, widthOf(style) - hang).map((line) => line.replaceAll(GLUE, " ").trimEnd());
  return lines.map((line, index) => {
    if (index > 0 || label === "") return " ".repeat(index > 0 ? hang : indent) + line;
    const gap = " ".repeat(Math.max(1, hang - indent - label.length));
    return `${" ".repeat(indent)}${paint(label, tone, style)}${gap}${line}`;
  });
}

export interface Layout {
  readonly indent?: number;
  readonly hang?: number;
  readonly label?: string;
  readonly tone?: Tone;
}

/**
 * A shell command that can be pasted as it stands. Where it does not fit on a line, each of several commands has its
 * own, a pipeline goes on behind its bar, and other lines end in a backslash.
 */
export function commandLines(command: string, style: TextStyle, indent: number): string[] {
  const width = widthOf(style) - indent;
  if (lengthOf(command) <= width) return [" ".repeat(indent) + command];
  // A line end within quotes would become part of the word.
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  const commands = splitBehind(words, (word) => word.endsWith(";"));
  return commands
    .flatMap((one) => simpleCommand(one.join(" ").replace(/;$/, ""), one, width))
    .map((line) => " ".repeat(indent) + line);
}

function simpleCommand(text: string, words: readonly string[], width: number): string[] {
  if (lengthOf(text) <= width) return [text];
  const bare = words.map((word) => word.replace(/;$/, "")).filter((word) => word !== "");
  return splitBehind(bare, (word) => /^(?:\|\|?|&&)$/.test(word)).flatMap((part, number) => {
    const lines = fillLines(withValues(part, width - 4), width - 4);
    return lines.map((line, index) => {
      const more = index < lines.length - 1 ? " \\" : "";
      return `${number > 0 || index > 0 ? "  " : ""}${line}${more}`;
    });
  });
}

/** Options together with the word behind them, which is their value in most cases, where both fit on a line. */
function withValues(words: readonly string[], width: number): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const isValue = last !== undefined && /^--?[\w-]+$/.test(last) && !word.startsWith("-");
    if (isValue && lengthOf(`${last} ${word}`) <= width) joined[joined.length - 1] = `${last} ${word}`;
    else joined.push(word);
  }
  return joined;
}

/** Runs of words, each but the last ending in one that is marked. */
function splitBehind(words: readonly string[], isEnd: (word: string) => boolean): string[][] {
  const runs: string[][] = [[]];
  for (const word of words) {
    runs.at(-1)?.push(word);
    if (isEnd(word)) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** Lines of at most `width` characters, broken at spaces. */
export function wrap(text: string, width: number): string[] {
  // What is glued and too long for a line comes apart at its glue, before a word is broken.
  const words = text.split(" ").flatMap((glued) => (lengthOf(glued) <= width ? [glued] : glued.split(GLUE)));
  return fillLines(
    words.flatMap((whole) => pieces(whole, width)),
    width,
  );
}

function fillLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let length = 0;
  for (const word of words) {
    const more = lengthOf(word);
    if (line !== "" && length + 1 + more > width) {
      lines.push(line);
      line = word;
      length = more;
    } else {
      length += line === "" ? more : 1 + more;
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Parts of a word that fit into a line: broken behind punctuation if there is some in the second half of a line. */
function pieces(word: string, width: number): string[] {
  if (lengthOf(word) <= width) return [word];
  const parts: string[] = [];
  let characters = Array.from(word);
  while (lengthOf(characters.join("")) > width) {
    let fits = characters.length;
    while (fits > 1 && lengthOf(characters.slice(0, fits).join("")) > width) fits -= 1;
    const behind = characters.slice(0, fits).findLastIndex((character) => /[-./:_,;=]/.test(character)) + 1;
    const cut = behind > width / 2 ? behind : fits;
    parts.push(characters.slice(0, cut).join(""));
    characters = characters.slice(cut);
  }
  return [...parts, characters.join("")];
}

/** Columns on a terminal: East Asian wide characters and emoji take two. */
function lengthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  return Array.from(text).reduce((sum, character) => sum + (isWide(character) ? 2 : 1), 0);
}

/** Latin and its neighbours, general punctuation, arrows, box drawing, the cross. */
const NARROW = /^[ -\u02ff\u0370-\u03ff\u2010-\u2027\u2190-\u21ff\u2500-\u257f\u2717]*$/;

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
    character,
  );
}

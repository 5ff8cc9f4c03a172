import { partsOf } from "../findings/prose/foreign-text.js";

/** Text made fit for a Markdown page (CommonMark, and the dialects of GitHub and GitLab). */

/**
 * Our words with everything escaped that Markdown gives a meaning to; the words of strangers, and hardware addresses
 * (":ab:" is a picture on some pages), as code: there nothing is a link, a mention, a picture or a tag.
 */
export function markdownText(sentence: string): string {
  return partsOf(sentence)
    .map(({ text, foreign }) => (foreign ? codeSpan(text) : ours(text)))
    .join("");
}

function ours(text: string): string {
  return text
    .split(HARDWARE_ADDRESS)
    .map((piece, index) => (index % 2 === 1 ? codeSpan(piece) : escaped(piece)))
    .join("");
}

const HARDWARE_ADDRESS = /(\b(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}\b)/;

/** Pages make links and mentions of what no backslash stops; none of our own sentences has any. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_{}[\]|~#]/g, "\\$&")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** A code span: its fence is longer than any run of backticks within. */
export function codeSpan(text: string): string {
  if (text === "") return "";
  const fence = "`".repeat(longestRun(text) + 1);
  // One space at both ends is taken away again; it keeps backticks, and spaces of the text itself, from the fence.
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** A block of code; its fence is longer than any run of backticks within. */
export function codeBlock(lines: readonly string[], language: string): string[] {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

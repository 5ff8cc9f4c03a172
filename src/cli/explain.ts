import { find, type Found } from "../explain/find.js";
import { listLines, pageLines, remedyLines } from "../explain/text.js";
import { safeText } from "../report/safe-text.js";
import type { TextStyle } from "../report/text-style.js";
import { ExitCode } from "./exit-codes.js";
import { printLines } from "./print.js";
import { standardOutput, styleOf } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/**
 * `leasetap explain`: pages on standard output.
 *
 * @throws UsageError for what has no page; EnvironmentError if the output cannot be written
 */
export async function runExplain(words: readonly string[]): Promise<ExitCode> {
  await printLines(linesOf(words, styleOf(standardOutput(), process.env)));
  return ExitCode.CLEAN;
}

function linesOf(words: readonly string[], style: TextStyle): Iterable<string> {
  if (words.length === 0) return listLines(style);
  // Several words are several codes, or one line of a log without its quotes.
  const each = words.map(find);
  if (each.every(isByName)) return several(each, style);
  const asked = words.join(" ");
  const found = find(asked);
  if (found.kind === "nothing") throw new UsageError(unknown(asked, found.near));
  return several([found], style);
}

function isByName(found: Found): boolean {
  return found.kind === "remedy" || (found.kind === "page" && found.message === null);
}

function* several(each: readonly Found[], style: TextStyle): Generator<string> {
  for (const [index, found] of each.entries()) {
    if (index > 0) yield* ["", ""];
    if (found.kind === "page") yield* pageLines(found, style);
    if (found.kind === "remedy") yield* [...remedyLines(found.remedy, style)].slice(1);
  }
}

function unknown(asked: string, near: readonly string[]): string {
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`;
  return `there is no page for "${safeText(asked)}".${meant} leasetap explain lists all there are.`;
}

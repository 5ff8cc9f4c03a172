import type { Remedy } from "../findings/remedies.js";
import { wrap } from "../report/text-style.js";
import type { Block, Code, Example, Page, Source } from "./page.js";
import { isCommand } from "./remedy-text.js";

/** Width of pages that are wrapped by hand, too. */
const COLUMNS = 120;

/** Where a code or a remedy has its place: "causes.md#nak"; null: it has none. */
export type Place = (name: string) => string | null;

/** The page of a code as a section of a file of docs/. */
export function* pageMarkdown(code: Code, page: Page, place: Place): Generator<string> {
  yield `### ${code}`;
  yield "";
  yield* prose(`${capital(page.title)}.`, place, code);
  yield* part("What it is.", page.what, place, code);
  yield* part("How it is recognised.", page.recognised, place, code);
  if (page.example !== null) yield* exampleMarkdown(page.example, place, code);
  yield* part("Often mistaken for.", page.mistaken, place, code);
  yield* part("What to do.", page.todo, place, code);
  if (page.remedies.length > 0) {
    yield "";
    for (const { id, title } of page.remedies) yield `- [${id}](${place(id) ?? ""}): ${inline(title, place, code)}`;
  }
  if (page.sources.length > 0) {
    yield "";
    yield* prose(`*Sources:* ${page.sources.map(sourceMarkdown).join("; ")}.`, place, code, false);
  }
}

/** All that is to be said of a remedy. */
export function* remedyMarkdown(remedies: readonly Remedy[], place: Place): Generator<string> {
  for (const { id, title, command, what, appliesWhen, limits, undo, check } of remedies) {
    yield `### ${id}`;
    yield "";
    yield* prose(`${title}.`, place, id);
    yield "";
    if (command !== null) yield* ["```sh", command, "```", ""];
    yield* prose(`**Applies if** ${text(appliesWhen, place, id)}`, place, id, false);
    yield "";
    yield* prose(`**What it does.** ${text(what, place, id)}`, place, id, false);
    yield "";
    yield* prose(`**What it does not do.** ${text(limits, place, id)}`, place, id, false);
    yield "";
    if (undo !== null && isCommand(undo)) yield* ["**Undo.**", "", "```sh", undo, "```"];
    else yield* prose(`**Undo.** ${text(undo ?? "Nothing: it only looks.", place, id)}`, place, id, false);
    yield "";
    yield* prose(`**Check.** ${text(check, place, id)}`, place, id, false);
    yield "";
  }
}

function* part(title: string, blocks: readonly Block[], place: Place, own: string): Generator<string> {
  for (const [index, block] of blocks.entries()) {
    yield "";
    const lead = index === 0 ? `**${title}** ` : "";
    if (typeof block === "string") {
      yield* prose(`${lead}${text(block, place, own)}`, place, own, false);
      continue;
    }
    if (lead !== "") yield* [lead.trimEnd(), ""];
    yield* blockMarkdown(block, place, own);
  }
}

export function* blockMarkdown(block: Block, place: Place, own: string): Generator<string> {
  if (typeof block === "string") {
    yield* prose(block, place, own);
  } else if ("list" in block) {
    for (const item of block.list) {
      const [first = "", ...more] = wrap(text(item, place, own), COLUMNS - 2);
      yield* [`- ${first}`, ...more.map((line) => `  ${line}`)];
    }
  } else {
    const row = (cells: readonly string[]): string => `| ${cells.map((cell) => text(cell, place, own)).join(" | ")} |`;
    yield row(block.table.head);
    yield `|${block.table.head.map(() => "---").join("|")}|`;
    for (const cells of block.table.rows) yield row(cells);
  }
}

function* exampleMarkdown({ capture, says, lines, so }: Example, place: Place, own: string): Generator<string> {
  const folder = capture.split("/").slice(0, -1).join("/");
  yield "";
  yield* prose(
    `**On a recording,** [${capture}](../${folder}/README.md): ${text(says, place, own)}`,
    place,
    own,
    false,
  );
  yield "";
  if (lines.length > 0) yield* ["```", ...lines, "```", ""];
  yield* prose(so, place, own);
}

function sourceMarkdown({ text: words, url }: Source): string {
  return url === null ? escaped(words) : `[${escaped(words)}](${url})`;
}

/** @param linked false: the text has its marks already */
export function prose(words: string, place: Place, own: string, linked = true): string[] {
  return wrap(linked ? text(words, place, own) : words, COLUMNS);
}

/** Names of other pages become links; what Markdown would take for its own is escaped. */
function text(words: string, place: Place, own: string): string {
  return words
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith("`") ? piece : inline(piece, place, own)))
    .join("");
}

function inline(words: string, place: Place, own: string): string {
  return escaped(words).replace(/(?<![\w/.@-])[a-z]+(?:-[a-z]+)+(?![\w/-]|\.\w)/g, (name) => {
    const at = name === own ? null : place(name);
    return at === null ? name : `[${name}](${at})`;
  });
}

function escaped(words: string): string {
  return words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[*|[\]]/g, "\\$&");
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

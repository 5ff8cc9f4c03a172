import { unquoted } from "../findings/prose/foreign-text.js";
import type { Clock } from "../findings/prose/words.js";
import { accountOf, type AccountOptions } from "./account.js";
import { GLUE, type Block } from "./blocks.js";
import type { ReportFilter } from "./filter.js";
import type { Findings } from "./json.js";
import { codeBlock, markdownText } from "./markdown-text.js";
import { drawTimeline } from "./timeline-lines.js";

/** A drawing that fits into the column of a ticket. */
const COLUMNS = 72;

type Kind = Block["kind"];

/** The report for a ticket: Markdown, line by line without line ends. */
export function* renderMarkdown(
  found: Findings,
  filter: ReportFilter,
  options: AccountOptions = {},
): Generator<string> {
  const { blocks, clock } = accountOf(found, filter, options);
  let before: Kind | null = null;
  for (const block of blocks) {
    // List items stay together; all else is a paragraph of its own.
    if (before !== null && !(isItem(block.kind) && isItem(before))) yield "";
    for (const line of blockLines(block, clock)) yield line.replaceAll(GLUE, " ");
    before = block.kind;
  }
}

function isItem(kind: Kind): boolean {
  return kind === "note" || kind === "listed" || kind === "input";
}

function blockLines(block: Block, clock: Clock): string[] {
  switch (block.kind) {
    case "summary":
      return [`**${markdownText(block.text)}**`];
    case "input":
      return [`- ${markdownText(block.text)}`];
    case "damage":
      return [`**${block.label}:** ${markdownText(block.text)}`];
    case "client":
      return [`### ${block.severity.toUpperCase()}: ${block.parts.map(markdownText).join(", ")}`];
    case "account":
    case "more":
      return [markdownText(block.text)];
    case "timeline": {
      const { rows, key } = drawTimeline(block.timeline, clock, COLUMNS, true);
      const drawn = rows.map(({ label, text }) => `${label.padEnd(8)}${text}`);
      return [...codeBlock(drawn, "text"), "", markdownText(`${key}.`)];
    }
    case "labelled":
      return [`**${block.label}:** ${markdownText(block.text)}`];
    case "command":
      return [
        ...(block.label === null ? [] : [`**${block.label}:**`, ""]),
        ...codeBlock([unquoted(block.command)], "sh"),
      ];
    case "others":
      return [
        `**${markdownText(block.text)}**`,
        "",
        ...block.items.map((item) => `- ${markdownText(item)}`),
        ...(block.rest === null ? [] : [`- ${markdownText(block.rest)}`]),
      ];
    case "note":
      return [`- **Note:** ${markdownText(block.text)}`];
    case "list":
      return [`#### ${markdownText(block.text)}`];
    case "listed":
      return [`${"  ".repeat(block.indent)}- ${markdownText(block.text)}`];
  }
}

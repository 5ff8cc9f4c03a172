import { unquoted } from "../findings/prose/foreign-text.js";
import type { Severity } from "../findings/cause.js";
import type { Clock } from "../findings/prose/words.js";
import { accountOf, type AccountOptions } from "./account.js";
import { GLUE, type Block } from "./blocks.js";
import type { ReportFilter } from "./filter.js";
import type { Findings } from "./json.js";
import { commandLines, paint, paragraph, widthOf, type TextStyle } from "./text-style.js";
import { timelineText } from "./text-timeline.js";

export type { AccountOptions } from "./account.js";
export type { TextStyle } from "./text-style.js";

const INDENT = 2;
/** From the left edge to the text beside a label. */
const HANG = 8;

/** The report for a reader at a terminal, line by line without line ends. */
export function* renderReport(
  found: Findings,
  filter: ReportFilter,
  style: TextStyle,
  options: AccountOptions = {},
): Generator<string> {
  const { blocks, clock } = accountOf(found, filter, options);
  let before: Block | null = null;
  for (const block of blocks) {
    if (before !== null && isApart(block, before)) yield "";
    yield* blockLines(block, style, clock);
    before = block;
  }
}

/** Whether an empty line goes between two blocks. */
function isApart(block: Block, before: Block): boolean {
  switch (block.kind) {
    case "client":
    case "timeline":
    case "others":
    case "list":
      return true;
    case "account":
      return before.kind !== "client";
    case "labelled":
      return before.kind === "account" || before.kind === "timeline";
    case "note":
      return before.kind !== "note" && before.kind !== "input" && before.kind !== "damage";
    default:
      return false;
  }
}

function blockLines(block: Block, style: TextStyle, clock: Clock): string[] {
  switch (block.kind) {
    case "summary":
      return paragraph(unquoted(block.text), style, { hang: 2 }).map((line) =>
        paint(line, block.well ? "well" : "label", style),
      );
    case "input":
      return paragraph(unquoted(block.text), style, { hang: 2 });
    case "damage":
      return paragraph(unquoted(block.text), style, { indent: 2, hang: 11, label: block.label, tone: "warning" });
    case "client":
      return heading(block.severity, block.parts, style);
    case "account":
      return paragraph(unquoted(block.text), style, { indent: INDENT });
    case "timeline":
      return timelineText(block.timeline, clock, style, INDENT);
    case "labelled":
      return paragraph(unquoted(block.text), style, { indent: INDENT, hang: HANG, label: block.label });
    case "command":
      return command(block.command, block.label, style);
    case "more":
      return paragraph(unquoted(block.text), style, { indent: HANG });
    case "others":
      return others(block, style);
    case "note":
      return paragraph(unquoted(block.text), style, { hang: 6, label: "Note" });
    case "list":
      return paragraph(unquoted(block.text), style, { hang: 2 }).map((line) => paint(line, "label", style));
    case "listed": {
      const indent = INDENT * (block.indent + 1);
      return paragraph(unquoted(block.text), style, { indent, hang: indent + 4 });
    }
  }
}

function heading(severity: Severity, parts: readonly string[], style: TextStyle): string[] {
  const text = `${mark(severity, style)} ${unquoted(parts.join(`${GLUE} `))}`;
  const tone = severity === "error" ? "error" : "warning";
  // Deeper than the account below it.
  return paragraph(text, style, { hang: 2 * INDENT }).map((line) => paint(line, tone, style));
}

/** The words say it, too: "error" and "warning" are not left to signs and colours. */
function mark(severity: Severity, style: TextStyle): string {
  const sign = severity === "error" ? (style.unicode ? "\u2717" : "x") : "!";
  return `${sign} ${severity.toUpperCase()}`;
}

function command(text: string, label: string | null, style: TextStyle): string[] {
  if (label === null) return commandLines(text, style, HANG + 2).map((line) => paint(line, "command", style));
  const [first = "", ...rest] = commandLines(text, style, HANG);
  const start = " ".repeat(INDENT) + paint(label, "label", style) + " ".repeat(HANG - INDENT - label.length);
  return [start + paint(first.trimStart(), "command", style), ...rest.map((line) => paint(line, "command", style))];
}

function others({ text, items, rest }: Extract<Block, { kind: "others" }>, style: TextStyle): string[] {
  const layout = { indent: INDENT * 2, hang: Math.min(HANG, widthOf(style) / 4) };
  return [
    ...paragraph(unquoted(`${text}:`), style, { indent: INDENT, hang: INDENT * 2 }),
    ...items.flatMap((item) => paragraph(unquoted(item), style, layout)),
    ...(rest === null ? [] : paragraph(rest, style, layout)),
  ];
}

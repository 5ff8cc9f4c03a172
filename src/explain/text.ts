import type { Remedy } from "../findings/remedies.js";
import { commandLines, paint, paragraph, widthOf, type TextStyle } from "../report/text-style.js";
import { MESSAGES } from "./messages.js";
import type { Found } from "./find.js";
import type { Block, Example, Source } from "./page.js";
import { everyRemedy, GROUPS, PAGES } from "./pages.js";
import { eachSaidOnce, isCommand } from "./remedy-text.js";

const INDENT = 2;

/** All that can be explained, line by line. */
export function* listLines(style: TextStyle): Generator<string> {
  for (const { title, codes } of Object.values(GROUPS)) {
    yield* heading(title, style);
    yield* pairs(
      codes.map((code) => [code, PAGES[code].title]),
      style,
    );
    yield "";
  }
  yield* heading("Lines of other programs", style);
  for (const { text, printedBy, code } of MESSAGES) {
    yield* paragraph(`${text} (${printedBy}): ${code}`, style, { indent: INDENT, hang: INDENT + 2 });
  }
  yield "";
  yield* heading("Remedies", style);
  yield* pairs(
    everyRemedy().map(({ id, title }) => [id, title]),
    style,
  );
  yield "";
  yield* paragraph("leasetap explain NAME shows one of them; a line of a log does as well, in quotes.", style);
}

/** One page, after what the line that led to it proves. */
export function* pageLines(found: Extract<Found, { kind: "page" }>, style: TextStyle): Generator<string> {
  const { code, message, reading } = found;
  const page = PAGES[code];
  if (message !== null) {
    yield* paragraph(`Such a line is printed by ${message.printedBy}. ${reading?.says ?? ""}`.trim(), style);
    yield "";
  }
  yield* paragraph(`${code}: ${page.title}`, style, { hang: INDENT }).map((line) => paint(line, "label", style));
  yield* section("What it is", page.what, style);
  yield* section("How it is recognised", page.recognised, style);
  if (page.example !== null) yield* exampleLines(page.example, style);
  yield* section("Often mistaken for", page.mistaken, style);
  yield* section("What to do", page.todo, style);
  for (const remedy of eachSaidOnce(page.remedies)) yield* remedyLines(remedy, style);
  if (page.remedies.some(({ command }) => command !== null)) {
    yield "";
    yield* paragraph("Names in capitals: leasetap explain names. Whether it worked: leasetap explain check.", style, {
      indent: INDENT,
    });
  }
  yield* sourceLines(page.sources, style);
}

/** One remedy, with its five parts. */
export function* remedyLines(remedy: Remedy, style: TextStyle): Generator<string> {
  const { id, title, command, what, appliesWhen, limits, undo, check } = remedy;
  const deep = INDENT + 2;
  yield "";
  yield* paragraph(`${title} (${id})`, style, { indent: INDENT, hang: deep }).map((line) =>
    paint(line, "label", style),
  );
  yield* part("If", appliesWhen, style);
  if (command !== null) yield* commandLines(command, style, deep + 2);
  yield* paragraph(plain(what), style, { indent: deep });
  yield* part("Not", limits, style);
  if (undo !== null && isCommand(undo)) {
    const [first = "", ...more] = commandLines(undo, style, INDENT + 9);
    yield* [first.replace(/^ {11}/, "    Undo   "), ...more];
  } else {
    yield* part("Undo", undo ?? "Nothing: it only looks.", style);
  }
  yield* part("Check", check, style);
}

function part(label: string, text: string, style: TextStyle): string[] {
  return paragraph(plain(text), style, { indent: INDENT + 2, hang: INDENT + 9, label });
}

function heading(text: string, style: TextStyle): string[] {
  return paragraph(text, style).map((line) => paint(line, "label", style));
}

function* section(title: string, blocks: readonly Block[], style: TextStyle): Generator<string> {
  if (blocks.length === 0) return;
  yield "";
  yield* heading(title, style);
  for (const [index, block] of blocks.entries()) {
    if (index > 0) yield "";
    yield* blockLines(block, style);
  }
}

function* blockLines(block: Block, style: TextStyle): Generator<string> {
  if (typeof block === "string") {
    yield* paragraph(plain(block), style, { indent: INDENT });
  } else if ("list" in block) {
    for (const item of block.list) yield* paragraph(`- ${plain(item)}`, style, { indent: INDENT, hang: INDENT + 2 });
  } else {
    const [, ...others] = block.table.head;
    for (const row of block.table.rows) {
      const [name = "", ...cells] = row.map(plain);
      const told = cells.map((cell, index) => (index === 0 ? cell : `${others[index] ?? ""}: ${cell}`));
      yield* paragraph(`${name}: ${told.join("; ")}`, style, { indent: INDENT, hang: INDENT + 2 });
    }
  }
}

function* exampleLines({ capture, says, lines, so }: Example, style: TextStyle): Generator<string> {
  yield "";
  yield* paragraph(`On a recording, ${capture}:`, style, { indent: INDENT });
  yield* paragraph(plain(says), style, { indent: INDENT });
  for (const line of lines) yield* paragraph(line, style, { indent: INDENT + 4 });
  yield* paragraph(plain(so), style, { indent: INDENT });
}

function* sourceLines(sources: readonly Source[], style: TextStyle): Generator<string> {
  if (sources.length === 0) return;
  yield "";
  yield* heading("Sources", style);
  for (const { text, url } of sources) {
    yield* paragraph(`- ${plain(text)}`, style, { indent: INDENT, hang: INDENT + 2 });
    // An address stays whole, so that it can be opened: a terminal breaks it where it must.
    if (url !== null) yield `${" ".repeat(INDENT + 2)}${url}`;
  }
}

/** Names and what they stand for, in two columns where there is room. */
function* pairs(rows: readonly (readonly [string, string])[], style: TextStyle): Generator<string> {
  const widest = Math.max(...rows.map(([name]) => name.length));
  const hang = widthOf(style) >= TWO_COLUMNS ? INDENT + widest + 2 : INDENT + 4;
  for (const [name, text] of rows) {
    if (hang > INDENT + widest) {
      yield* paragraph(text, style, { indent: INDENT, hang, label: name, tone: "plain" });
    } else {
      yield `${" ".repeat(INDENT)}${name}`;
      yield* paragraph(text, style, { indent: hang });
    }
  }
}

const TWO_COLUMNS = 60;

/** Marks of Markdown are for Markdown. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}

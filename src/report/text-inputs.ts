import { secondsBetween } from "../capture/instant.js";
import type { Damage } from "../capture/sink.js";
import { count, duration } from "../findings/prose/words.js";
import type { Findings, InputReading } from "./json.js";
import { safeText } from "./safe-text.js";
import { GLUE, paragraph, type TextStyle } from "./text-style.js";
import { dayOf, textClock, timeOfDay } from "./text-time.js";
import { passedOverSentence, skippedSentences } from "./unread.js";

/** Inputs beyond this are only counted, unless something is wrong with them. */
const MOST = 12;

/** A line for each input: what was looked at, and how many files were not. */
export function* inputLines({ inputs, passedOver }: Findings, style: TextStyle): Generator<string> {
  const firstTimed = inputs.find(({ facts }) => facts.first !== null);
  let hidden = 0;
  for (const [index, input] of inputs.entries()) {
    if (index >= MOST && !isOdd(input)) {
      hidden += 1;
      continue;
    }
    yield* paragraph(inputSentence(input, input === firstTimed), style, { hang: 2 });
    yield* troubles(input, style);
  }
  if (hidden > 0) yield* paragraph(`and ${count(hidden, "more input")}`, style, { hang: 2 });
  if (passedOver > 0) yield* paragraph(passedOverSentence(passedOver), style);
}

function isOdd({ facts, damage }: InputReading): boolean {
  return damage !== null || facts.skippedLinks.size > 0;
}

function inputSentence({ facts, compression }: InputReading, withZone: boolean): string {
  const name = facts.name === "-" ? "standard input" : safeText(facts.name, NAME_LIMIT);
  const packed = compression === null ? "" : ` (${safeText(compression)})`;
  const frames = facts.frames === 0 ? "no frames" : `${count(facts.frames, "frame")}, ${facts.dhcp} DHCP`;
  return `${name}${packed}: ${frames}${spanOf(facts, withZone)}`;
}

const NAME_LIMIT = 200;

function spanOf({ first, last }: InputReading["facts"], withZone: boolean): string {
  if (first === null || last === null) return "";
  const zone = withZone ? " UTC" : "";
  const length = secondsBetween(first, last);
  const start = `${dayOf(first)} ${timeOfDay(first)}`;
  if (length === 0) return `, ${start}${zone}`;
  return `, ${start} to ${textClock(dayOf(first))(last)}${zone} (${duration(length).replaceAll(" ", GLUE)})`;
}

function* troubles({ facts, damage }: InputReading, style: TextStyle): Generator<string> {
  const layout = { indent: 2, hang: 11, label: "Damaged", tone: "warning" } as const;
  if (damage !== null) {
    const sentence = damage.sentence.replace(/\.$/, "");
    const told = facts.frames === 0 ? "." : ` (byte ${damage.offset}). ${restOf(damage)}`;
    yield* paragraph(`${sentence}${told}`, style, layout);
  }
  for (const sentence of skippedSentences({ facts, damage })) {
    yield* paragraph(sentence, style, { ...layout, label: "Skipped" });
  }
}

function restOf({ code }: Damage): string {
  return code === "resynchronised" ? "What came before and after it was read." : "What came before it was read.";
}

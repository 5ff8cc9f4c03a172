import { secondsBetween } from "../capture/instant.js";
import { count, duration } from "../findings/prose/words.js";
import type { InputReading } from "./json.js";
import { safeText } from "./safe-text.js";
import { GLUE, paragraph, type TextStyle } from "./text-style.js";
import { dayOf, textClock, timeOfDay } from "./text-time.js";

/** Inputs beyond this are only counted, unless something is wrong with them. */
const MOST = 12;

/** A line for each input: what was looked at. */
export function* inputLines(inputs: readonly InputReading[], style: TextStyle): Generator<string> {
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
    const told = facts.frames === 0 ? "." : ` (byte ${damage.offset}). What came before it was read.`;
    yield* paragraph(`${sentence}${told}`, style, layout);
  }
  for (const [linkType, frames] of facts.skippedLinks) {
    const name = LINK_NAMES[linkType] ?? `link type ${linkType}`;
    yield* paragraph(`${count(frames, "frame")} of ${name} cannot be read yet.`, style, {
      ...layout,
      label: "Skipped",
    });
  }
}

/** Link layers that captures of virtual machines come with, by LINKTYPE_ number. */
const LINK_NAMES: Readonly<Record<number, string>> = {
  0: "BSD loopback (link type 0)",
  101: "raw IP (link type 101)",
  105: "IEEE 802.11 (link type 105)",
  113: 'Linux cooked capture ("any", link type 113): capture on one interface instead',
  127: "IEEE 802.11 with radiotap (link type 127)",
  228: "raw IPv4 (link type 228)",
  276: 'Linux cooked capture v2 ("any", link type 276): capture on one interface instead',
};

import { secondsBetween, type Instant } from "../capture/instant.js";
import { logClock } from "../evidence/placed-log.js";
import type { OwnStamps } from "../clocks/own-clock.js";
import type { Damage } from "../capture/sink.js";
import { marked, quoted, quotedInput } from "../findings/prose/foreign-text.js";
import { offsetSentence } from "../findings/prose/clocks.js";
import { capital, count, countedSeconds, duration, list } from "../findings/prose/words.js";
import { GLUE, type Block } from "./blocks.js";
import type { Findings, InputReading, LogBeside } from "./json.js";
import { dayOf, textClock, timeOfDay } from "./text-time.js";
import { passedOverSentence, skippedSentences } from "./unread.js";
import { zoneLabel, type Zone } from "./zone.js";

/** Inputs beyond this are only counted, unless something is wrong with them. */
const MOST = 12;
const NAME_LIMIT = 200;

/** "bridge.pcap", or "3 captures". */
export function inputsName(inputs: readonly InputReading[]): string {
  const [first, second] = inputs;
  return first === undefined || second !== undefined ? count(inputs.length, "capture") : nameOf(first);
}

/** What was looked at, a line for each input, and how many files were not; date and zone are said in the first that has a time. */
export function* inputBlocks({ inputs, passedOver, logs = [] }: Findings, zone: Zone): Generator<Block> {
  const firstTimed = inputs.find(({ facts }) => facts.first !== null);
  let hidden = 0;
  for (const [index, input] of inputs.entries()) {
    if (index >= MOST && !isOdd(input)) {
      hidden += 1;
      continue;
    }
    const name = inputs.length === 1 ? "" : `${nameOf(input)}: `;
    yield { kind: "input", text: `${name}${factsOf(input, zone, input === firstTimed)}` };
    if (input.facts.own !== null) {
      yield { kind: "damage", label: "Clock", text: clockText(input.facts.name, input.facts.own) };
    }
    yield* troubles(input);
  }
  if (hidden > 0) yield { kind: "input", text: `and ${count(hidden, "more capture")}` };
  if (passedOver > 0) yield { kind: "input", text: passedOverSentence(passedOver) };
  for (const log of logs) yield* logBlocks(log, inputs[0]?.facts.name ?? "");
}

function isOdd({ facts, damage }: InputReading): boolean {
  return damage !== null || facts.skippedLinks.size > 0 || facts.untimed > 0;
}

function nameOf({ facts, compression }: InputReading): string {
  const name = quotedInput(facts.name, NAME_LIMIT);
  return compression === null ? name : `${name} (${quoted(compression)})`;
}

/** A log beside the captures, and whose it is. */
function* logBlocks({ input, lines, telling, placed, damage }: LogBeside, reference: string): Generator<Block> {
  const heard = placed !== null && placed.messages > 0;
  const of = heard ? `, of ${list([...placed.clients, ...placed.servers].map((name) => quoted(name)))}` : "";
  const seen = heard
    ? `; ${count(placed.messages, "message")} of it ${placed.messages === 1 ? "is" : "are"} among the packets`
    : placed?.testifies === true
      ? ""
      : "; nothing in it is about these packets";
  yield {
    kind: "input",
    text: `${quoted(input, NAME_LIMIT)}: ${count(lines, "line")}, ${telling} about DHCP${of}${seen}`,
  };
  const clock = placed === null ? null : logClock(placed, reference);
  if (clock !== null) yield { kind: "damage", label: "Clock", text: `${capital(offsetSentence(input, clock))}.` };
  if (damage !== null) yield { kind: "damage", label: "Damaged", text: damage.sentence };
}

function clockText(name: string, { clock }: OwnStamps): string {
  return `${capital(offsetSentence(name, clock))}. Times below are by the clock of ${quoted(clock.reference)}.`;
}

function factsOf({ facts }: InputReading, zone: Zone, withZone: boolean): string {
  const { frames, dhcp } = facts;
  const { first, last } = facts.own ?? facts;
  const what = frames === 0 ? "no frames" : `${count(frames, "frame")}, ${dhcp} DHCP`;
  return first === null || last === null ? what : `${what}, ${spanOf(first, last, zone, withZone)}`;
}

function spanOf(first: Instant, last: Instant, zone: Zone, withZone: boolean): string {
  const start = `${dayOf(first, zone)} ${timeOfDay(first, zone)}`;
  const [label, after] = [zoneLabel(zone, first.seconds), zoneLabel(zone, last.seconds)];
  if (secondsBetween(first, last) < SHORT) return withZone ? `${start} ${label}` : start;
  const [early, late] = !withZone ? ["", ""] : label === after ? ["", ` ${label}`] : [` ${label}`, ""];
  const end = textClock(first, zone)(last);
  // Where the clock was set in between, nobody knows how long it was.
  if ((first.shift ?? 0) !== (last.shift ?? 0)) return `${start}${early} to ${end}${late}`;
  return `${start}${early} to ${end}${late} (${duration(countedSeconds(first, last)).replaceAll(" ", GLUE)})`;
}

/** A span of less, in seconds, is a moment. */
const SHORT = 1;

function* troubles({ facts, damage }: InputReading): Generator<Block> {
  if (damage !== null) {
    // It may quote the name of the input.
    const sentence = marked(damage.sentence.replace(/\.$/, ""));
    const told = facts.frames === 0 ? "." : `${placeOf(damage)}. ${restOf(damage)}`;
    yield { kind: "damage", label: "Damaged", text: `${sentence}${told}` };
  }
  for (const sentence of skippedSentences({ facts, damage })) {
    yield { kind: "damage", label: "Skipped", text: sentence };
  }
}

/** The sentence itself has the places at which reading went on. */
function placeOf({ code, offset }: Damage): string {
  return code === "resynchronised" ? "" : ` (byte ${offset})`;
}

function restOf({ code }: Damage): string {
  return code === "resynchronised" ? "What came before and after it was read." : "What came before it was read.";
}

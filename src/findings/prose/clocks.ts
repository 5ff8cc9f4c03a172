import type { ClockSpan, InputClock } from "../../clocks/input-clock.js";
import { quotedInput } from "./foreign-text.js";
import { count, duration, latency, list } from "./words.js";

/** How a clock differs: "the clock of bridge.pcap is 3.2 s ahead of that of tap.pcap, as 12 messages seen in both show". */
export function offsetSentence(input: string, { reference, messages, spans }: InputClock): string {
  const shown = `as ${count(messages, "message")} seen in both ${messages === 1 ? "shows" : "show"}`;
  const [first, second] = spans;
  if (first !== undefined && second === undefined) {
    return `the clock of ${quotedInput(input)} is ${aheadText(first)} that of ${quotedInput(reference)}${driftText(first)}, ${shown}`;
  }
  const parts = spans
    .slice(0, MOST_SPANS)
    .map((span) => `from frame ${span.from} on ${span.ahead === 0 ? "with" : aheadText(span)} it`);
  const rest = spans.length > parts.length ? " and so on" : "";
  return `the clock of ${quotedInput(input)} was set, and is not always with that of ${quotedInput(reference)}: ${list(parts)}${rest}, ${shown}`;
}

const MOST_SPANS = 4;

export function offsetDetail(input: string, { reference, example, ordered }: InputClock): string[] {
  return [
    ...(example === null
      ? []
      : [
          `Frame ${example.frame} of ${quotedInput(input)} and frame ${example.otherFrame} of ${quotedInput(example.otherInput)} are the same message, for example.`,
        ]),
    `Times are told by the clock of ${quotedInput(reference)}; ${example === null ? "lines" : "frames"} keep the stamps that they have.`,
    ...(ordered || example === null
      ? []
      : [
          "They have messages of one direction in common only, so that the time on the way cannot be told from the difference of the clocks: which of the two points a message met first is not known.",
        ]),
  ];
}

/** "3.2 s ahead of", "1 h behind". */
function aheadText({ ahead }: ClockSpan): string {
  const size = Math.abs(ahead);
  return `${size < 9.95 ? latency(size) : duration(size)} ${ahead < 0 ? "behind" : "ahead of"}`;
}

const HOUR = 3600;

function driftText({ drift }: ClockSpan): string {
  if (drift === 0) return "";
  return ` when it begins, and ${drift > 0 ? "gains" : "loses"} ${latency(Math.abs(drift) * HOUR)} an hour`;
}

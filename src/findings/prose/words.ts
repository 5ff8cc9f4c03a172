import type { Instant } from "../../capture/instant.js";
import { formatInstant, secondsBetween } from "../../capture/instant.js";

/** Small words: numbers, spans of time, lists. */

/** How a moment is written in a sentence. */
export type Clock = (instant: Instant) => string;

/** Complete, for a sentence that stands alone: "2026-11-22 11:03:50 UTC". */
export function utcClock(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 19).replace("T", " ")} UTC`;
}

const UNITS = [
  { seconds: 86_400, name: "d" },
  { seconds: 3600, name: "h" },
  { seconds: 60, name: "min" },
  { seconds: 1, name: "s" },
] as const;

/** A span of time in its two largest units: "26 s", "2 min 40 s", "1 d 3 h"; below a second as `latency` has it. */
export function duration(seconds: number): string {
  if (seconds < 1) return latency(seconds);
  let rest = Math.round(seconds);
  const first = UNITS.findIndex((unit) => rest >= unit.seconds);
  const parts: string[] = [];
  for (const unit of UNITS.slice(first, first + 2)) {
    const whole = Math.floor(rest / unit.seconds);
    rest -= whole * unit.seconds;
    if (whole > 0) parts.push(`${whole} ${unit.name}`);
  }
  return parts.join(" ");
}

/** Seconds between two moments as their clocks show them, to a second: a reader counts. Less than one is exact. */
export function countedSeconds(from: Instant, to: Instant): number {
  const exact = secondsBetween(from, to);
  return exact < 1 ? exact : to.seconds - from.seconds;
}

/** How long an answer took: "under 1 ms", "15 ms", "1.4 s", "28 s". */
export function latency(seconds: number): string {
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 9.95 ? `${Math.round(seconds * 10) / 10} s` : duration(seconds);
}

/** The shortest and the longest of some latencies: "3 to 15 ms", "under 1 ms". */
export function latencyRange(values: readonly number[]): string {
  const shortest = latency(least(values));
  const longest = latency(greatest(values));
  if (shortest === longest) return longest;
  const unit = / (\w+)$/.exec(longest)?.[0] ?? "";
  return shortest.startsWith("under")
    ? `up to ${longest}`
    : `${shortest.endsWith(unit) ? shortest.slice(0, -unit.length) : shortest} to ${longest}`;
}

/** Infinity for none; a call with a hundred thousand arguments, as Math.min would need, fails. */
export function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

export function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** "1 request", "11 requests". */
export function count(number: number, noun: string): string {
  const plural = noun.endsWith("ss") ? `${noun}es` : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${number} ${number === 1 ? noun : plural}`;
}

/** "a", "a and b", "a, b and c". */
export function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** "once", "twice", "5 times". */
export function times(number: number): string {
  return number === 1 ? "once" : number === 2 ? "twice" : `${number} times`;
}

export function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

export function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}

export function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

/** "1 request", "both requests", "all 11 requests". */
export function all(number: number, noun: string): string {
  return number === 2 ? `both ${count(2, noun).slice(2)}` : `${number > 2 ? "all " : ""}${count(number, noun)}`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

import { UsageError } from "./usage-error.js";

const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d)$/;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds of "90s", "10m", "1.5h", "30d".
 *
 * @throws UsageError if it is no such span, or none at all
 */
export function parseDuration(text: string): number {
  const parts = DURATION.exec(text);
  const seconds = parts === null ? 0 : Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? NaN);
  if (seconds > 0) return seconds;
  throw new UsageError(`${JSON.stringify(text)} is no span of time: write 90s, 10m, 1.5h or 30d.`);
}

/** "15m,5m,1m" as seconds, the longest first. */
export function parseDurations(text: string): readonly number[] {
  const spans = text.split(",").map((span) => parseDuration(span.trim()));
  return [...new Set(spans)].sort((a, b) => b - a);
}

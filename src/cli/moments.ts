import { toStamp, type Instant } from "../capture/instant.js";
import type { Findings } from "../report/json.js";
import type { Zone } from "../report/zone.js";
import { UsageError } from "./usage-error.js";

/** A moment as --since and --until name it; seconds. An `offset` is east of UTC, null: that of the report's clock. */
export type Moment =
  /** What a clock shows, in seconds since it showed 1970. */
  | { readonly kind: "absolute"; readonly time: number; readonly offset: number | null }
  /** On the capture's first day. */
  | { readonly kind: "time-of-day"; readonly time: number; readonly offset: number | null }
  | { readonly kind: "before-end"; readonly time: number };

const CLOCK = String.raw`(\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?`;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_AND_TIME = new RegExp(`^(\\d{4}-\\d{2}-\\d{2})[T ]${CLOCK}$`);
const TIME_OF_DAY = new RegExp(`^${CLOCK}$`);
const RELATIVE = /^-(\d+(?:\.\d+)?)(s|m|h|d)$/;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const DAY = 86_400;

/** @throws UsageError if it names no moment */
export function parseMoment(text: string): Moment {
  const relative = RELATIVE.exec(text);
  if (relative !== null) {
    return { kind: "before-end", time: Number(relative[1]) * (UNITS[relative[2] ?? ""] ?? NaN) };
  }
  const day = dayOf(text);
  if (day !== null) return { kind: "absolute", time: day, offset: null };
  const whole = DATE_AND_TIME.exec(text);
  if (whole !== null) {
    const start = dayOf(whole[1] ?? "");
    const clock = clockOf(whole.slice(2));
    if (start !== null && clock !== null) return { kind: "absolute", time: start + clock.time, offset: clock.offset };
  }
  const clock = clockOf(TIME_OF_DAY.exec(text)?.slice(1) ?? []);
  if (clock !== null) return { kind: "time-of-day", ...clock };
  throw new UsageError(
    `${JSON.stringify(text)} is no time: write 2026-11-22T11:02:03Z, 11:02 or 11:02:03 (on the capture's first day, by the clock of the report unless an offset such as +01:00 follows), or -15m (before the capture's end).`,
  );
}

/** Seconds since 1970; not finite where the captures have no time to count from. */
export function resolveMoment(moment: Moment, found: Findings, zone: Zone): number {
  switch (moment.kind) {
    case "absolute":
      return moment.time - (moment.offset ?? offsetAtClock(moment.time, zone));
    case "time-of-day": {
      const first = Math.min(...times(found, "first"));
      if (!Number.isFinite(first)) return first;
      const day = Math.floor((first + (moment.offset ?? zone.offsetAt(first))) / DAY) * DAY;
      const time = day + moment.time;
      return time - (moment.offset ?? offsetAtClock(time, zone));
    }
    case "before-end":
      return Math.max(...times(found, "last")) - moment.time;
  }
}

/** The offset of a zone when its clocks show `time`; in the hour that they show twice, one of the two. */
function offsetAtClock(time: number, zone: Zone): number {
  return zone.offsetAt(time - zone.offsetAt(time));
}

function times({ inputs }: Findings, which: "first" | "last"): number[] {
  return inputs
    .map(({ facts }) => facts[which])
    .filter((instant): instant is Instant => instant !== null)
    .map(toStamp);
}

function dayOf(text: string): number | null {
  if (!DATE.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : time / 1000;
}

/** @param parts hours, minutes, seconds, offset: as CLOCK has them */
function clockOf(parts: readonly (string | undefined)[]): { time: number; offset: number | null } | null {
  const [hours, minutes, seconds = "0", zone] = parts;
  if (hours === undefined || minutes === undefined) return null;
  const offset = zone === undefined ? null : offsetOf(zone);
  const inDay = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  if (!inDay || (zone !== undefined && offset === null)) return null;
  return { time: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), offset };
}

function offsetOf(zone: string): number | null {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}

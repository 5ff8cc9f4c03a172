import { addSeconds, formatInstant, type Instant } from "../capture/instant.js";
import type { Clock } from "../findings/prose/words.js";
import { zoneLabel, type Zone } from "./zone.js";

/** "2026-11-22", "11:03:50", and what follows the second as the capture has it: cut off, never rounded. */
interface Shown {
  readonly day: string;
  readonly time: string;
  readonly fraction: string;
}

function show(instant: Instant, zone: Zone): Shown {
  const [day = "", rest = ""] = formatInstant(addSeconds(instant, zone.offsetAt(instant.seconds))).split("T");
  return { day, time: rest.slice(0, 8), fraction: rest.slice(8, -1) };
}

/** The day of a moment: "2026-11-22". */
export function dayOf(instant: Instant, zone: Zone): string {
  return show(instant, zone).day;
}

/** "11:03:50" */
export function timeOfDay(instant: Instant, zone: Zone): string {
  return show(instant, zone).time;
}

/** "11:03:50.123456" */
export function preciseTime(instant: Instant, zone: Zone): string {
  const { time, fraction } = show(instant, zone);
  return `${time}${fraction}`;
}

/**
 * How the report writes moments: the time of day, with the date before it where it is not that of `start`, and the
 * offset behind it where the clocks were changed in between. Date and offset of `start` are said once, in the line
 * about the first input.
 */
export function textClock(start: Instant | null, zone: Zone): Clock {
  const day = start === null ? null : dayOf(start, zone);
  const usual = start === null ? null : zoneLabel(zone, start.seconds);
  return (instant) => {
    const shown = show(instant, zone);
    const label = zoneLabel(zone, instant.seconds);
    return `${shown.day === day ? "" : `${shown.day} `}${shown.time}${label === usual ? "" : ` ${label}`}`;
  };
}

import { formatInstant, type Instant } from "../capture/instant.js";
import type { Clock } from "../findings/prose/words.js";

/** The day of a moment: "2026-11-22". */
export function dayOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}

/** "11:03:50" */
export function timeOfDay(instant: Instant): string {
  return formatInstant(instant).slice(11, 19);
}

/**
 * How the report writes moments, in UTC: the time of day, with the date before it where it is not `day`. The zone is
 * said once, in the line about the first input.
 */
export function textClock(day: string | null): Clock {
  return (instant) => (dayOf(instant) === day ? timeOfDay(instant) : `${dayOf(instant)} ${timeOfDay(instant)}`);
}

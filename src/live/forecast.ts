import { secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { Binding, Lease } from "../lease/cycle.js";
import { expiryTolerance, type Deadlines } from "../lease/timers.js";
import type { LiveEvent } from "./live-event.js";
import type { Warned } from "./standing.js";

/** A lease whose renewal is in trouble. */
export interface Endangered {
  readonly binding: Binding;
  readonly lease: Lease;
  readonly times: Deadlines;
  /** It has asked for a renewal. */
  readonly asked: boolean;
  /** When it was last heard of, in seconds since 1970. */
  readonly lastSign: number;
}

/** Seconds after T2 in which a client may still be about to ask everybody. */
const AFTER_T2 = 1;

/**
 * The warning that is due, if any: when T2 has passed, and at each step before the expiry. A client of which nothing
 * was heard since T2 is not warned of: it may well have left.
 *
 * @param steps seconds before the expiry
 */
export function forecastDue(
  endangered: Endangered,
  warned: Warned,
  steps: readonly number[],
  now: Instant,
): LiveEvent | null {
  const { binding, lease, times, asked, lastSign } = endangered;
  const { expires, t2 } = times;
  const remaining = secondsBetween(now, expires);
  if (remaining <= 0) return null;
  const passedT2 = secondsBetween(t2, now) >= AFTER_T2;
  if (passedT2 && lastSign < toSeconds(t2) - expiryTolerance(lease.terms?.leaseTime ?? 0)) return null;
  const step = stepAt(steps, remaining);
  const tellsT2 = passedT2 && !warned.t2;
  if (!tellsT2 && step >= warned.step) return null;
  warned.t2 ||= passedT2;
  warned.step = Math.min(warned.step, step);
  return { kind: "forecast", binding, lease, expires, remaining, occasion: tellsT2 ? "t2" : "step", asked };
}

/** The latest step that has been reached with so many seconds left; Infinity: none. */
export function stepAt(steps: readonly number[], remaining: number): number {
  return Math.min(...steps.filter((before) => remaining <= before), Infinity);
}

/** When to look again, in seconds since 1970: the next moment at which a warning may be due; Infinity: none. */
export function nextForecast({ t2, expires }: Deadlines, steps: readonly number[], now: number): number {
  const end = toSeconds(expires);
  const middle = (toSeconds(t2) + end) / 2;
  const moments = [toSeconds(t2) + AFTER_T2, middle, ...steps.map((before) => end - before)];
  return Math.min(...moments.filter((moment) => moment > now), Infinity);
}

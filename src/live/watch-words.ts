import { quoted } from "../findings/prose/foreign-text.js";
import { duration, type Clock } from "../findings/prose/words.js";
import { gapBegins, gapEnds } from "../findings/watch-notes.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import type { Gap } from "../lease/coverage.js";
import type { WatchEvent } from "./live-event.js";

/** What happened to the watch, a sentence without its full stop. */
export function watchWords(event: WatchEvent, clock: Clock): string {
  return event.kind === "gap" ? gapWords(event, clock) : stepWords(event.step);
}

function gapWords({ interfaceName, gap, again }: WatchEvent & { kind: "gap" }, clock: Clock): string {
  const name = quoted(interfaceName);
  const end = gapEnds(gap);
  const from = clock(gapBegins(gap));
  const why = gap.reason === null ? "" : ` (${quoted(gap.reason)})`;
  if (end === null) {
    return `${name} is not watched from ${from} on${why}: what happens there is not known until it is watched again`;
  }
  return again
    ? `${name} is watched again, after ${length(gap)} in which nothing was captured there`
    : `${name} was not watched from ${from} to ${clock(end)}${why}: what happened there in these ${length(gap)} is not known`;
}

function length({ from, to }: Gap): string {
  return duration(to - from);
}

function stepWords({ seconds, frameNumber }: ClockStepEvent): string {
  return `${howSet(seconds, frameNumber)}: no timer is believed across that, and leases go on with their next renewal`;
}

function howSet(seconds: number, frameNumber: number | null): string {
  const by = duration(Math.abs(seconds));
  if (seconds < 0) return `The clock of the capture was set back by ${frameNumber === null ? "" : "at least "}${by}`;
  return frameNumber === null
    ? `The clock of the capture was set forward by ${by}, or the machine slept so long`
    : `The stamps of the capture jump forward by ${by}`;
}

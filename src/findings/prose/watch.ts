import { instantAt, shiftOf, toSeconds, type Instant } from "../../capture/instant.js";
import { UNREADABLE, type Gap } from "../../lease/coverage.js";
import type { NoteFinding, Unwatched } from "../finding.js";
import { gapBegins, gapEnds } from "../watch-notes.js";
import { quoted } from "./foreign-text.js";
import type { LossFacts } from "./facts.js";
import { unseenRenewal } from "./no-request.js";
import type { NoteWords } from "./telling.js";
import { count, duration, list, type Clock } from "./words.js";

const UNKNOWN = ": what happened there meanwhile is not known";
/** Interfaces that a sentence names. */
const NAMED = 6;

export function gapWords({ unwatched, count: gaps }: NoteFinding, clock: Clock): NoteWords {
  return {
    summary: unseen(unwatched, gaps, clock),
    detail: [
      "Silence in such a time is nobody's silence: no lost request, no missing renewal and no lost lease is concluded from it. A lease that may have been renewed meanwhile has unknown timers until its client is seen to renew it again.",
    ],
  };
}

function unseen(unwatched: Unwatched | undefined, gaps: number, clock: Clock): string {
  const longest = unwatched?.longest ?? null;
  if (unwatched === undefined || longest === null) return `nothing was seen at times (${count(gaps, "gap")})${UNKNOWN}`;
  const { gap, name } = longest;
  const span = gapSpan(gap, clock);
  if (gaps > 1) {
    const which = unwatched.interfaces.length === 1 ? "" : `on ${quoted(name)} `;
    const times = `${count(gaps, "gap")}, the longest ${which}${span}${reasonOf(gap)}`;
    return `nothing was seen at times on ${named(unwatched.interfaces)} (${times})${UNKNOWN}`;
  }
  return gap.reason === UNREADABLE
    ? `what came on ${quoted(name)} ${span} is not known, as the capture is damaged there`
    : `nothing was captured on ${quoted(name)} ${span}${reasonOf(gap)}${UNKNOWN}`;
}

export function dropWords({ unwatched, count: frames, from, to }: NoteFinding, clock: Clock): NoteWords {
  return {
    summary: `the capture lost ${count(frames, "frame")} on ${named(unwatched?.interfaces ?? [])} between ${clock(from)} and ${clock(to)}: what is missing in that time may be among them`,
    detail: [
      "The capturing host counted frames that it could not hand on fast enough. What is concluded from silence in that time is likely at most.",
    ],
  };
}

/** What nobody saw, or saw too late, of the time that a finding is about. */
export function unwatchedSentences({ finding, background, clock, lost }: LossFacts): string[] {
  const { observed } = background;
  if (observed === undefined) return [];
  const { client } = finding.binding;
  const { shift = 0 } = finding.from;
  const [from, to] = [toSeconds(finding.from), toSeconds(finding.to)];
  const at = (time: number): string => clock(momentAt(time, shift));
  // Where it is the first thing to say of a renewal that was never asked for, it has been said.
  const isSaid = finding.diagnoses.some(({ cycle }) => cycle.kind === "renewal" && unseenRenewal(cycle) !== null);
  const hidden = isSaid ? null : observed.hidden(client, from, to);
  const frames = observed.lostFrames(client, from, to);
  const stall = lost
    .flatMap(({ replies }) => replies.map(({ message }) => observed.stallBefore(client, message.time)))
    .find((stretch) => stretch !== null);
  return [
    ...(hidden === null
      ? []
      : [`Nothing was seen from ${at(hidden.from)} to ${at(hidden.to)}: what happened meanwhile is not known.`]),
    ...(frames === 0
      ? []
      : [`The capture lost ${count(frames, "frame")} in that time: what is missing may be among them.`]),
    ...(stall === undefined
      ? []
      : [
          `The program that stamps the frames stood still from ${at(stall.from)} to ${at(stall.to)}: what it read then came up to ${duration(stall.to - stall.from)} earlier than its stamp says.`,
        ]),
  ];
}

function gapSpan(gap: Gap, clock: Clock): string {
  const end = gapEnds(gap);
  const from = clock(gapBegins(gap));
  return end === null ? `from ${from} on` : `from ${from} to ${clock(end)} (${duration(gap.to - gap.from)})`;
}

function reasonOf({ reason }: Gap): string {
  return reason === null ? "" : `, ${quoted(reason)}`;
}

function named(interfaces: readonly string[]): string {
  const shown = interfaces.slice(0, NAMED).map((name) => quoted(name));
  return list(interfaces.length > NAMED ? [...shown, `${interfaces.length - NAMED} more`] : shown);
}

function momentAt(time: number, shift: number): Instant {
  return { ...instantAt(time), ...shiftOf(shift) };
}

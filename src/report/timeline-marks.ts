import type { Instant } from "../capture/instant.js";
import type { Verdict } from "../checksum/checksum.js";
import type { Cause } from "../findings/cause.js";
import { checksumOf } from "../findings/context.js";
import type { Attempt, Reply } from "../lease/cycle.js";

/** How messages are drawn: a letter for what was asked, and one for what came back. */

export type AskedMark = "r" | "b" | "d";

/** Small: the client ignored it; capital: it accepted it. The letter tells the checksum, as its receiver met it. */
export type AnswerMark =
  "p" | "P" | "g" | "G" | "w" | "W" | "z" | "Z" | "u" | "U" | "N" | "l" | "-" | "?" | "i" | "x" | "m";

/** A mark, and where on the line of time it stands. */
export interface Drawn<Mark> {
  readonly at: Instant;
  readonly mark: Mark;
}

export const ASKED_WORDS: Readonly<Record<AskedMark, string>> = {
  r: "unicast REQUEST",
  b: "broadcast REQUEST",
  d: "DISCOVER",
};

export const ANSWER_WORDS: Readonly<Record<AnswerMark, string>> = {
  p: "partial sum, ignored",
  P: "partial sum, accepted",
  g: "good sum, ignored",
  G: "good sum, accepted",
  w: "wrong sum, ignored",
  W: "wrong sum, accepted",
  z: "no checksum, ignored",
  Z: "no checksum, accepted",
  u: "sum not known, ignored",
  U: "sum not known, accepted",
  N: "refused (DHCPNAK)",
  l: "too late",
  "-": "no answer",
  "?": "answered, not known if accepted",
  i: "ICMP port unreachable",
  x: "lost on the way",
  m: "does not fit the request",
};

/** Two messages in one column that differ. */
export const SEVERAL = "+";

const LETTERS: Readonly<Record<Verdict, readonly [ignored: AnswerMark, accepted: AnswerMark]>> = {
  good: ["g", "G"],
  absent: ["z", "Z"],
  partial: ["p", "P"],
  bad: ["w", "W"],
  unverified: ["u", "U"],
};

export function askedMark({ message }: Attempt): AskedMark {
  if (message.kind === "DISCOVER") return "d";
  return message.broadcast ? "b" : "r";
}

/**
 * What came of a message, each at its own time: of the replies in time the one that decided, and those that were late.
 *
 * @param cause why the attempt was lost; null: it was not
 */
export function answersTo(attempt: Attempt, cause: Cause | null): Drawn<AnswerMark>[] {
  const late = attempt.replies
    .filter(({ reason, outcome }) => reason === "late" && outcome !== "accepted")
    .map(({ message }): Drawn<AnswerMark> => ({ at: message.instant, mark: "l" }));
  const inTime = answerInTime(attempt, cause);
  if (inTime !== null) return [inTime, ...late];
  return late.length > 0 ? late : [{ at: attempt.message.instant, mark: cause === "not-delivered" ? "x" : "-" }];
}

function answerInTime({ replies, unreachable }: Attempt, cause: Cause | null): Drawn<AnswerMark> | null {
  const timely = replies.filter(({ reason, outcome }) => reason !== "late" || outcome === "accepted");
  const decided = ["accepted", "ignored"].flatMap((fate) => timely.find(({ outcome }) => outcome === fate) ?? []);
  const [reply = timely[0]] = decided;
  if (reply !== undefined) return { at: reply.message.instant, mark: markOf(reply, cause) };
  const [error] = unreachable;
  return error === undefined ? null : { at: error.instant, mark: "i" };
}

function markOf(reply: Reply, cause: Cause | null): AnswerMark {
  switch (reply.outcome) {
    case "accepted":
      return reply.message.kind === "NAK" ? "N" : letterOf(reply, 1);
    case "ignored":
      return reply.fault !== null ? "m" : cause === "not-delivered" ? "x" : letterOf(reply, 0);
    case "unknown":
      return "?";
  }
}

function letterOf({ message }: Reply, fate: 0 | 1): AnswerMark {
  const { verdict, pattern } = checksumOf(message);
  return LETTERS[pattern === "looks-partial" ? "partial" : verdict][fate];
}

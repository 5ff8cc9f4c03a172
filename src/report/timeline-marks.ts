import type { Verdict } from "../checksum/checksum.js";
import type { Cause } from "../findings/cause.js";
import { checksumOf } from "../findings/context.js";
import type { Attempt, Reply } from "../lease/cycle.js";

/** How messages are drawn: a letter for what was asked, and one for what came back. */

export type AskedMark = "r" | "b" | "d";

/** Small: the client ignored it; capital: it accepted it. The letter tells the checksum, as its receiver met it. */
export type AnswerMark =
  "p" | "P" | "g" | "G" | "w" | "W" | "z" | "Z" | "u" | "U" | "N" | "l" | "-" | "?" | "i" | "x" | "m";

export const ASKED_WORDS: Readonly<Record<AskedMark, string>> = {
  r: "REQUEST to the server",
  b: "REQUEST to everybody",
  d: "DISCOVER",
};

export const ANSWER_WORDS: Readonly<Record<AnswerMark, string>> = {
  p: "ignored, checksum unfinished",
  P: "accepted, checksum unfinished",
  g: "ignored, checksum good",
  G: "accepted, checksum good",
  w: "ignored, checksum wrong",
  W: "accepted, checksum wrong",
  z: "ignored, without checksum",
  Z: "accepted, without checksum",
  u: "ignored, checksum not known",
  U: "accepted, checksum not known",
  N: "refused (DHCPNAK)",
  l: "answer too late",
  "-": "no answer",
  "?": "answered, not known if accepted",
  i: "ICMP port unreachable",
  x: "answer lost on the way",
  m: "answer that does not fit",
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
 * Of several replies, the one that decided.
 *
 * @param cause why the attempt was lost; null: it was not
 */
export function answerMark({ replies, unreachable }: Attempt, cause: Cause | null): AnswerMark {
  const accepted = replies.find(({ outcome }) => outcome === "accepted");
  if (accepted !== undefined) return accepted.message.kind === "NAK" ? "N" : letterOf(accepted, 1);
  const timely = replies.filter(({ reason }) => reason !== "late");
  const ignored = timely.find(({ outcome }) => outcome === "ignored");
  if (ignored !== undefined) {
    return ignored.fault !== null ? "m" : cause === "not-delivered" ? "x" : letterOf(ignored, 0);
  }
  if (timely.length > 0) return "?";
  if (unreachable.length > 0) return "i";
  return replies.length > 0 ? "l" : "-";
}

function letterOf({ message }: Reply, fate: 0 | 1): AnswerMark {
  const { verdict, pattern } = checksumOf(message);
  return LETTERS[pattern === "looks-partial" ? "partial" : verdict][fate];
}

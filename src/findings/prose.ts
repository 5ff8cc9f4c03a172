import type { Cause } from "./cause.js";
import type { Finding, LossFinding, NoteFinding } from "./finding.js";
import { factsOf, type Background, type LossFacts } from "./prose/facts.js";
import { checksumBad, checksumRejected, offloadPartial, replyIgnored } from "./prose/ignored.js";
import { whatWasLost } from "./prose/loss.js";
import { unquoted } from "./prose/foreign-text.js";
import { noRequest } from "./prose/no-request.js";
import { noteWords } from "./prose/notes.js";
import { nak, notDelivered, portUnreachable, wrongReply } from "./prose/refused.js";
import { contradictions, testimonySentences } from "./prose/testimony.js";
import type { NoteWords, Reasons, Telling } from "./prose/telling.js";
import { lateReply, noReply, requestChecksum, unicastBlocked } from "./prose/unanswered.js";
import { unwatchedSentences } from "./prose/watch.js";
import { whoIs } from "./prose/who.js";
import { capital, count, list, utcClock, type Clock } from "./prose/words.js";

/** What a finding says, in plain text without control characters. */
export interface Description {
  /** One sentence. */
  readonly summary: string;
  readonly detail: string;
}

/** The sentence and the reasoning for records and logs: complete times, and the client named. */
export function describe(finding: Finding, background: Background): Description {
  if (finding.kind === "note") {
    const { summary, detail } = noteWords(finding, background, utcClock);
    const sentence = finding.binding === null ? capital(summary) : summary;
    return { summary: unquoted(`${sentence}.`), detail: unquoted(detail.join(" ")) };
  }
  const { because, why, also, not, open } = tell(finding, background, utcClock);
  const what = `${whoIs(finding.binding)} ${whatWasLost(finding, utcClock, true)}`;
  const detail = [...why, ...also, ...not, ...open].join(" ");
  return { summary: unquoted(`${what}: ${because}.`), detail: unquoted(detail) };
}

/**
 * The parts of the account of a loss, for those who lay them out themselves below a heading that names the client and
 * its address.
 */
export function tell(finding: LossFinding, background: Background, clock: Clock): Telling {
  const facts = factsOf(finding, background, clock);
  const reasons = REASONS[finding.code](facts);
  return {
    what: whatWasLost(finding, clock, false),
    ...reasons,
    why: [...reasons.why, ...testimonySentences(facts), ...otherReasons(facts)],
    open: [...contradictions(facts), ...unwatchedSentences(facts), ...reasons.open],
  };
}

/** Attempts of the same time that were lost for another reason. */
function otherReasons({ finding, others }: LossFacts): string[] {
  if (others === 0) return [];
  const causes = finding.diagnoses.flatMap((diagnosis) => [...diagnosis.causes.values()].map(({ cause }) => cause));
  const codes = [...new Set(causes)].filter((cause) => cause !== finding.code);
  return [
    `${count(others, "more message")} of that time ${others === 1 ? "was" : "were"} lost for another reason (${list(codes)}).`,
  ];
}

const REASONS: Readonly<Record<Cause, (facts: LossFacts) => Reasons>> = {
  "offload-partial": offloadPartial,
  "checksum-bad": checksumBad,
  "checksum-rejected": checksumRejected,
  "request-partial": requestChecksum,
  "request-bad": requestChecksum,
  "no-reply": noReply,
  "late-reply": lateReply,
  nak,
  "unicast-blocked": unicastBlocked,
  "wrong-reply": wrongReply,
  "not-delivered": notDelivered,
  "port-unreachable": portUnreachable,
  "reply-ignored": replyIgnored,
  "no-request": noRequest,
};

/** The words of a note, for those who write moments their own way. */
export function tellNote(finding: NoteFinding, background: Background, clock: Clock): NoteWords {
  return noteWords(finding, background, clock);
}

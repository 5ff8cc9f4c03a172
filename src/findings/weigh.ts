import type { Attempt } from "../lease/cycle.js";
import type { Judgement } from "./cause.js";
import { checksumOf, timelyReplies } from "./context.js";
import { mainCause, type Diagnosis } from "./diagnose.js";
import type { Testimony } from "./testimony.js";

/**
 * What logs and lease files say, weighed against what packets show. They make surer what packets leave open, and never a
 * loss where packets show none.
 */
export function weigh(diagnosis: Diagnosis, said: readonly Testimony[]): Diagnosis {
  const { main } = diagnosis;
  if (main === null || said.length === 0) return diagnosis;
  if (diagnosis.causes.size === 0) return { ...diagnosis, said, main: ofSilence(main, said) };
  const causes = new Map(
    [...diagnosis.causes].map(([attempt, judgement]) => [attempt, ofAttempt(attempt, judgement, said)]),
  );
  const judged = [...causes.values()];
  // Where attempts were judged, and the whole by something else, that stands.
  const fromAttempts = [...diagnosis.causes.values()].includes(main);
  return { ...diagnosis, said, causes, main: fromAttempts ? mainCause(judged) : main };
}

/** The client sent nothing, by all that packets show; by its own log it did. */
function ofSilence(judgement: Judgement, said: readonly Testimony[]): Judgement {
  return judgement.cause === "no-request" && said.some(({ kind }) => kind === "client-asked")
    ? { cause: "not-delivered", confidence: "likely", alternatives: ["no-request"], witness: "client-log" }
    : judgement;
}

function ofAttempt(attempt: Attempt, judgement: Judgement, said: readonly Testimony[]): Judgement {
  const says = (kind: Testimony["kind"]): boolean =>
    said.some(
      (testimony) => testimony.kind === kind && (!("requests" in testimony) || testimony.requests.includes(attempt)),
    );
  switch (judgement.cause) {
    case "offload-partial":
    case "checksum-bad":
      if (says("client-took"))
        {return judgement.confidence === "certain" ? { ...judgement, confidence: "likely" } : judgement;}
      return says("client-rejected") ? certainly(judgement.cause, "client-log") : judgement;
    case "reply-ignored":
      return says("client-rejected") && !says("client-took") ? rejected(attempt) : judgement;
    case "no-reply":
      return ofNoReply(attempt, judgement, says);
    case "request-partial":
    case "request-bad":
      return says("server-rejected") ? certainly(judgement.cause, "server-log") : judgement;
    case "unicast-blocked":
      return says("server-unheard") || says("server-answered") ? certainly("unicast-blocked", "server-log") : judgement;
    default:
      return judgement;
  }
}

/** Nothing came back that is to be seen here. */
function ofNoReply(attempt: Attempt, judgement: Judgement, says: (kind: Testimony["kind"]) => boolean): Judgement {
  if (says("server-said") || says("server-late")) return certainly("no-reply", "server-log");
  if (says("client-rejected")) return certainly("checksum-rejected", "client-log");
  if (says("server-answered") || says("server-renewed")) {
    // Where its other replies pass this point, this one did not get so far.
    const sure = judgement.witness === "replies-seen-here";
    return { cause: "not-delivered", confidence: sure ? "certain" : "likely", alternatives: [], witness: "server-log" };
  }
  const { verdict } = checksumOf(attempt.message);
  const unfinished = verdict === "partial";
  if (says("server-rejected") && (unfinished || verdict === "bad")) {
    return certainly(unfinished ? "request-partial" : "request-bad", "server-log");
  }
  if (says("server-heard")) return certainly("no-reply", "server-log");
  return says("server-unheard")
    ? {
        cause: "not-delivered",
        confidence: "likely",
        alternatives: unfinished ? ["request-partial"] : [],
        witness: "server-log",
      }
    : judgement;
}

/** The client itself says that the checksum was the reason; what it was at this point tells where it went wrong. */
function rejected(attempt: Attempt): Judgement {
  const ignored = timelyReplies(attempt).filter(({ outcome }) => outcome === "ignored");
  const partial = ignored.length > 0 && ignored.every(({ message }) => checksumOf(message).verdict === "partial");
  return certainly(partial ? "offload-partial" : "checksum-rejected", "client-log");
}

function certainly(cause: Judgement["cause"], witness: "client-log" | "server-log"): Judgement {
  return { cause, confidence: "certain", alternatives: [], witness };
}

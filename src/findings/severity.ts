import type { Judgement, Severity } from "./cause.js";
import type { Diagnosis } from "./diagnose.js";

/** Attempts in a row after which a client is in trouble rather than unlucky. */
const IN_TROUBLE = 2;
/** Unanswered or refused questions after which an acquisition is no hiccup. */
const UNBOUND = 3;

/** How bad one cycle is for the operator; null: nothing was lost. DESIGN: a false alarm costs trust, so does a shrug. */
export function severityOf({ cycle, lost, main }: Diagnosis): Severity | null {
  if (main === null) {
    return null;
  }
  if (cycle.kind === "acquisition") {
    return severityOfAcquisition(cycle.outcome, lost.length, main, cycle.binding.software?.collectsOffers ?? false);
  }
  switch (cycle.outcome) {
    case "refused":
    case "abandoned":
      return "error";
    case "expired":
      return main.cause === "no-request" && cycle.alive !== "seen" ? "warning" : "error";
    case "pending":
      return main.cause === "no-request" || lost.length >= IN_TROUBLE ? "error" : "note";
    case "left":
      return "note";
    case "renewed":
      return lost.length >= IN_TROUBLE || isProvenChecksum(main) ? "warning" : "note";
  }
}

function severityOfAcquisition(
  outcome: "bound" | "refused" | "failed" | "pending",
  lost: number,
  main: Judgement,
  collectsOffers: boolean,
): Severity {
  switch (outcome) {
    case "pending":
      return lost >= UNBOUND ? "error" : "note";
    case "refused":
      return "note";
    case "failed":
      return lost >= UNBOUND && !collectsOffers ? "warning" : "note";
    case "bound":
      if (collectsOffers && main.cause === "reply-ignored") {
        return "note";
      }
      return isProvenChecksum(main) || lost >= (main.cause === "no-reply" ? UNBOUND : IN_TROUBLE) ? "warning" : "note";
  }
}

function isProvenChecksum({ cause, confidence }: Judgement): boolean {
  return (
    (cause === "offload-partial" || cause === "checksum-bad" || cause === "request-bad") && confidence !== "possible"
  );
}

const ORDER: readonly Severity[] = ["note", "warning", "error"];

export function worse(a: Severity, b: Severity): Severity {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(limit);
}

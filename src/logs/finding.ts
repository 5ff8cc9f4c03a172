import type { Cause, Confidence, Severity } from "../findings/cause.js";
import type { Remedy } from "../findings/remedies.js";
import type { Place } from "./place.js";

/**
 * What a log proves. `unanswered`: the client took no reply, and its log does not tell why; `partial-seen`: a line of
 * tcpdump shows a sum that was left to the hardware.
 */
export type LogCode = Cause | "unanswered" | "partial-seen" | "bad-seen";

export interface LogFinding {
  readonly code: LogCode;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly alternatives: readonly Cause[];
  readonly who: Who;
  /** Lines that prove it, in their order. */
  readonly evidence: readonly Place[];
  readonly from: Place;
  readonly to: Place;
  /** What happened, one sentence without its full stop. */
  readonly summary: string;
  /** Why that is so, and what is proved by it. */
  readonly proof: readonly string[];
  /** What the log cannot tell. */
  readonly open: readonly string[];
  readonly remedies: readonly Remedy[];
}

/** Whom a finding is about, as far as the log names it. */
export interface Who {
  /** "client" for a client's own log; "server" for what a server threw away itself. */
  readonly role: "client" | "server";
  readonly host: string | null;
  readonly device: string | null;
  readonly hardware: string | null;
  readonly address: number | null;
  readonly program: string;
}

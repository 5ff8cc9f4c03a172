/** Why a renewal, or an attempt to get a lease, was lost. */
export type Cause =
  | "offload-partial"
  | "checksum-bad"
  | "checksum-rejected"
  | "request-partial"
  | "request-bad"
  | "no-reply"
  | "late-reply"
  | "nak"
  | "unicast-blocked"
  | "wrong-reply"
  | "not-delivered"
  | "port-unreachable"
  | "reply-ignored"
  | "no-request";

/** `certain` needs a witness: a frame, or a contrast between frames, that admits no other reading from here. */
export type Confidence = "certain" | "likely" | "possible";

export type Severity = "error" | "warning" | "note";

/** What stands for a judgement; `certain` always has one. */
export type Witness =
  | "sound-reply-taken" // it took the next reply with a complete sum
  | "damaged-replies" // several damaged replies ignored, a sound one taken
  | "nak-obeyed" // it began anew after the NAK
  | "icmp-quote" // an ICMP error quotes the very message
  | "replies-seen-here" // the server's other replies pass this point
  | "usual-latency" // the server's other replies came in time
  | "answers-others" // the server answered others meanwhile
  | "answers-discover" // it answers this client's DISCOVER at once, and none of its requests to renew
  | "arp-unanswered" // nobody answered its ARP requests for the server
  | "broadcast-answered" // the broadcast after the unanswered unicasts was answered
  | "sound-request-answered" // a sound request was answered, partial or bad ones never
  | "sound-replies-ignored" // several sound replies ignored
  | "later-point" // a later capture point lacks it
  | "own-frames" // the client's own frames after T2
  | "client-log" // the client's own log or lease file says so
  | "server-log" // the server's
  | "wrong-transaction"; // the reply names another transaction or client

export interface Judgement {
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly alternatives: readonly Cause[];
  readonly witness: Witness | null;
}

const CONFIDENCES: readonly Confidence[] = ["possible", "likely", "certain"];

export function isMoreCertain(a: Confidence, b: Confidence): boolean {
  return CONFIDENCES.indexOf(a) > CONFIDENCES.indexOf(b);
}

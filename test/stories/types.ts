/**
 * The words of a story: what a generated capture contains, and what is true of it.
 *
 * The unions repeat those of the `--json` contract instead of importing them, so that a mistake in the product's
 * types cannot make the truth agree with it.
 */

export type Cause =
  | "offload-partial"
  | "checksum-bad"
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

export type Severity = "none" | "note" | "warning" | "error";

/** What the bytes at a capture point show of the UDP sum. */
export type SumVerdict = "good" | "absent" | "partial" | "bad" | "unverified";

export type RenewalOutcome = "renewed" | "refused" | "expired" | "abandoned" | "left" | "pending";
export type AcquisitionOutcome = "bound" | "refused" | "failed" | "pending";

export type MessageName = "DISCOVER" | "OFFER" | "REQUEST" | "DECLINE" | "ACK" | "NAK" | "RELEASE" | "INFORM";

/** Where frames are recorded, from the server's side to the guest's. */
export type Point = "bridge" | "tap" | "guest";

export interface StoryFrame {
  /** index into the capture's interfaces */
  interface: number;
  seconds: number;
  nanos: number;
  bytes: Uint8Array;
  /** length on the wire; larger than `bytes` when the capture was snapped */
  original: number;
}

/** What became of a reply; `unknowable` where no later frame in view can prove it. */
export interface ReplyTruth {
  outcome: "accepted" | "ignored";
  knowable: boolean;
  why: string;
}

export interface FrameTruth {
  kind: MessageName | "icmp" | "arp" | "ip";
  /** hardware address of the client concerned */
  client: string | null;
  /** null for frames without a DHCP message */
  checksum: SumVerdict | null;
  reply: ReplyTruth | null;
}

export interface CycleTruth {
  kind: "acquisition" | "renewal";
  /** index among the frames of the story, of each of its requests in view (first sighting) */
  attempts: number[];
  /** seconds since the epoch of the first and of the last thing that belongs to the cycle and lies in view */
  started: number;
  ended: number;
  outcome: RenewalOutcome | AcquisitionOutcome;
  /** further outcomes that an honest observer could name */
  alsoOutcomes: readonly (RenewalOutcome | AcquisitionOutcome)[];
  /** requests in view that were lost */
  lost: number;
  /** further ones at the end of the view whose fate it does not prove */
  doubtful: number;
  /** the answer that the fault and the witnesses in view call for; null: nothing was lost */
  best: Cause | null;
  acceptable: readonly Cause[];
  /** nobody can tell from this point; any acceptable cause is right, and confidence must not be `certain` */
  undecidable: boolean;
  /** an observer need not report this cycle at all */
  optional: boolean;
}

export interface ClientTruth {
  client: string;
  profile: string;
  /** the client the story is about, or one of the bystanders */
  role: "patient" | "bystander";
  cycles: CycleTruth[];
  lostAddress: boolean;
  /** a finding of at least this severity has to be there */
  least: Severity;
  /** no finding may be worse than this */
  most: Severity;
}

export interface Truth {
  /** one for each frame, in the same order */
  frames: FrameTruth[];
  clients: ClientTruth[];
}

export interface Cell {
  client: string;
  server: string;
  fault: string;
  vantage: string;
  begins: "start" | "bound" | "middle";
  ends: "long" | "soon" | "middle";
  noise: "none" | "clients";
}

export interface Story {
  name: string;
  seed: number;
  cell: Cell;
  interfaces: readonly string[];
  snaplen: number;
  frames: StoryFrame[];
  /** seconds since the epoch until which the capture point was watching */
  observedUntil: number;
  truth: Truth;
}

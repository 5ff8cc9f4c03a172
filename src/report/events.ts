/**
 * What `--json` prints, schema 1: one JSON object a line on standard output.
 *
 * A key without a question mark is present in every record; null means that the value is not known or has no meaning
 * there. Readers ignore keys that they do not know: keys are added freely, while changing or removing one raises the
 * schema number. Durations are seconds. MAC addresses are in lower case with colons.
 *
 * Records come in this order: start, input, frame (by input, then by number), lease, acquisition, renewal, server,
 * finding, summary. A live run prints them as they arise; a record whose `id` was seen before replaces the earlier one,
 * until one of them is `final`.
 *
 * docs/events.schema.json is generated from this file and event-parts.ts (`npm run schema`).
 */
import type { Verdict } from "../checksum/checksum.js";
import type {
  Attempt,
  Cause,
  Confidence,
  FrameDhcp,
  FrameIp,
  FrameLink,
  FrameReassembled,
  FrameStopped,
  FrameUdp,
  OfClient,
  Outcome,
  OuterHeader,
  Ref,
  Severity,
  Time,
} from "./event-parts.js";

export type {
  Attempt,
  Cause,
  Checksum,
  Confidence,
  FrameDhcp,
  FrameIp,
  FrameLink,
  FrameReassembled,
  FrameRef,
  FrameStopped,
  FrameUdp,
  Hex16,
  LineRef,
  OfClient,
  Outcome,
  OuterHeader,
  Ref,
  Reply,
  ReplyReason,
  Severity,
  Sighting,
  Time,
} from "./event-parts.js";

export interface Start {
  type: "start";
  schema: 1;
  program: "leasetap";
  version: string;
  inputs: string[];
}

/** Why an input could not be read whole. */
export interface InputDamage {
  code: string;
  /** In the uncompressed stream. */
  offset: number;
  sentence: string;
}

/** What an input's clock shows from one of its frames on. */
export interface ClockSpan {
  /** @asType integer */
  fromFrame: number;
  /** Seconds by which its stamps are later than those of the reference; negative: earlier. */
  ahead: number;
  /** Seconds that it gains in a second. */
  drift: number;
}

/** How the clock of an input differs from that of another, by which all times but those of frames are told. */
export interface InputClock {
  /** The other input. */
  reference: string;
  /** Messages that are seen in both. */
  messages: number;
  /** Which of the two a message met first can be told, as both requests and replies are among them. */
  ordered: boolean;
  spans: ClockSpan[];
}

export interface Input {
  type: "input";
  input: string;
  format: string;
  compression: string | null;
  /** LINKTYPE_ numbers. */
  linkTypes: number[];
  interfaces: string[];
  frames: number;
  dhcp: number;
  first: Time | null;
  last: Time | null;
  /** Until when this capture point was watching. Later silence proves nothing. */
  observedUntil: Time | null;
  /** null: all times are told by this clock, or by one that agrees with it. */
  clock: InputClock | null;
  damage: InputDamage | null;
}

/**
 * A frame that carries DHCP or BOOTP: UDP port 67, 68, 546, 547 or 4011 and a header that may be one. Frames that could
 * be decoded only in part are here too.
 */
export interface Frame {
  type: "frame";
  input: string;
  /** @asType integer */
  frame: number;
  interface: string | null;
  time: Time | null;
  link: FrameLink;
  /** From the outside in. */
  outer: OuterHeader[];
  ip: FrameIp | null;
  /** null: it came in one piece, or its fragments did not all come. */
  reassembled: FrameReassembled | null;
  udp: FrameUdp | null;
  dhcp: FrameDhcp | null;
  /** null: everything was read. */
  stopped: FrameStopped | null;
  /** null for what clients send. */
  outcome: Outcome | null;
}

export type LeaseState =
  | "BOUND"
  | "RENEWING"
  | "REBINDING"
  | "EXPIRED"
  | "ABANDONED"
  | "REFUSED"
  | "RELEASED"
  | "DECLINED"
  | "SUPERSEDED"
  | "LEFT";

export interface Lease extends OfClient {
  type: "lease";
  address: string;
  server: string | null;
  /** When the client sent the REQUEST that was granted: its timers count from there (RFC 2131 §4.4.1). */
  granted: Time | null;
  leaseTime: number | null;
  t1: Time | null;
  t2: Time | null;
  /** null: never, or not known. */
  expires: Time | null;
  /** Where the timers come from. */
  timers: "options" | "defaults" | "file" | "inferred" | "unknown";
  state: LeaseState;
  /** Seconds from the loss of the address until the client had one again; null: never lost, or still without. */
  outage: number | null;
}

/** From the first REQUEST at T1, or a T1 that passed without one, to the reply that ended it, expiry, or the end of view. */
export interface Renewal extends OfClient {
  type: "renewal";
  /** The `id` of the lease. */
  lease: string;
  address: string;
  /** Where it ended. */
  phase: "RENEWING" | "REBINDING";
  outcome: "renewed" | "refused" | "expired" | "abandoned" | "left" | "pending";
  started: Time;
  ended: Time | null;
  attempts: Attempt[];
  /** Of the lost attempts: what explains most of them, the latest where two explain equally many. */
  cause: Cause | null;
  confidence: Confidence | null;
  alternatives: Cause[];
}

/** From INIT or INIT-REBOOT until the client is bound. */
export interface Acquisition extends OfClient {
  type: "acquisition";
  from: "INIT" | "INIT-REBOOT";
  address: string | null;
  outcome: "bound" | "refused" | "failed" | "pending";
  started: Time;
  ended: Time | null;
  attempts: Attempt[];
  cause: Cause | null;
  confidence: Confidence | null;
  alternatives: Cause[];
}

/** Seconds. */
export interface Latency {
  median: number;
  p95: number;
  max: number;
}

/** A stretch of time in which a server left requests unanswered. */
export interface Silence {
  from: Time;
  to: Time | null;
  requests: number;
  answered: number;
}

export interface Server {
  type: "server";
  server: string;
  replies: number;
  latency: Latency | null;
  silences: Silence[];
  /** Replies by the verdict of their UDP checksum. */
  checksums: Record<Verdict, number>;
}

export interface Remedy {
  /** The same for ever; `leasetap explain` has a page of that name. */
  id: string;
  title: string;
  /** null where no command does it. */
  command: string | null;
  what: string;
  appliesWhen: string;
  limits: string;
  undo: string | null;
  /** How to see that it helped. */
  check: string;
}

export interface Finding {
  type: "finding";
  id: string;
  final: boolean;
  /** A cause, or the name of something else worth knowing: partial-seen, blind, two-servers and more to come. */
  code: Cause | string;
  severity: Severity;
  confidence: Confidence;
  alternatives: Cause[];
  client: string | null;
  name: string | null;
  address: string | null;
  /** The `id` of each renewal concerned. */
  renewals: string[];
  evidence: Ref[];
  from: Time;
  to: Time;
  /** Plain text without control characters, as is `detail`. */
  summary: string;
  detail: string;
  remedies: Remedy[];
  /** Where the client is on the host that was given with --host, or that watches; null: not found there. */
  host?: ClientHost | null;
}

/** The port of a host behind which a client is, and the machine there, as far as it is known. */
export interface ClientHost {
  port: string;
  bridge: string | null;
  machine: string | null;
  pid: number | null;
  /** Of the machine's card, as QEMU calls it: virtio-net-pci, e1000, rtl8139 ... */
  model: string | null;
  mac: string | null;
  vhost: boolean | null;
  /** Checksum offload of the port: partial sums reach the guest as they are. */
  offload: boolean | null;
  /** How that is known: the card has the client's address, the bridge has seen it there, or it was captured there. */
  by: "card" | "switch" | "capture";
}

/** Live only: a lease that will be lost unless something happens. */
export interface Forecast {
  type: "forecast";
  lease: string;
  client: string;
  name: string | null;
  address: string;
  expires: Time;
  remaining: number;
}

/** Live only: a time in which nothing could be seen. */
export interface Gap {
  type: "gap";
  interface: string;
  from: Time;
  to: Time | null;
  reason: string;
}

/** Live only: the clock was set, forward if `seconds` is above 0. */
export interface ClockStep {
  type: "clock-step";
  at: Time;
  seconds: number;
}

export interface FrameCounts {
  total: number;
  dhcp: number;
}

/** DHCP frames by the verdict of their checksums. */
export interface ChecksumCounts {
  udp: Record<Verdict, number>;
  ip: Record<Verdict, number>;
}

export interface Summary {
  type: "summary";
  /** false: interrupted, or an input could not be read whole. */
  complete: boolean;
  frames: FrameCounts;
  checksums: ChecksumCounts;
  clients: number;
  /** Lost are those that expired, were refused or were abandoned. */
  renewals: Record<Renewal["outcome"], number>;
  acquisitions: Record<Acquisition["outcome"], number>;
  attemptsLost: number;
  findings: Record<Severity, number>;
}

export type LeasetapRecord =
  Start | Input | Frame | Lease | Acquisition | Renewal | Server | Finding | Forecast | Gap | ClockStep | Summary;

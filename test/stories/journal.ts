import type { Datagram } from "./datagram.js";
import type { AcquisitionOutcome, Point, RenewalOutcome } from "./types.js";

/** The stretches of the way, in the order a request and then its reply take them. */
export type Leg = "guest>tap" | "tap>bridge" | "bridge>server" | "server>bridge" | "bridge>tap" | "tap>guest";

export interface Sighting {
  point: Point;
  time: number;
  datagram: Datagram;
}

/** Why a guest did what it did with a reply that reached it (or that never did). */
export type ReplyWhy =
  | "granted"
  | "selected"
  | "refused"
  | "duplicate"
  | "not-chosen"
  | "late"
  | "checksum"
  | "wrong-reply"
  | "socket-closed"
  | "broadcast-unheard"
  | "hung"
  | "off"
  | "dropped"
  | "foreign-server";

/** What became of a request on the server's side. */
export type Handling =
  "under-way" | "dropped" | "answered" | "checksum" | "silent" | "dead" | "frozen" | "no-answer-due";

export interface MessageLog {
  id: number;
  client: string;
  sent: number;
  last: Datagram;
  sightings: Sighting[];
  /** where it was dropped, if it was */
  droppedOn: Leg | null;
  /** replies: the request it answers */
  answers: number | null;
  /** replies: the replying server */
  server: string | null;
  reply: { outcome: "accepted" | "ignored"; why: ReplyWhy; at: number } | null;
  handling: Handling | null;
}

export interface CycleLog {
  kind: "acquisition" | "renewal";
  client: string;
  started: number;
  /** null: still open */
  ended: number | null;
  outcome: RenewalOutcome | AcquisitionOutcome | null;
  attempts: number[];
  /** ids of the attempts that were granted (the last step of an acquisition, the one of a renewal) */
  granted: number | null;
  /** when the lease that is to be renewed ends; null for acquisitions */
  expiry: number | null;
  t2: number | null;
  forced: boolean;
  rebooting: boolean;
}

/** A lease as the client holds it, in the story's seconds. */
export interface GrantLog {
  client: string;
  at: number;
  /** the request that was granted */
  request: number | null;
  t1: number;
  t2: number;
  expiry: number;
}

/** A frame that carries no DHCP message of its own. */
export interface SideFrame {
  time: number;
  kind: "icmp" | "arp" | "ip";
  /** the guest at one end of it */
  client: string;
  broadcast: boolean;
  source: string;
  destination: string;
  etherType: number;
  payload: Uint8Array;
  /** ICMP errors: the message quoted */
  quotes: number | null;
}

/** Everything that happened, as one who sees all would tell it. */
export interface Journal {
  messages: Map<number, MessageLog>;
  cycles: CycleLog[];
  side: SideFrame[];
  grants: GrantLog[];
  /** when a client stood still or its machine went away */
  halts: { client: string; at: number; alive: boolean }[];
}

export function createJournal(): Journal {
  return { messages: new Map(), cycles: [], side: [], grants: [], halts: [] };
}

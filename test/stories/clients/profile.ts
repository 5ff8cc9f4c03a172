import type { Random } from "../prng.js";

/** Stages that decide which socket a client uses. */
export type Stage = "acquiring" | "renewing" | "rebinding";
export type Socket = "raw" | "kernel";

/** The lease as the client's own clock has it, in the story's seconds. */
export interface ClientLease {
  address: number;
  server: number;
  serverMac: string;
  /** the moment from which this client counts */
  base: number;
  /** lease time as granted */
  duration: number;
  t1: number;
  t2: number;
  expiry: number;
}

/** What the client remembers of the renewal under way. */
export interface Past {
  now: number;
  sent: number;
  unicasts: number;
  broadcasts: number;
  /** scratch: the back-off interval, in seconds; 0 at the start of a renewal */
  interval: number;
}

/** The client's next move. `fresh`: secs is counted from this message on. */
export interface Move {
  at: number;
  act: "unicast" | "broadcast" | "expire";
  fresh: boolean;
}

/**
 * A DHCP client as its source has it. Waiting times are in seconds; the machine that runs a profile is common to all.
 */
export interface ClientProfile {
  readonly name: string;
  readonly vendorClass: string | null;
  readonly parameters: readonly number[];
  readonly maximumSize: number | null;
  readonly sendsHostname: boolean;
  readonly broadcastFlag: boolean;
  /** shortest DHCP message it sends */
  readonly padsTo: number;
  clientId(mac: string): Uint8Array | null;

  /** verifies UDP sums of what it reads from a raw socket */
  readonly verifies: boolean;
  /** believes the kernel's mark "sum not ready" (PACKET_AUXDATA) */
  readonly honoursMark: boolean;
  /** accepts a field that equals the pseudo-header's sum */
  readonly acceptsPseudo: boolean;
  readonly receives: Readonly<Record<Stage, Socket>>;
  readonly sends: Readonly<Record<Stage, Socket>>;
  /** UDP port 68 is open in its kernel: no ICMP error is sent for what arrives there */
  readonly portOpen: Readonly<Record<Stage | "bound", boolean>>;
  /** its kernel socket is bound to the leased address and hears no broadcasts */
  readonly boundToAddress: boolean;
  /** rebinding messages leave from 0.0.0.0 */
  readonly rebindsFromZero: boolean;
  /** its card leaves the sums of what its kernel sends to the host */
  readonly offloads: boolean;

  /** how long one transaction identifier lives */
  readonly xid: "acquisition" | "transaction" | "phase" | "message";
  /** the 16-bit field as sent. Arguments: seconds since the transaction and since the acquisition began */
  secs(sinceTransaction: number, sinceAcquisition: number): number;

  readonly countsFrom: "request" | "ack" | "bind";
  /** relative to the moment counted from */
  timers(
    duration: number,
    t1: number | null,
    t2: number | null,
    random: Random,
  ): { t1: number; t2: number; expiry: number };
  /** address probes (RFC 5227) between ACK and use: how many seconds, or null */
  probe(random: Random): number | null;
  /** announces its address by ARP once bound */
  readonly announces: boolean;
  plan(lease: ClientLease, past: Past, random: Random): Move;

  /** wait after the n-th DISCOVER (from 1) */
  discoverWait(sent: number, random: Random): number;
  /** number of DISCOVERs after which a new transaction begins */
  readonly discoversPerXid: number;
  readonly requestTries: number;
  requestWait(sent: number, random: Random): number;
  afterNak(random: Random): number;
  readonly reboots: "INIT" | "INIT-REBOOT";
  readonly releases: boolean;
  /** refuses an ACK without option 51 */
  readonly needsLeaseTime: boolean;
  /** ignores a NAK whose server identifier is not its server's */
  readonly checksNakServer: boolean;
}

/** RFC 2131 §4.4.5. */
export function rfcTimers(
  duration: number,
  t1: number | null,
  t2: number | null,
): { t1: number; t2: number; expiry: number } {
  const rebind = t2 !== null && t2 > 0 && t2 < duration ? t2 : duration * 0.875;
  const renew = t1 !== null && t1 > 0 && t1 < rebind ? t1 : Math.min(duration * 0.5, rebind);
  return { t1: renew, t2: rebind, expiry: duration };
}

/** RFC 2131 §4.1: 4, 8, 16 … seconds, each ±1, up to a ceiling. */
export function doubling(sent: number, first: number, ceiling: number, fuzz: number, random: Random): number {
  return Math.min(first * 2 ** (sent - 1), ceiling) + random.between(-fuzz, fuzz);
}

/** Client identifier of hardware type and address. */
export function hardwareId(mac: string): Uint8Array {
  return Uint8Array.from([1, ...mac.split(":").map((part) => Number.parseInt(part, 16))]);
}

/** RFC 4361: 255, IAID, DUID. The IAID is taken from the address, the DUID is a DUID-EN or DUID-LLT made from it. */
export function duidId(mac: string, kind: readonly number[]): Uint8Array {
  const bytes = mac.split(":").map((part) => Number.parseInt(part, 16));
  return Uint8Array.from([255, ...bytes.slice(2), ...kind, ...bytes]);
}

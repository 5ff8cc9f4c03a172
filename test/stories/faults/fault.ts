import type { Datagram } from "../datagram.js";
import type { Leg } from "../journal.js";
import type { GuestMachine } from "../clients/machine.js";
import type { Random } from "../prng.js";
import type { World } from "../world.js";

/** What a server does with a request that it could answer. */
export type Mood = "answer" | "silent" | "dead" | "nak" | "other-xid" | "other-chaddr" | "no-type" | "no-lease-time";

/**
 * One thing that goes wrong (or merely happens). A fault says what the world does, never what an observer should
 * make of it: that follows from the journal and from where the capture stands.
 */
export interface Fault {
  readonly name: string;
  /** Changes a frame on a stretch of its way; null drops it. */
  onLeg?(datagram: Datagram, leg: Leg, now: number): Datagram | null;
  mood?(request: Datagram, now: number, server: string): Mood;
  /** Seconds that the server works on one answer, one after the other; undefined: its usual time. */
  think?(now: number): number | undefined;
  /** The server's process stands still at this time; null: it runs. The value is when it goes on. */
  frozenUntil?(now: number): number | null;
  /** The server's host answers requests to the closed port with ICMP. */
  hostRefuses?(now: number): boolean;
  /** The guest's DHCP socket is gone although the client runs. */
  socketClosed?(now: number): boolean;
  /** Things that are to happen at their time: power, reboots, administrators. */
  script?(world: World, patient: GuestMachine): void;
}

/** What a fault may know when it is made. */
export interface Setting {
  /** seconds the patient's lease lasts, T1 and T2 as the server means them */
  lease: number;
  t1: number;
  t2: number;
  /** when the fault sets in: the patient is bound by then and not in the middle of a renewal */
  from: number;
  /** hardware address of the patient */
  patient: string;
  random: Random;
}

export type FaultMaker = (setting: Setting) => Fault;

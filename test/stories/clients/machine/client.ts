import type { CycleLog } from "../../journal.js";
import type { Random } from "../../prng.js";
import type { Nic, World } from "../../world.js";
import type { ClientLease, ClientProfile, Past, Stage } from "../profile.js";

export type State =
  "OFF" | "INIT" | "SELECTING" | "REQUESTING" | "REBOOTING" | "PROBING" | "BOUND" | "RENEWING" | "REBINDING";

export const stageOf: Readonly<Record<State, Stage | "bound">> = {
  OFF: "acquiring",
  INIT: "acquiring",
  SELECTING: "acquiring",
  REQUESTING: "acquiring",
  REBOOTING: "acquiring",
  PROBING: "bound",
  BOUND: "bound",
  RENEWING: "renewing",
  REBINDING: "rebinding",
};

export interface GuestSettings {
  mac: string;
  hostname: string;
  nic: Nic;
  gateway: { mac: string; ip: number };
  /** average seconds between two signs of ordinary life; null: none */
  chatter: number | null;
}

/** A running DHCP client: what it knows and what it waits for. The machine's parts all work on this one. */
export interface Client {
  readonly world: World;
  readonly settings: GuestSettings;
  readonly random: Random;
  profile: ClientProfile;
  state: State;
  hung: boolean;
  /** cancels what it waits for */
  cancel: () => void;
  cycle: CycleLog | null;
  lease: ClientLease | null;
  /** the last lease, which INIT-REBOOT asks for */
  remembered: ClientLease | null;
  offer: { address: number; server: number; mac: string } | null;
  xid: number;
  oldXids: Set<number>;
  /** when the transaction and the acquisition began, for secs */
  transaction: number;
  acquisition: number;
  past: Past;
  /** messages sent in this state */
  sent: number;
  lastRequest: number;
  ipId: number;
}

export function nothingSent(): Past {
  return { now: 0, sent: 0, unicasts: 0, broadcasts: 0, interval: 0 };
}

export function createClient(world: World, settings: GuestSettings, profile: ClientProfile, random: Random): Client {
  return {
    world,
    settings,
    random,
    profile,
    state: "OFF",
    hung: false,
    cancel: () => undefined,
    cycle: null,
    lease: null,
    remembered: null,
    offer: null,
    xid: 0,
    oldXids: new Set(),
    transaction: 0,
    acquisition: 0,
    past: nothingSent(),
    sent: 0,
    lastRequest: 0,
    ipId: random.below(0xffff),
  };
}

/** A client waits for one thing at a time. */
export function wait(client: Client, seconds: number, action: () => void): void {
  client.cancel();
  client.cancel = client.world.clock.after(Math.max(seconds, 0), action);
}

export function renewXid(client: Client): void {
  client.oldXids.add(client.xid);
  client.xid = client.random.word();
}

/** Begins a cycle in the journal. */
export function openCycle(client: Client, kind: CycleLog["kind"], rebooting = false): void {
  const { world, settings, lease } = client;
  const opened: CycleLog = {
    kind,
    client: settings.mac,
    started: world.clock.now(),
    ended: null,
    outcome: null,
    attempts: [],
    granted: null,
    expiry: kind === "renewal" ? (lease?.expiry ?? null) : null,
    t2: kind === "renewal" ? (lease?.t2 ?? null) : null,
    forced: false,
    rebooting,
  };
  world.journal.cycles.push(opened);
  client.cycle = opened;
}

export function closeCycle(client: Client, outcome: NonNullable<CycleLog["outcome"]>): void {
  if (client.cycle !== null) {
    client.cycle.outcome = outcome;
    client.cycle.ended = client.world.clock.now();
  }
  client.cycle = null;
}

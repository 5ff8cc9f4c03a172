import type { Datagram } from "../datagram.js";
import type { Random } from "../prng.js";
import type { Guest, World } from "../world.js";
import { init, initReboot, select } from "./machine/acquiring.js";
import { grant } from "./machine/binding.js";
import { closeCycle, createClient, wait, type Client, type GuestSettings } from "./machine/client.js";
import { judge } from "./machine/hearing.js";
import { live } from "./machine/presence.js";
import { ask } from "./machine/renewing.js";
import { transmit } from "./machine/sending.js";
import type { ClientProfile } from "./profile.js";

export type { GuestSettings };

/** A guest that can be switched, rebooted and asked to renew; the rest it does by itself. */
export interface GuestMachine extends Guest {
  readonly profile: ClientProfile;
  readonly boot: (profile: ClientProfile) => void;
  /** Ends without a word, as a migration or a power switch does. */
  readonly vanish: () => void;
  /** Goes down in order: a client that releases does so. */
  readonly shutdown: () => void;
  /** The client stands still, the machine goes on. */
  readonly hang: () => void;
  /** An administrator asks for a renewal before its time. */
  readonly renewNow: () => void;
  readonly bound: () => boolean;
}

export function createGuest(world: World, settings: GuestSettings, first: ClientProfile, random: Random): GuestMachine {
  const { mac, nic } = settings;
  const client = createClient(world, settings, first, random);
  const halt = (alive: boolean): void => {
    world.journal.halts.push({ client: mac, at: world.clock.now(), alive });
  };
  live(client);
  return {
    mac,
    nic,
    get profile() {
      return client.profile;
    },
    receive: (datagram) => {
      receive(client, datagram);
    },
    boot: (profile) => {
      boot(client, profile);
    },
    vanish: () => {
      halt(false);
      stop(client);
    },
    shutdown: () => {
      release(client);
      halt(false);
      stop(client);
    },
    hang: () => {
      client.hung = true;
      halt(true);
      client.cancel();
      client.cancel = () => undefined;
    },
    renewNow: () => {
      if (client.lease === null || client.state !== "BOUND") return;
      client.cancel();
      ask(client, client.lease, "unicast", true);
      if (client.cycle !== null) client.cycle.forced = true;
    },
    bound: () => client.state === "BOUND",
  };
}

function receive(client: Client, datagram: Datagram): void {
  const { world, random } = client;
  const log = world.journal.messages.get(datagram.id);
  if (log === undefined) return;
  const { accepted, why } = judge(client, datagram);
  log.reply = { outcome: accepted ? "accepted" : "ignored", why, at: world.clock.now() };
  if (!accepted) return;
  if (why === "selected") {
    const { fields, source } = datagram;
    client.offer = { address: fields.yiaddr, server: fields.serverId ?? source.ip, mac: source.mac };
    client.state = "REQUESTING";
    client.sent = 0;
    wait(client, random.between(0.0002, 0.004), () => {
      select(client);
    });
  } else if (why === "refused") {
    const rebooting = client.state === "REBOOTING";
    closeCycle(client, "refused");
    client.remembered = null;
    init(client, rebooting ? 0.01 : client.profile.afterNak(random));
  } else grant(client, datagram);
}

function boot(client: Client, into: ClientProfile): void {
  stop(client);
  if (into !== client.profile) client.remembered = null; // a system knows nothing of its ROM's lease
  client.profile = into;
  client.hung = false;
  client.oldXids = new Set(client.xid === 0 ? [] : [client.xid]);
  client.lease = null;
  const { remembered } = client;
  if (into.reboots === "INIT-REBOOT" && remembered !== null && remembered.expiry > client.world.clock.now()) {
    initReboot(client);
  } else init(client, 0);
}

function stop(client: Client): void {
  client.cancel();
  if (client.cycle !== null) closeCycle(client, client.cycle.kind === "renewal" ? "left" : "pending");
  client.state = "OFF";
}

function release(client: Client): void {
  const { lease, profile, state } = client;
  if (lease === null || !profile.releases || (state !== "BOUND" && state !== "RENEWING")) return;
  transmit(client, "RELEASE", { ciaddr: lease.address, serverId: lease.server }, lease, "renewing");
  client.remembered = null;
}

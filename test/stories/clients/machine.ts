import { verdictOf, finished, partialChecksum, type Datagram } from "../datagram.js";
import { blank, encodeDhcp, type DhcpFields } from "../dhcp.js";
import { arp, broadcastIp, broadcastMac, echo, ipPacketOf, ipv4, portUnreachable } from "../frames.js";
import type { CycleLog, ReplyWhy } from "../journal.js";
import type { Random } from "../prng.js";
import type { MessageName } from "../types.js";
import type { Guest, Nic, World } from "../world.js";
import type { ClientLease, ClientProfile, Past, Stage } from "./profile.js";

type State = "OFF" | "INIT" | "SELECTING" | "REQUESTING" | "REBOOTING" | "PROBING" | "BOUND" | "RENEWING" | "REBINDING";

export interface GuestSettings {
  mac: string;
  hostname: string;
  nic: Nic;
  gateway: { mac: string; ip: number };
  /** average seconds between two signs of ordinary life; null: none */
  chatter: number | null;
}

/** A guest that can be switched, rebooted and asked to renew; the rest it does by itself. */
export interface GuestMachine extends Guest {
  readonly profile: ClientProfile;
  boot(profile: ClientProfile): void;
  /** Ends without a word, as a migration or a power switch does. */
  vanish(): void;
  /** Goes down in order: a client that releases does so. */
  shutdown(): void;
  /** The client stands still, the machine goes on. */
  hang(): void;
  /** An administrator asks for a renewal before its time. */
  renewNow(): void;
  bound(): boolean;
}

const stageOf: Readonly<Record<State, Stage | "bound">> = {
  OFF: "acquiring", INIT: "acquiring", SELECTING: "acquiring", REQUESTING: "acquiring", REBOOTING: "acquiring",
  PROBING: "bound", BOUND: "bound", RENEWING: "renewing", REBINDING: "rebinding",
};

export function createGuest(world: World, settings: GuestSettings, first: ClientProfile, random: Random): GuestMachine {
  const { clock, journal } = world;
  const { mac } = settings;
  let profile = first;
  let state: State = "OFF";
  let hung = false;
  let timer: () => void = () => undefined;
  let cycle: CycleLog | null = null;
  let lease: ClientLease | null = null;
  let remembered: ClientLease | null = null;
  let offer: { address: number; server: number; mac: string } | null = null;
  let xid = 0;
  let oldXids = new Set<number>();
  let transaction = 0;
  let acquisition = 0;
  let past: Past = { now: 0, sent: 0, unicasts: 0, broadcasts: 0, interval: 0 };
  let sent = 0;
  let lastRequest = 0;
  let ipId = random.below(0xffff);

  const wait = (seconds: number, action: () => void): void => {
    timer();
    timer = clock.after(Math.max(seconds, 0), action);
  };
  const renewXid = (): void => {
    oldXids.add(xid);
    xid = random.word();
  };

  const openCycle = (kind: CycleLog["kind"], rebooting = false): CycleLog => {
    const opened: CycleLog = {
      kind, client: mac, started: clock.now(), ended: null, outcome: null, attempts: [], granted: null,
      expiry: kind === "renewal" ? (lease?.expiry ?? null) : null, t2: kind === "renewal" ? (lease?.t2 ?? null) : null,
      forced: false, rebooting,
    };
    journal.cycles.push(opened);
    return opened;
  };
  const closeCycle = (outcome: NonNullable<CycleLog["outcome"]>): void => {
    if (cycle !== null) {
      cycle.outcome = outcome;
      cycle.ended = clock.now();
    }
    cycle = null;
  };

  const transmit = (name: MessageName, extra: Partial<DhcpFields>, unicastTo: ClientLease | null, stage: Stage): number => {
    if (profile.xid === "message" && name !== "RELEASE") renewXid();
    const ownAddress = extra.ciaddr ?? 0;
    const informs = name === "DISCOVER" || name === "REQUEST";
    const fields: DhcpFields = {
      ...blank, type: name, chaddr: mac, xid: name === "RELEASE" ? random.word() : xid,
      secs: informs ? profile.secs(clock.now() - transaction, clock.now() - acquisition) & 0xffff : 0,
      broadcast: profile.broadcastFlag && ownAddress === 0, clientId: profile.clientId(mac),
      vendorClass: informs ? profile.vendorClass : null, parameters: informs ? profile.parameters : [],
      hostname: informs && profile.sendsHostname ? settings.hostname : null,
      maximumSize: informs ? profile.maximumSize : null, ...extra,
    };
    const raw = profile.sends[stage] === "raw";
    ipId = (ipId + 1) & 0xffff;
    const bare: Datagram = {
      id: world.nextId(), direction: "request", name, client: mac, fields,
      source: { mac, ip: stage === "rebinding" && profile.rebindsFromZero ? 0 : ownAddress, port: 68 },
      destination: unicastTo === null
        ? { mac: broadcastMac, ip: broadcastIp, port: 67 }
        : { mac: unicastTo.serverMac, ip: unicastTo.server, port: 67 },
      ttl: raw ? 128 : 64, ipId: raw ? 0 : ipId, tos: raw ? 0x10 : 0, payload: encodeDhcp(fields, profile.padsTo),
      checksum: 0, unfinished: false,
    };
    const leaves = !raw && profile.offloads;
    const whole = leaves ? { ...bare, checksum: partialChecksum(bare), unfinished: true } : finished(bare);
    cycle?.attempts.push(whole.id);
    lastRequest = clock.now();
    world.send(whole, null, null);
    return whole.id;
  };

  // --- acquiring -----------------------------------------------------------------------------------------------

  const discover = (): void => {
    if (state !== "SELECTING") return;
    if (sent > 0 && sent % profile.discoversPerXid === 0) renewXid();
    sent += 1;
    transmit("DISCOVER", { requested: remembered === null ? null : remembered.address }, null, "acquiring");
    wait(profile.discoverWait(sent, random), discover);
  };

  const init = (delay: number): void => {
    state = "INIT";
    lease = null;
    wait(delay, () => {
      state = "SELECTING";
      renewXid();
      acquisition = transaction = clock.now();
      sent = 0;
      cycle ??= openCycle("acquisition");
      discover();
    });
  };

  const select = (): void => {
    if (state !== "REQUESTING" || offer === null) return;
    if (sent >= profile.requestTries) {
      init(profile.requestWait(sent, random));
      return;
    }
    sent += 1;
    transmit("REQUEST", { requested: offer.address, serverId: offer.server }, null, "acquiring");
    wait(profile.requestWait(sent, random), select);
  };

  const reboot = (): void => {
    if (state !== "REBOOTING" || remembered === null) return;
    if (sent >= Math.min(profile.requestTries, 3)) {
      init(0);
      return;
    }
    sent += 1;
    transmit("REQUEST", { requested: remembered.address }, null, "acquiring");
    wait(profile.requestWait(sent, random), reboot);
  };

  // --- renewing ------------------------------------------------------------------------------------------------

  const lose = (): void => {
    const early = lease !== null && clock.now() < lease.expiry - 2.5 && lease.base + lease.duration > clock.now() + 2.5;
    closeCycle(early ? "abandoned" : "expired");
    remembered = lease ?? remembered;
    init(0);
  };

  const next = (): void => {
    if (lease === null) return;
    past.now = clock.now();
    const held = lease;
    const move = profile.plan(held, past, random);
    wait(move.at - clock.now(), () => {
      if (move.act === "expire") lose();
      else ask(held, move.act, move.fresh);
    });
  };

  const ask = (held: ClientLease, act: "unicast" | "broadcast", fresh: boolean): void => {
    const opening = cycle === null;
    cycle ??= openCycle("renewal");
    const phase: State = act === "unicast" ? "RENEWING" : "REBINDING";
    if ((opening && profile.xid === "transaction") || (phase !== state && profile.xid === "phase")) renewXid();
    if (opening || fresh) transaction = clock.now();
    state = phase;
    past.sent += 1;
    if (act === "unicast") past.unicasts += 1;
    else past.broadcasts += 1;
    transmit("REQUEST", { ciaddr: held.address }, act === "unicast" ? held : null, act === "unicast" ? "renewing" : "rebinding");
    next();
  };

  const announce = (address: number): void => {
    for (const delay of [0.01, 2.01]) {
      clock.after(delay, () => {
        if (state === "OFF" || lease?.address !== address) return;
        side("arp", true, arp(1, mac, address, "00:00:00:00:00:00", address), broadcastMac, 0x0806, null);
      });
    }
  };

  const grant = (datagram: Datagram, requested: number): void => {
    const { fields } = datagram;
    const duration = fields.leaseTime ?? 3600;
    const renewal = state === "RENEWING" || state === "REBINDING";
    const probing = renewal ? null : profile.probe(random);
    const base = profile.countsFrom === "request" ? requested : clock.now() + (profile.countsFrom === "bind" ? (probing ?? 0) : 0);
    const times = profile.timers(duration, fields.t1, fields.t2, random);
    const request = journal.messages.get(datagram.id)?.answers ?? null;
    if (cycle !== null) cycle.granted = request;
    closeCycle(renewal ? "renewed" : "bound");
    lease = {
      address: fields.yiaddr, server: fields.serverId ?? datagram.source.ip, serverMac: datagram.source.mac, base, duration,
      t1: base + times.t1, t2: base + times.t2, expiry: base + times.expiry,
    };
    remembered = lease;
    journal.grants.push({ client: mac, at: clock.now(), request, t1: lease.t1, t2: lease.t2, expiry: lease.expiry });
    past = { now: 0, sent: 0, unicasts: 0, broadcasts: 0, interval: 0 };
    if (probing !== null) {
      state = "PROBING";
      const address = lease.address;
      for (let probe = 0; probe < 3; probe += 1) {
        clock.after((probing * (probe + 0.3)) / 3, () => {
          if (state === "PROBING") side("arp", true, arp(1, mac, 0, "00:00:00:00:00:00", address), broadcastMac, 0x0806, null);
        });
      }
    } else state = "BOUND";
    if (!renewal && profile.announces) announce(lease.address);
    timer();
    if (probing === null) next();
    else {
      wait(probing, () => {
        state = "BOUND";
        next();
      });
    }
  };

  // --- receiving -----------------------------------------------------------------------------------------------

  const side = (
    kind: "icmp" | "arp" | "ip", broadcast: boolean, payload: Uint8Array, destination: string, etherType: number,
    quotes: number | null, source = mac,
  ): void => {
    journal.side.push({
      time: clock.now() + 60e-6, kind, client: mac, broadcast, source, destination, etherType, payload, quotes,
    });
  };

  const sumPasses = (datagram: Datagram, socket: "raw" | "kernel"): boolean => {
    const verdict = verdictOf(datagram);
    if (verdict === "good" || verdict === "absent") return true;
    if (socket === "kernel") return datagram.unfinished;
    if (!profile.verifies || (profile.honoursMark && datagram.unfinished)) return true;
    return profile.acceptsPseudo && verdict === "partial";
  };

  /** The guest's kernel refuses what arrives at a closed port, whatever a raw socket makes of it. */
  const kernelReacts = (datagram: Datagram, closed: boolean): void => {
    const address = lease?.address;
    if (address === undefined || datagram.destination.ip !== address || !sumPasses(datagram, "kernel")) return;
    if (profile.portOpen[stageOf[state]] && !closed) return;
    const header = { source: address, destination: datagram.source.ip, protocol: 1, ttl: 64, id: random.below(0xffff), tos: 0xc0 };
    side("icmp", false, ipv4(header, portUnreachable(ipPacketOf(datagram))), datagram.source.mac, 0x0800, datagram.id);
  };

  const judge = (datagram: Datagram): { accepted: boolean; why: ReplyWhy } => {
    const ignored = (why: ReplyWhy): { accepted: boolean; why: ReplyWhy } => ({ accepted: false, why });
    const closed = world.faults.some((fault) => fault.socketClosed?.(clock.now()) ?? false);
    if (state === "OFF") return ignored("off");
    kernelReacts(datagram, closed);
    if (hung) return ignored("hung");
    const { fields } = datagram;
    const current = fields.xid === xid;
    const bound = state === "BOUND" || state === "PROBING";
    if (bound) return ignored(current || oldXids.has(fields.xid) ? "duplicate" : "wrong-reply");
    if (state === "INIT") return ignored("late");
    if (closed) return ignored("socket-closed");
    const stage = stageOf[state];
    const socket = stage === "bound" ? "kernel" : profile.receives[stage];
    if (!sumPasses(datagram, socket)) return ignored("checksum");
    if (socket === "kernel" && profile.boundToAddress && datagram.destination.ip === broadcastIp) return ignored("broadcast-unheard");
    if (fields.chaddr !== mac || fields.type === null) return ignored("wrong-reply");
    if (!current) return ignored(oldXids.has(fields.xid) ? "late" : "wrong-reply");
    if (fields.type === "OFFER") return state === "SELECTING" ? { accepted: true, why: "selected" } : ignored("not-chosen");
    if (state === "SELECTING") return ignored("late");
    if (fields.type === "NAK") {
      const expected = state === "REQUESTING" ? offer?.server : lease?.server;
      const foreign = expected !== undefined && fields.serverId !== expected;
      return foreign && profile.checksNakServer ? ignored("foreign-server") : { accepted: true, why: "refused" };
    }
    if (fields.type !== "ACK" || (fields.leaseTime === null && profile.needsLeaseTime)) return ignored("wrong-reply");
    return { accepted: true, why: "granted" };
  };

  const receive = (datagram: Datagram): void => {
    const log = journal.messages.get(datagram.id);
    if (log === undefined) return;
    const { accepted, why } = judge(datagram);
    log.reply = { outcome: accepted ? "accepted" : "ignored", why, at: clock.now() };
    if (!accepted) return;
    if (why === "selected") {
      offer = { address: datagram.fields.yiaddr, server: datagram.fields.serverId ?? datagram.source.ip, mac: datagram.source.mac };
      state = "REQUESTING";
      sent = 0;
      wait(random.between(0.0002, 0.004), select);
    } else if (why === "refused") {
      const rebooting = state === "REBOOTING";
      closeCycle("refused");
      remembered = null;
      init(rebooting ? 0.01 : profile.afterNak(random));
    } else grant(datagram, lastRequest);
  };

  // --- the machine around the client ---------------------------------------------------------------------------

  const live = (): void => {
    if (settings.chatter === null) return;
    clock.after(settings.chatter * random.between(0.5, 1.5), () => {
      if (state !== "OFF" && lease !== null && state !== "PROBING") talk(lease.address);
      live();
    });
  };
  const talk = (address: number): void => {
    const { gateway } = settings;
    if (random.chance(0.4)) {
      side("arp", false, arp(1, mac, address, "00:00:00:00:00:00", gateway.ip), gateway.mac, 0x0806, null);
      side("arp", false, arp(2, gateway.mac, gateway.ip, mac, address), mac, 0x0806, null, gateway.mac);
      return;
    }
    const id = random.below(0xffff);
    const out = { source: address, destination: gateway.ip, protocol: 1, ttl: 64, id, tos: 0 };
    const back = { ...out, source: gateway.ip, destination: address };
    side("ip", false, ipv4(out, echo(true, id, 1)), gateway.mac, 0x0800, null);
    side("ip", false, ipv4(back, echo(false, id, 1)), mac, 0x0800, null, gateway.mac);
  };

  const stop = (): void => {
    timer();
    if (cycle !== null) closeCycle(cycle.kind === "renewal" ? "left" : "pending");
    state = "OFF";
  };

  const boot = (into: ClientProfile): void => {
    stop();
    if (into !== profile) remembered = null; // a system knows nothing of its ROM's lease
    profile = into;
    hung = false;
    oldXids = new Set(xid === 0 ? [] : [xid]);
    lease = null;
    if (into.reboots === "INIT-REBOOT" && remembered !== null && remembered.expiry > clock.now()) {
      state = "REBOOTING";
      renewXid();
      acquisition = transaction = clock.now();
      sent = 0;
      cycle = openCycle("acquisition", true);
      reboot();
    } else init(0);
  };

  live();
  return {
    mac,
    nic: settings.nic,
    get profile() {
      return profile;
    },
    receive,
    boot,
    vanish() {
      journal.halts.push({ client: mac, at: clock.now(), alive: false });
      stop();
    },
    shutdown() {
      if (lease !== null && profile.releases && (state === "BOUND" || state === "RENEWING")) {
        transmit("RELEASE", { ciaddr: lease.address, serverId: lease.server }, lease, "renewing");
        remembered = null;
      }
      journal.halts.push({ client: mac, at: clock.now(), alive: false });
      stop();
    },
    hang() {
      hung = true;
      journal.halts.push({ client: mac, at: clock.now(), alive: true });
      timer();
      timer = () => undefined;
    },
    renewNow() {
      if (lease === null || state !== "BOUND") return;
      timer();
      ask(lease, "unicast", true);
      if (cycle !== null) cycle.forced = true;
    },
    bound: () => state === "BOUND",
  };
}

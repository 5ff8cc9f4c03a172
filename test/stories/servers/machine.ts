import { finished, partialChecksum, verdictOf, type Datagram } from "../datagram.js";
import { blank, encodeDhcp, type DhcpFields } from "../dhcp.js";
import { broadcastIp, broadcastMac, ipPacketOf, ipv4, portUnreachable } from "../frames.js";
import type { Mood } from "../faults/fault.js";
import type { Random } from "../prng.js";
import type { MessageName } from "../types.js";
import type { ServerStation, World } from "../world.js";
import type { ReplyKind, ServerProfile } from "./profile.js";

export interface ServerSettings {
  name: string;
  mac: string;
  ip: number;
  /** network part of the addresses it gives, and the first host number */
  network: number;
  firstHost: number;
  lease: { duration: number; t1: number | null; t2: number | null };
  /** the server is on another link: what the relay on this one is called */
  relay: { mac: string; ip: number } | null;
  /** refuses, by NAK, broadcast requests for addresses it did not give */
  refusesStrangers: boolean;
}

interface Binding {
  address: number;
  granted: number;
  until: number;
}

/** A DHCP server that does as it is told by RFC 2131 §4.3, one answer after the other. */
export function createServer(
  world: World,
  profile: ServerProfile,
  settings: ServerSettings,
  random: Random,
): ServerStation {
  const { clock, journal } = world;
  const bindings = new Map<string, Binding>();
  let hosts = settings.firstHost;
  let busyUntil = 0;
  let ipId = random.below(0xffff);

  const key = (fields: DhcpFields): string =>
    fields.clientId === null ? fields.chaddr : `${fields.chaddr}/${[...fields.clientId].join(".")}`;

  const bindingFor = (fields: DhcpFields): { binding: Binding; fresh: boolean } => {
    const known = bindings.get(key(fields));
    if (known !== undefined) return { binding: known, fresh: false };
    const binding = { address: (settings.network + hosts) >>> 0, granted: -1e9, until: -1e9 };
    hosts += 1;
    bindings.set(key(fields), binding);
    return { binding, fresh: true };
  };

  const grant = (binding: Binding): number => {
    const now = clock.now();
    const { duration } = settings.lease;
    const young = now - binding.granted < duration * 0.25;
    if (profile.shrinks && young && binding.until > now + 1) return Math.floor(binding.until - now);
    binding.granted = now;
    binding.until = now + duration;
    return duration;
  };

  const timersFor = (duration: number, request: DhcpFields): { t1: number | null; t2: number | null } => {
    const { lease } = settings;
    const asked = request.parameters.includes(58);
    const sends =
      profile.timers === "always" ||
      (profile.timers === "asked" && asked) ||
      (profile.timers === "configured" && lease.t1 !== null);
    if (!sends) return { t1: null, t2: null };
    const share = duration / lease.duration;
    const t1 = Math.floor(lease.t1 === null ? duration / 2 : lease.t1 * share);
    const t2 = Math.floor(lease.t2 === null ? (duration * 7) / 8 : lease.t2 * share);
    const fuzz = random.below(Math.floor(t1 * profile.fuzz) + 1);
    return { t1: t1 - fuzz, t2: t2 - fuzz };
  };

  const reply = (request: Datagram, type: MessageName, wish: Mood): void => {
    const asked = request.fields;
    const { binding } = bindingFor(asked);
    const refusal = type === "NAK";
    const duration = refusal ? null : type === "ACK" ? grant(binding) : settings.lease.duration;
    const timers = duration === null ? { t1: null, t2: null } : timersFor(duration, asked);
    const yiaddr = refusal ? 0 : asked.ciaddr !== 0 ? asked.ciaddr : binding.address;
    const relayed = settings.relay !== null && request.destination.ip === broadcastIp;
    const fields: DhcpFields = {
      ...blank,
      reply: true,
      type: wish === "no-type" ? null : type,
      xid: wish === "other-xid" ? (asked.xid ^ 0x5a5a_1234) >>> 0 : asked.xid,
      secs: profile.echoesSecs ? asked.secs : 0,
      broadcast: asked.broadcast,
      ciaddr: refusal ? 0 : asked.ciaddr,
      yiaddr,
      siaddr: refusal ? 0 : settings.ip,
      giaddr: relayed && settings.relay !== null ? settings.relay.ip : 0,
      chaddr: wish === "other-chaddr" ? "52:54:00:de:ad:01" : asked.chaddr,
      serverId: settings.ip,
      leaseTime: wish === "no-lease-time" ? null : duration,
      t1: timers.t1,
      t2: timers.t2,
      clientId: profile.echoesClientId ? asked.clientId : null,
      mask: refusal ? null : 0xffffff00,
      router: refusal ? null : (settings.network + 254) >>> 0,
      dns: refusal ? null : settings.ip,
      message: refusal ? (asked.ciaddr === 0 ? "wrong network" : "lease not found") : null,
    };
    const kind: ReplyKind = asked.ciaddr === 0 ? "unconfigured" : "renewal";
    const toAll = (asked.broadcast && asked.ciaddr === 0) || (refusal && !(profile.unicastNak && asked.ciaddr !== 0));
    const sourceIp = relayed && settings.relay !== null ? settings.relay.ip : settings.ip;
    ipId = (ipId + 1 + random.below(3)) & 0xffff;
    const bare: Datagram = {
      id: world.nextId(),
      direction: "reply",
      name: type,
      client: request.client,
      fields,
      source: { mac: settings.relay?.mac ?? settings.mac, ip: sourceIp, port: 67 },
      destination: toAll
        ? { mac: broadcastMac, ip: broadcastIp, port: 68 }
        : { mac: request.client, ip: kind === "renewal" ? asked.ciaddr : binding.address, port: 68 },
      ttl: settings.relay !== null && !relayed ? profile.ttl - 1 : profile.ttl,
      ipId,
      tos: profile.tos,
      payload: encodeDhcp(fields),
      checksum: 0,
      unfinished: false,
    };
    const sum = settings.relay === null ? profile.sum(kind) : "full";
    if (sum === "full") world.send(finished(bare), request.id, settings.name);
    else if (sum === "zero") world.send(bare, request.id, settings.name);
    else world.send({ ...bare, checksum: partialChecksum(bare), unfinished: true }, request.id, settings.name);
  };

  /** The answer that is due, or null where the server has to be silent. */
  const answerTo = (request: Datagram): { type: MessageName; delay: number } | null => {
    const { fields } = request;
    if (request.name === "DISCOVER") {
      const { fresh } = bindingFor(fields);
      const pinging = fresh && profile.pings && random.chance(0.3);
      return { type: "OFFER", delay: pinging ? random.between(1, 3) : 0 };
    }
    if (request.name !== "REQUEST") return null;
    if (fields.serverId !== null) return fields.serverId === settings.ip ? { type: "ACK", delay: 0 } : null;
    const wanted = fields.ciaddr !== 0 ? fields.ciaddr : fields.requested;
    const known = bindings.get(key(fields));
    if (known?.address === wanted) return { type: "ACK", delay: 0 };
    return settings.refusesStrangers ? { type: "NAK", delay: 0 } : null;
  };

  const refuseByHost = (request: Datagram): void => {
    if (
      request.destination.ip === broadcastIp ||
      !world.faults.some((fault) => fault.hostRefuses?.(clock.now()) ?? false)
    ) {
      return;
    }
    const header = {
      source: settings.ip,
      destination: request.source.ip,
      protocol: 1,
      ttl: 64,
      id: random.below(0xffff),
      tos: 0xc0,
    };
    const mac = settings.relay?.mac ?? settings.mac;
    journal.side.push({
      time: clock.now() + 80e-6,
      kind: "icmp",
      client: request.client,
      broadcast: false,
      source: mac,
      destination: request.client,
      etherType: 0x0800,
      payload: ipv4(header, portUnreachable(ipPacketOf(request))),
      quotes: request.id,
    });
  };

  const work = (request: Datagram): void => {
    const log = journal.messages.get(request.id);
    if (log === undefined) return;
    const now = clock.now();
    let mood: Mood = "answer";
    for (const fault of world.faults) {
      const wish = fault.mood?.(request, now, settings.name) ?? "answer";
      if (wish !== "answer") mood = wish;
    }
    if (mood === "dead") refuseByHost(request);
    if (mood === "dead" || mood === "silent") {
      if (log.handling !== "answered") log.handling = mood;
      return;
    }
    const due = mood === "nak" ? { type: "NAK" as const, delay: 0 } : answerTo(request);
    if (request.name === "RELEASE") bindings.delete(key(request.fields));
    if (due === null) {
      if (log.handling === "under-way") log.handling = "no-answer-due";
      return;
    }
    log.handling = "answered";
    const [least, most] = profile.think;
    let effort = random.between(least, most);
    for (const fault of world.faults) effort = fault.think?.(now) ?? effort;
    busyUntil = Math.max(busyUntil, now) + effort;
    clock.at(busyUntil + due.delay, () => {
      reply(request, due.type, mood);
    });
  };

  return {
    name: settings.name,
    remote: profile.remote || settings.relay !== null,
    receive(request) {
      const log = journal.messages.get(request.id);
      if (log === undefined) return;
      if (request.destination.ip !== broadcastIp && request.destination.ip !== settings.ip) return;
      const verdict = verdictOf(request);
      const sound = verdict === "good" || verdict === "absent" || request.unfinished;
      if (!sound) {
        if (log.handling !== "answered") log.handling = "checksum";
        return;
      }
      let thaw: number | null = null;
      for (const fault of world.faults) thaw = fault.frozenUntil?.(clock.now()) ?? thaw;
      if (thaw === null) work(request);
      else {
        log.handling = "frozen";
        // the process wakes and empties its socket in one go
        clock.at(thaw + random.between(0.0001, 0.0006), () => {
          work(request);
        });
      }
    },
  };
}

import { verdictOf, type Datagram } from "../../datagram.js";
import { broadcastIp, ipPacketOf, ipv4, portUnreachable } from "../../frames.js";
import type { ReplyWhy } from "../../journal.js";
import type { Socket } from "../profile.js";
import { stageOf, type Client } from "./client.js";
import { side } from "./presence.js";

export interface Judgement {
  accepted: boolean;
  why: ReplyWhy;
}

const accepted = (why: ReplyWhy): Judgement => ({ accepted: true, why });
const ignored = (why: ReplyWhy): Judgement => ({ accepted: false, why });

/** What the client makes of a reply that has reached its guest: whether it hears, believes and wants it. */
export function judge(client: Client, datagram: Datagram): Judgement {
  const { world, settings, profile, state, oldXids } = client;
  const closed = world.faults.some((fault) => fault.socketClosed?.(world.clock.now()) ?? false);
  if (state === "OFF") return ignored("off");
  kernelReacts(client, datagram, closed);
  if (client.hung) return ignored("hung");
  const { fields } = datagram;
  const current = fields.xid === client.xid;
  const bound = state === "BOUND" || state === "PROBING";
  if (bound) return ignored(current || oldXids.has(fields.xid) ? "duplicate" : "wrong-reply");
  if (state === "INIT") return ignored("late");
  if (closed) return ignored("socket-closed");
  const stage = stageOf[state];
  const socket = stage === "bound" ? "kernel" : profile.receives[stage];
  if (!sumPasses(client, datagram, socket)) return ignored("checksum");
  if (socket === "kernel" && profile.boundToAddress && datagram.destination.ip === broadcastIp) {
    return ignored("broadcast-unheard");
  }
  if (fields.chaddr !== settings.mac || fields.type === null) return ignored("wrong-reply");
  if (!current) return ignored(oldXids.has(fields.xid) ? "late" : "wrong-reply");
  if (fields.type === "OFFER") return state === "SELECTING" ? accepted("selected") : ignored("not-chosen");
  if (state === "SELECTING") return ignored("late");
  if (fields.type === "NAK") {
    const expected = state === "REQUESTING" ? client.offer?.server : client.lease?.server;
    const foreign = expected !== undefined && fields.serverId !== expected;
    return foreign && profile.checksNakServer ? ignored("foreign-server") : accepted("refused");
  }
  if (fields.type !== "ACK" || (fields.leaseTime === null && profile.needsLeaseTime)) return ignored("wrong-reply");
  return accepted("granted");
}

function sumPasses({ profile }: Client, datagram: Datagram, socket: Socket): boolean {
  const verdict = verdictOf(datagram);
  if (verdict === "good" || verdict === "absent") return true;
  if (socket === "kernel") return datagram.unfinished;
  if (!profile.verifies || (profile.honoursMark && datagram.unfinished)) return true;
  return profile.acceptsPseudo && verdict === "partial";
}

/** The guest's kernel refuses what arrives at a closed port, whatever a raw socket makes of it. */
function kernelReacts(client: Client, datagram: Datagram, closed: boolean): void {
  const { profile, state, random } = client;
  const address = client.lease?.address;
  if (address === undefined || datagram.destination.ip !== address) return;
  if (!sumPasses(client, datagram, "kernel")) return;
  if (profile.portOpen[stageOf[state]] && !closed) return;
  const header = {
    source: address,
    destination: datagram.source.ip,
    protocol: 1,
    ttl: 64,
    id: random.below(0xffff),
    tos: 0xc0,
  };
  const payload = ipv4(header, portUnreachable(ipPacketOf(datagram)));
  side(client, { kind: "icmp", destination: datagram.source.mac, payload, quotes: datagram.id });
}

import { finished, partialChecksum, type Datagram } from "../../datagram.js";
import { blank, encodeDhcp, type DhcpFields } from "../../dhcp.js";
import { broadcastIp, broadcastMac } from "../../frames.js";
import type { MessageName } from "../../types.js";
import type { ClientLease, Stage } from "../profile.js";
import { renewXid, type Client } from "./client.js";

/** Sends one message as the client's profile has it, and notes it as an attempt of the cycle under way. */
export function transmit(
  client: Client,
  name: MessageName,
  extra: Partial<DhcpFields>,
  unicastTo: ClientLease | null,
  stage: Stage,
): void {
  const { world, settings, random, profile } = client;
  const { mac } = settings;
  const now = world.clock.now();
  if (profile.xid === "message" && name !== "RELEASE") renewXid(client);
  const ownAddress = extra.ciaddr ?? 0;
  const informs = name === "DISCOVER" || name === "REQUEST";
  const fields: DhcpFields = {
    ...blank,
    type: name,
    chaddr: mac,
    xid: name === "RELEASE" ? random.word() : client.xid,
    secs: informs ? profile.secs(now - client.transaction, now - client.acquisition) & 0xffff : 0,
    broadcast: profile.broadcastFlag && ownAddress === 0,
    clientId: profile.clientId(mac),
    vendorClass: informs ? profile.vendorClass : null,
    parameters: informs ? profile.parameters : [],
    hostname: informs && profile.sendsHostname ? settings.hostname : null,
    maximumSize: informs ? profile.maximumSize : null,
    ...extra,
  };
  const raw = profile.sends[stage] === "raw";
  client.ipId = (client.ipId + 1) & 0xffff;
  const bare: Datagram = {
    id: world.nextId(),
    direction: "request",
    name,
    client: mac,
    fields,
    source: { mac, ip: stage === "rebinding" && profile.rebindsFromZero ? 0 : ownAddress, port: 68 },
    destination:
      unicastTo === null
        ? { mac: broadcastMac, ip: broadcastIp, port: 67 }
        : { mac: unicastTo.serverMac, ip: unicastTo.server, port: 67 },
    ttl: raw ? 128 : 64,
    ipId: raw ? 0 : client.ipId,
    tos: raw ? 0x10 : 0,
    payload: encodeDhcp(fields, profile.padsTo),
    checksum: 0,
    unfinished: false,
  };
  const leaves = !raw && profile.offloads;
  const whole = leaves ? { ...bare, checksum: partialChecksum(bare), unfinished: true } : finished(bare);
  client.cycle?.attempts.push(whole.id);
  client.lastRequest = now;
  world.send(whole, null, null);
}

import type { Datagram } from "../../datagram.js";
import { closeCycle, nothingSent, wait, type Client } from "./client.js";
import { announce, probe } from "./presence.js";
import { next } from "./renewing.js";

/** Takes the lease that an ACK gives, and counts its times as this client does. */
export function grant(client: Client, ack: Datagram): void {
  const { world, settings, random, profile } = client;
  const { clock, journal } = world;
  const { fields } = ack;
  const duration = fields.leaseTime ?? 3600;
  const renewal = client.state === "RENEWING" || client.state === "REBINDING";
  const probing = renewal ? null : profile.probe(random);
  const base =
    profile.countsFrom === "request"
      ? client.lastRequest
      : clock.now() + (profile.countsFrom === "bind" ? (probing ?? 0) : 0);
  const times = profile.timers(duration, fields.t1, fields.t2, random);
  const request = journal.messages.get(ack.id)?.answers ?? null;
  if (client.cycle !== null) client.cycle.granted = request;
  closeCycle(client, renewal ? "renewed" : "bound");
  const lease = {
    address: fields.yiaddr,
    server: fields.serverId ?? ack.source.ip,
    serverMac: ack.source.mac,
    base,
    duration,
    t1: base + times.t1,
    t2: base + times.t2,
    expiry: base + times.expiry,
  };
  client.lease = client.remembered = lease;
  const { t1, t2, expiry } = lease;
  journal.grants.push({ client: settings.mac, at: clock.now(), request, t1, t2, expiry });
  client.past = nothingSent();
  client.state = probing === null ? "BOUND" : "PROBING";
  if (probing !== null) probe(client, lease.address, probing);
  if (!renewal && profile.announces) announce(client, lease.address);
  client.cancel();
  if (probing === null) next(client);
  else {
    wait(client, probing, () => {
      client.state = "BOUND";
      next(client);
    });
  }
}

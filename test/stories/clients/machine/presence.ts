import { arp, broadcastMac, echo, ipv4 } from "../../frames.js";
import type { SideFrame } from "../../journal.js";
import type { Client } from "./client.js";

const nobody = "00:00:00:00:00:00";

/** Puts a frame without a DHCP message into the journal, a moment from now. */
export function side(
  client: Client,
  frame: Pick<SideFrame, "kind" | "destination" | "payload"> & { source?: string; quotes?: number },
): void {
  const { world, settings } = client;
  const { kind, destination, payload, source = settings.mac, quotes = null } = frame;
  world.journal.side.push({
    time: world.clock.now() + 60e-6,
    kind,
    client: settings.mac,
    broadcast: destination === broadcastMac,
    source,
    destination,
    etherType: kind === "arp" ? 0x0806 : 0x0800,
    payload,
    quotes,
  });
}

/** Asks three times whether somebody else has the address (RFC 5227). */
export function probe(client: Client, address: number, seconds: number): void {
  const { mac } = client.settings;
  for (let turn = 0; turn < 3; turn += 1) {
    client.world.clock.after((seconds * (turn + 0.3)) / 3, () => {
      if (client.state !== "PROBING") return;
      side(client, { kind: "arp", destination: broadcastMac, payload: arp(1, mac, 0, nobody, address) });
    });
  }
}

/** Tells all, twice, that the address is in use now. */
export function announce(client: Client, address: number): void {
  const { mac } = client.settings;
  for (const delay of [0.01, 2.01]) {
    client.world.clock.after(delay, () => {
      if (client.state === "OFF" || client.lease?.address !== address) return;
      side(client, { kind: "arp", destination: broadcastMac, payload: arp(1, mac, address, nobody, address) });
    });
  }
}

/** Ordinary life with an address: now and then a word with the gateway. */
export function live(client: Client): void {
  const { world, settings, random } = client;
  if (settings.chatter === null) return;
  world.clock.after(settings.chatter * random.between(0.5, 1.5), () => {
    const { state, lease } = client;
    if (state !== "OFF" && state !== "PROBING" && lease !== null) talk(client, lease.address);
    live(client);
  });
}

function talk(client: Client, address: number): void {
  const { random } = client;
  const { mac, gateway } = client.settings;
  const there = { destination: gateway.mac };
  const back = { source: gateway.mac, destination: mac };
  if (random.chance(0.4)) {
    side(client, { ...there, kind: "arp", payload: arp(1, mac, address, nobody, gateway.ip) });
    side(client, { ...back, kind: "arp", payload: arp(2, gateway.mac, gateway.ip, mac, address) });
    return;
  }
  const id = random.below(0xffff);
  const header = { source: address, destination: gateway.ip, protocol: 1, ttl: 64, id, tos: 0 };
  const answer = { ...header, source: gateway.ip, destination: address };
  side(client, { ...there, kind: "ip", payload: ipv4(header, echo(true, id, 1)) });
  side(client, { ...back, kind: "ip", payload: ipv4(answer, echo(false, id, 1)) });
}

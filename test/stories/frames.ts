import type { Datagram } from "./datagram.js";
import { onesSum, wireSum } from "./sums.js";

export const broadcastMac = "ff:ff:ff:ff:ff:ff";
export const broadcastIp = 0xffffffff;

export function macBytes(mac: string): number[] {
  return mac.split(":").map((part) => Number.parseInt(part, 16));
}

export function ipBytes(ip: number): number[] {
  return [ip >>> 24, (ip >>> 16) & 0xff, (ip >>> 8) & 0xff, ip & 0xff];
}

export function ipNumber(a: number, b: number, c: number, d: number): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function u16(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function concatenated(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** An Ethernet frame, padded to 60 bytes as a NIC would have to. `vlan`: an 802.1Q tag. */
export function ethernet(
  destination: string,
  source: string,
  type: number,
  payload: Uint8Array,
  vlan: number | null,
): Uint8Array {
  const tag = vlan === null ? [] : [0x81, 0x00, ...u16(vlan)];
  const bytes = concatenated([macBytes(destination), macBytes(source), tag, u16(type), payload]);
  if (bytes.length >= 60) return bytes;
  const padded = new Uint8Array(60);
  padded.set(bytes);
  return padded;
}

export interface IpHeader {
  source: number;
  destination: number;
  protocol: number;
  ttl: number;
  id: number;
  tos: number;
}

/** An IPv4 packet without options; its header sum is always right. */
export function ipv4(header: IpHeader, payload: Uint8Array): Uint8Array {
  const bytes = concatenated([
    [0x45, header.tos],
    u16(20 + payload.length),
    u16(header.id),
    [0, 0],
    [header.ttl, header.protocol, 0, 0],
    ipBytes(header.source),
    ipBytes(header.destination),
    payload,
  ]);
  bytes.set(u16(wireSum(onesSum(bytes.subarray(0, 20)))), 10);
  return bytes;
}

export function ipPacketOf(datagram: Datagram): Uint8Array {
  const udp = concatenated([
    u16(datagram.source.port),
    u16(datagram.destination.port),
    u16(8 + datagram.payload.length),
    u16(datagram.checksum),
    datagram.payload,
  ]);
  const { ttl, ipId: id, tos } = datagram;
  return ipv4({ source: datagram.source.ip, destination: datagram.destination.ip, protocol: 17, ttl, id, tos }, udp);
}

export function frameOf(datagram: Datagram, vlan: number | null): Uint8Array {
  return ethernet(datagram.destination.mac, datagram.source.mac, 0x0800, ipPacketOf(datagram), vlan);
}

/** ICMP destination unreachable, code 3 (port), quoting all of the packet that Linux would: up to 576 bytes in sum. */
export function portUnreachable(quoted: Uint8Array): Uint8Array {
  const bytes = concatenated([[3, 3, 0, 0, 0, 0, 0, 0], quoted.subarray(0, 548)]);
  bytes.set(u16(wireSum(onesSum(bytes))), 2);
  return bytes;
}

export function echo(request: boolean, id: number, sequence: number): Uint8Array {
  const bytes = concatenated([[request ? 8 : 0, 0, 0, 0], u16(id), u16(sequence), new Uint8Array(56).fill(0x61)]);
  bytes.set(u16(wireSum(onesSum(bytes))), 2);
  return bytes;
}

/** ARP over Ethernet, RFC 826. Operation 1 asks, 2 answers. */
export function arp(
  operation: 1 | 2,
  senderMac: string,
  senderIp: number,
  targetMac: string,
  targetIp: number,
): Uint8Array {
  return concatenated([
    [0, 1, 8, 0, 6, 4, 0, operation],
    macBytes(senderMac),
    ipBytes(senderIp),
    macBytes(targetMac),
    ipBytes(targetIp),
  ]);
}

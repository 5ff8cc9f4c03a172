import { slowChecksum, slowSum } from "../checksum/reference.js";
import { arp, ipv4, u16, u32, udp } from "../wire/packets.js";

/** What the UDP checksum field holds; a number stands there as it is. */
export type Sum = "good" | "partial" | "absent" | "bad" | "bit-flip" | "no-pseudo-header" | number;

/** A frame as it was captured: when (seconds from the start of the script), at which point, and how much of it. */
export interface Wire {
  readonly time: number;
  readonly point: number;
  readonly bytes: Uint8Array;
  readonly original: number;
}

export interface Datagram {
  readonly src: number;
  readonly dst: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly id: number;
  readonly sum: Sum;
  readonly data: readonly number[];
}

export interface Link {
  readonly src: readonly number[];
  readonly dst: readonly number[];
  readonly vlan: readonly number[];
}

export const EVERYBODY = 0xffffffff;
export const EVERY_MAC = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/** The number of a dotted quad. */
export function ip(text: string): number {
  return text.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
}

export function serverMac(server: number): number[] {
  return [0x02, 0x00, 0x5e, 0x00, 0x00, server];
}

export function clientMac(client: number): number[] {
  return [0x52, 0x54, 0x00, ...u16(Math.floor(client / 256)), client % 256];
}

/** An IPv4 datagram around UDP, with the sum that was asked for and a right header checksum. */
export function datagram({ src, dst, srcPort, dstPort, id, sum, data }: Datagram): number[] {
  const pseudo = [...u32(src), ...u32(dst), ...u16(17), ...u16(data.length + 8)];
  const empty = udp(data, { src: srcPort, dst: dstPort, checksum: 0 });
  const checksum = storedSum(sum, pseudo, empty);
  const whole = ipv4(udp(data, { src: srcPort, dst: dstPort, checksum }), { src, dst, id });
  const header = slowChecksum(whole.slice(0, 20));
  return [...whole.slice(0, 10), ...u16(header), ...whole.slice(12)];
}

function storedSum(sum: Sum, pseudo: readonly number[], empty: readonly number[]): number {
  if (typeof sum === "number") return sum;
  const good = slowChecksum([...pseudo, ...empty]) || 0xffff;
  switch (sum) {
    case "good":
      return good;
    case "absent":
      return 0;
    case "partial":
      return slowSum(pseudo);
    case "no-pseudo-header":
      return slowChecksum(empty);
    case "bit-flip":
      return good ^ 0x0400;
    case "bad":
      return good ^ 0x5a5b;
  }
}

/** Ethernet around an IPv4 datagram (or an ARP), tagged as `vlan` says, outermost first. */
export function framed(link: Link, payload: readonly number[], etherType = 0x0800): Uint8Array {
  const tags = link.vlan.flatMap((vlan, index) => [
    ...u16(link.vlan.length > 1 && index === 0 ? 0x88a8 : 0x8100),
    ...u16(vlan),
  ]);
  return Uint8Array.from([...link.dst, ...link.src, ...tags, ...u16(etherType), ...payload]);
}

/** An ARP (1 a request, 2 a reply) of somebody who says that `address` is his. */
export function arpFrame(link: Link, address: number, target: number, op = 1): Uint8Array {
  const body = arp(op, address, target);
  return framed(link, [...body.slice(0, 8), ...link.src, ...body.slice(14)], 0x0806);
}

/** Some other IPv4 traffic: UDP from 4000 to 53. */
export function trafficFrame(link: Link, src: number, dst: number): Uint8Array {
  const data = [1, 2, 3, 4];
  return framed(link, datagram({ src, dst, srcPort: 4000, dstPort: 53, id: 7, sum: "good", data }));
}

/** ICMP type 3 that quotes the first 28 bytes of `quoted`, an IPv4 datagram. */
export function unreachableFrame(
  link: Link,
  code: number,
  src: number,
  dst: number,
  quoted: readonly number[],
): Uint8Array {
  const message = [3, code, 0, 0, 0, 0, 0, 0, ...quoted.slice(0, 28)];
  return framed(link, ipv4(message, { protocol: 1, src, dst }));
}

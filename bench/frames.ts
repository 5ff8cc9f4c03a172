import { complement, fold, pseudoHeaderSum, sumIpv4Addresses, sumWords } from "../src/checksum/internet.js";

/** Who sends to whom: hardware addresses by the number that ends them, IPv4 addresses as 32-bit numbers. */
export interface Way {
  readonly from: number;
  readonly to: number;
  readonly source: number;
  readonly destination: number;
  /** 802.1Q identifier; 0: no tag. */
  readonly vlan: number;
}

export const EVERYBODY = -1;
const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;
const TPID = 0x8100;
const TCP = 6;
const UDP = 17;

/** An Ethernet frame with room for its payload, which begins at `next`. */
interface Started {
  readonly frame: Uint8Array;
  readonly view: DataView;
  readonly next: number;
}

/** IEEE 802.3 §3.1; QEMU's addresses, 52:54:00 and a number of 24 bits. */
function ethernet({ from, to, vlan }: Way, etherType: number, payload: number): Started {
  const next = vlan === 0 ? 14 : 18;
  const frame = new Uint8Array(next + payload);
  const view = new DataView(frame.buffer);
  putMac(view, 0, to);
  putMac(view, 6, from);
  if (vlan !== 0) {
    view.setUint16(12, TPID);
    view.setUint16(14, vlan);
  }
  view.setUint16(next - 2, etherType);
  return { frame, view, next };
}

export function putMac(view: DataView, at: number, number: number): void {
  view.setUint16(at, number === EVERYBODY ? 0xffff : 0x5254);
  view.setUint32(at + 2, number === EVERYBODY ? 0xffffffff : number);
}

/** RFC 791 §3.1, with its checksum. */
function ipv4(way: Way, protocol: number, payload: number): Started {
  const { frame, view, next } = ethernet(way, IPV4, 20 + payload);
  view.setUint16(next, 0x4500);
  view.setUint16(next + 2, 20 + payload);
  view.setUint16(next + 6, 0x4000);
  view.setUint16(next + 8, 0x4000 | protocol);
  view.setUint32(next + 12, way.source);
  view.setUint32(next + 16, way.destination);
  view.setUint16(next + 10, complement(sumWords(view, next, next + 20)));
  return { frame, view, next: next + 20 };
}

/** RFC 9293 §3.1, without its checksum: nobody looks at it here. */
export function tcp(way: Way, port: number, payload: Uint8Array): Uint8Array {
  const { frame, view, next } = ipv4(way, TCP, 20 + payload.length);
  view.setUint16(next, port);
  view.setUint16(next + 2, 443);
  view.setUint16(next + 12, 0x5010);
  frame.set(payload, next + 20);
  return frame;
}

export type Checksum = "good" | "partial" | "absent";

/** RFC 768. */
export function udp(way: Way, ports: readonly [number, number], payload: Uint8Array, checksum: Checksum): Uint8Array {
  const length = 8 + payload.length;
  const { frame, view, next } = ipv4(way, UDP, length);
  view.setUint16(next, ports[0]);
  view.setUint16(next + 2, ports[1]);
  view.setUint16(next + 4, length);
  frame.set(payload, next + 8);
  if (checksum === "absent") return frame;
  const pseudoHeader = pseudoHeaderSum(sumIpv4Addresses(way.source, way.destination), UDP, length);
  const whole = fold(pseudoHeader + sumWords(view, next, next + length)) ^ 0xffff;
  view.setUint16(next + 6, checksum === "partial" ? pseudoHeader : whole || 0xffff);
  return frame;
}

/** A request of RFC 826, padded to the shortest Ethernet frame. */
export function arp(way: Way): Uint8Array {
  const { frame, view, next } = ethernet({ ...way, to: EVERYBODY }, ARP, 46);
  view.setUint32(next, 0x00010800);
  view.setUint32(next + 4, 0x06040001);
  putMac(view, next + 8, way.from);
  view.setUint32(next + 14, way.source);
  view.setUint32(next + 24, way.destination);
  return frame;
}

/** RFC 8200 §3 with TCP. */
export function ipv6(way: Way, payload: Uint8Array): Uint8Array {
  const { frame, view, next } = ethernet(way, IPV6, 60 + payload.length);
  view.setUint32(next, 0x60000000);
  view.setUint16(next + 4, 20 + payload.length);
  view.setUint16(next + 6, 0x0640);
  frame.set(payload, next + 60);
  return frame;
}

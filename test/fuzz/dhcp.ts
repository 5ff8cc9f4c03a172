import { concat, viewOf, wordSum } from "./bytes.js";
import type { Random } from "./random.js";

/** One BOOTP message with its options still as one run of bytes. */
export interface Bootp {
  readonly op: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: number;
  readonly yiaddr: number;
  readonly giaddr: number;
  readonly chaddr: Uint8Array;
  readonly sname: Uint8Array;
  readonly file: Uint8Array;
  readonly cookie: number;
  readonly options: Uint8Array;
}

export function bootpBytes(message: Bootp): Uint8Array {
  const bytes = new Uint8Array(240 + message.options.length);
  const view = viewOf(bytes);
  view.setUint8(0, message.op);
  view.setUint8(1, 1);
  view.setUint8(2, message.hlen);
  view.setUint8(3, message.hops);
  view.setUint32(4, message.xid);
  view.setUint16(8, message.secs);
  view.setUint16(10, message.flags);
  view.setUint32(12, message.ciaddr);
  view.setUint32(16, message.yiaddr);
  view.setUint32(24, message.giaddr);
  bytes.set(message.chaddr.subarray(0, 16), 28);
  bytes.set(message.sname.subarray(0, 64), 44);
  bytes.set(message.file.subarray(0, 128), 108);
  view.setUint32(236, message.cookie);
  bytes.set(message.options, 240);
  return bytes;
}

export interface Envelope {
  readonly srcMac: number;
  readonly dstMac: number;
  readonly vlan: readonly number[];
  readonly src: number;
  readonly dst: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly id: number;
  /** 4-octet words of IP options, all NOP. */
  readonly ipOptions: number;
  readonly sum: "good" | "partial" | "absent" | "random";
}

const ETHERNET = 14;

/** Ethernet, tags, IPv4, UDP and the payload, with the checksum that was asked for. */
export function datagramFrame(random: Random, envelope: Envelope, payload: Uint8Array): Uint8Array {
  const ip = ETHERNET + 4 * envelope.vlan.length;
  const udp = ip + 20 + 4 * envelope.ipOptions;
  const bytes = new Uint8Array(udp + 8 + payload.length);
  const view = viewOf(bytes);
  writeLink(view, envelope, 0x0800);
  bytes[ip] = 0x45 + envelope.ipOptions;
  view.setUint16(ip + 2, bytes.length - ip);
  view.setUint16(ip + 4, envelope.id);
  bytes.set([64, 17], ip + 8);
  view.setUint32(ip + 12, envelope.src);
  view.setUint32(ip + 16, envelope.dst);
  bytes.fill(1, ip + 20, udp);
  view.setUint16(ip + 10, 0xffff - wordSum(bytes, ip, udp));
  view.setUint16(udp, envelope.srcPort);
  view.setUint16(udp + 2, envelope.dstPort);
  view.setUint16(udp + 4, 8 + payload.length);
  bytes.set(payload, udp + 8);
  const pseudo = wordSum(bytes, ip + 12, ip + 20, 17 + 8 + payload.length);
  view.setUint16(udp + 6, storedSum(random, envelope.sum, pseudo, wordSum(bytes, udp, bytes.length, pseudo)));
  return bytes;
}

function storedSum(random: Random, sum: Envelope["sum"], pseudo: number, whole: number): number {
  switch (sum) {
    case "good":
      return 0xffff - whole || 0xffff;
    case "partial":
      return pseudo;
    case "absent":
      return 0;
    case "random":
      return random.below(0x1_0000);
  }
}

function writeLink(view: DataView, { srcMac, dstMac, vlan }: Envelope, etherType: number): void {
  [dstMac, srcMac].forEach((mac, index) => {
    view.setUint16(6 * index, Math.floor(mac / 0x1_0000_0000));
    view.setUint32(6 * index + 2, mac % 0x1_0000_0000);
  });
  vlan.forEach((tag, index) => {
    view.setUint16(12 + 4 * index, vlan.length > 1 && index === 0 ? 0x88a8 : 0x8100);
    view.setUint16(14 + 4 * index, tag);
  });
  view.setUint16(12 + 4 * vlan.length, etherType);
}

/** An ARP of the envelope's sender about its source address. */
export function arpFrame(envelope: Envelope, op: number): Uint8Array {
  const bytes = new Uint8Array(ETHERNET + 4 * envelope.vlan.length + 28);
  const view = viewOf(bytes);
  const at = bytes.length - 28;
  writeLink(view, envelope, 0x0806);
  bytes.set([0, 1, 8, 0, 6, 4, 0, op], at);
  bytes.copyWithin(at + 8, 6, 12);
  view.setUint32(at + 14, envelope.src);
  view.setUint32(at + 24, envelope.dst);
  return bytes;
}

/** An ICMP error of the receiver of `frame` (made by datagramFrame with the same envelope) that quotes it. */
export function unreachableFrame(envelope: Envelope, frame: Uint8Array, code: number): Uint8Array {
  const ip = ETHERNET + 4 * envelope.vlan.length;
  const quoted = frame.subarray(ip, ip + 28 + 4 * envelope.ipOptions);
  const header = new Uint8Array(ip + 28);
  const view = viewOf(header);
  writeLink(view, { ...envelope, srcMac: envelope.dstMac, dstMac: envelope.srcMac }, 0x0800);
  header[ip] = 0x45;
  view.setUint16(ip + 2, 28 + quoted.length);
  header.set([64, 1], ip + 8);
  view.setUint32(ip + 12, envelope.dst);
  view.setUint32(ip + 16, envelope.src);
  header.set([3, code], ip + 20);
  return concat([header, quoted]);
}

import { readMac } from "./addresses.js";

/** ARP for IPv4 over Ethernet, RFC 826. */
export interface Arp {
  /** 1 request, 2 reply. */
  readonly op: number;
  /** 48 bits as a number; this and the addresses in network order. */
  readonly senderMac: number;
  readonly senderIp: number;
  readonly targetIp: number;
}

/*
 *   0  hardware type, 1 Ethernet
 *   2  protocol type, 0x0800 IPv4
 *   4  hardware length 6, protocol length 4
 *   6  operation
 *   8  sender hardware address, 6
 *  14  sender protocol address, 4
 *  18  target hardware address, 6
 *  24  target protocol address, 4
 */
const ARP_LENGTH = 28;

/** The ARP message at `offset`, of which the bytes up to `end` are at hand; null if it is cut, or not IPv4 over Ethernet. */
export function decodeArp(view: DataView, offset: number, end: number): Arp | null {
  if (offset + ARP_LENGTH > end) return null;
  if (view.getUint32(offset) !== 0x0001_0800 || view.getUint16(offset + 4) !== 0x0604) return null;
  return {
    op: view.getUint16(offset + 6),
    senderMac: readMac(view, offset + 8),
    senderIp: view.getUint32(offset + 14),
    targetIp: view.getUint32(offset + 24),
  };
}

/** Where they stand in the message. */
export const SENDER_IP = 14;
export const TARGET_IP = 24;

/** One IPv4 address of the ARP message at `offset`, without a look at the rest; 0 if it is cut off. */
export function arpAddress(view: DataView, offset: number, end: number, whose: "sender" | "target"): number {
  return offset < 0 || offset + ARP_LENGTH > end
    ? 0
    : view.getUint32(offset + (whose === "sender" ? SENDER_IP : TARGET_IP));
}

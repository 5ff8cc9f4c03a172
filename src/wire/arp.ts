import { readMac } from "./addresses.js";
import { EtherType, etherTypeOffset } from "./ethernet.js";

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

/** The ARP message of the Ethernet frame at `offset`; null if it is cut, or not IPv4 over Ethernet. */
export function decodeArp(view: DataView, offset: number, captured: number): Arp | null {
  const at = etherTypeOffset(view, offset, captured);
  if (at < 0 || view.getUint16(at) !== EtherType.ARP) return null;
  const arp = at + 2;
  if (arp + ARP_LENGTH > offset + captured) return null;
  if (view.getUint32(arp) !== 0x0001_0800 || view.getUint16(arp + 4) !== 0x0604) return null;
  return {
    op: view.getUint16(arp + 6),
    senderMac: readMac(view, arp + 8),
    senderIp: view.getUint32(arp + 14),
    targetIp: view.getUint32(arp + 24),
  };
}

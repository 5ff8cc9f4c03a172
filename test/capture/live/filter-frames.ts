import { arp, bootp, CLIENT, ethernet, ipv4, SERVER, u16, udp, zeros } from "../../wire/packets.js";

/** Frames that a capture needs or does not, for tests of the filter in a file and on a wire. */
export interface FilterCase {
  readonly what: string;
  readonly wanted: boolean;
  readonly bytes: Uint8Array;
}

interface Payload {
  readonly what: string;
  readonly wanted: boolean;
  readonly etherType?: number;
  readonly bytes: readonly number[];
}

const ROUTER_ALERT = [0x94, 4, 0, 0];
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ARP = 0x0806;
const MORE = 0x2000;

const data = zeros(40);
/** A datagram that cannot be delivered, as far as an ICMP error returns it. */
const returned = ipv4(udp(bootp())).slice(0, 28);
const refused = [3, 3, 0, 0, 0, 0, 0, 0];

const payloads: readonly Payload[] = [
  { what: "a reply", wanted: true, bytes: ipv4(udp(bootp())) },
  { what: "a request", wanted: true, bytes: ipv4(udp(bootp({ op: 1 }), { src: 68, dst: 67 })) },
  { what: "a reply behind IP options", wanted: true, bytes: ipv4(udp(bootp()), { options: ROUTER_ALERT }) },
  { what: "a request to a PXE server", wanted: true, bytes: ipv4(udp(bootp({ op: 1 }), { src: 68, dst: 4011 })) },
  { what: "a reply between relays", wanted: true, bytes: ipv4(udp(bootp(), { src: 67, dst: 67 })) },
  { what: "a first fragment", wanted: true, bytes: ipv4(udp(bootp()).slice(0, 104), { fragment: MORE }) },
  { what: "the end of a datagram of 1500 bytes", wanted: true, bytes: ipv4(data, { fragment: 185 }) },
  { what: "a part in the middle, of a short link", wanted: true, bytes: ipv4(data, { fragment: MORE | 69 }) },
  { what: "a part in the middle, of a file server's", wanted: false, bytes: ipv4(data, { fragment: MORE | 185 }) },
  { what: "the end of a file server's datagram", wanted: false, bytes: ipv4(data, { fragment: 3885 }) },
  { what: "a fragment of TCP", wanted: false, bytes: ipv4(data, { fragment: 185, protocol: 6 }) },
  { what: "port unreachable", wanted: true, bytes: ipv4([...refused, ...returned], { protocol: 1 }) },
  {
    what: "unreachable, of TCP",
    wanted: false,
    bytes: ipv4([...refused, ...ipv4(data, { protocol: 6 })], { protocol: 1 }),
  },
  { what: "an echo request", wanted: false, bytes: ipv4([8, 0, 0, 0, 0, 1, 0, 1, ...data], { protocol: 1 }) },
  { what: "DNS", wanted: false, bytes: ipv4(udp(data, { src: 4000, dst: 53 })) },
  { what: "TCP with a port 67", wanted: false, bytes: ipv4([...u16(67), ...u16(68), ...data], { protocol: 6 }) },
  { what: "ARP", wanted: true, etherType: ARP, bytes: arp(1, CLIENT, SERVER) },
  { what: "DHCPv6", wanted: true, etherType: IPV6, bytes: ipv6(17, udp(data, { src: 546, dst: 547 })) },
  { what: "neighbour solicitation", wanted: true, etherType: IPV6, bytes: ipv6(58, [135, 0, ...data]) },
  { what: "an echo request of IPv6", wanted: false, etherType: IPV6, bytes: ipv6(58, [128, 0, ...data]) },
  { what: "DNS over IPv6", wanted: false, etherType: IPV6, bytes: ipv6(17, udp(data, { src: 4000, dst: 53 })) },
  { what: "LLDP", wanted: false, etherType: 0x88cc, bytes: data },
];

/** VLAN tags as pairs of TPID and tag control information, outermost first. */
export type Tags = readonly (readonly [number, number])[];

export const TAGGINGS: readonly (readonly [string, Tags])[] = [
  ["untagged", []],
  ["802.1Q", [[0x8100, 0x2064]]],
  ["802.1ad", [[0x88a8, 100]]],
  ["QinQ", [[0x88a8, 100], [0x8100, 7]]], // prettier-ignore
  ["two of 802.1Q", [[0x8100, 100], [0x8100, 7]]], // prettier-ignore
];

export function filterCases(tags: Tags): FilterCase[] {
  return payloads.map(({ what, wanted, etherType = IPV4, bytes }) => ({
    what,
    wanted,
    bytes: ethernet(bytes, etherType, tags),
  }));
}

function ipv6(next: number, payload: readonly number[]): number[] {
  return [0x60, 0, 0, 0, ...u16(payload.length), next, 64, ...zeros(32), ...payload];
}

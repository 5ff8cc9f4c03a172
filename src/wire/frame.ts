import type { DhcpMessage } from "./dhcp.js";
import type { Stopped } from "./stopped.js";

export type { Stopped } from "./stopped.js";

export interface LinkHeader {
  /** 48 bits as a number, network order: 52:54:00:12:65:64 is 0x525400126564; null where the link layer shows none. */
  readonly src: number | null;
  readonly dst: number | null;
  /** VLAN identifiers, outermost first (802.1ad, then 802.1Q). */
  readonly vlan: readonly number[];
}

export interface Ipv4Header {
  readonly offset: number;
  /** Bytes, options included. */
  readonly headerLength: number;
  readonly totalLength: number;
  readonly id: number;
  readonly ttl: number;
  readonly protocol: number;
  /** Bytes from the start of the datagram. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** IPv4 addresses are unsigned 32-bit numbers, network order: 10.8.12.1 is 0x0a080c01. */
  readonly src: number;
  readonly dst: number;
  readonly storedChecksum: number;
}

export interface UdpHeader {
  readonly offset: number;
  readonly src: number;
  readonly dst: number;
  /** As stored: header and data. */
  readonly length: number;
  readonly storedChecksum: number;
}

/** How a datagram that came in pieces was put together. */
export interface Reassembled {
  /** Fragments that came, repeated ones included. */
  readonly fragments: number;
  /** Some of them said different things of the same bytes, or overlapped: what came first was kept. */
  readonly overlapped: boolean;
}

/** A frame that carries DHCP, BOOTP or what is left of it: every layer that could be read, and where reading ended. */
export interface Frame {
  /** The captured bytes from the link header on; ours to keep. */
  readonly bytes: Uint8Array;
  /** Length on the wire; more than `bytes.length` if the capture was cut by its snapshot length. */
  readonly original: number;
  readonly link: LinkHeader | null;
  readonly ip: Ipv4Header | null;
  readonly udp: UdpHeader | null;
  readonly dhcp: DhcpMessage | null;
  readonly stopped: Stopped | null;
  /**
   * Null: the frame came as it is. Else its bytes are made up: the link header of the frame that completed the datagram,
   * the IPv4 header of the first fragment without fragmentation, and the payload of all.
   */
  readonly reassembled: Reassembled | null;
}

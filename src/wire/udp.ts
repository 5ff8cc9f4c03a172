import type { UdpHeader } from "./frame.js";
import type { Stopped } from "./stopped.js";

/*
 * UDP, RFC 768, big-endian:
 *
 *   0  source port
 *   2  destination port
 *   4  length of header and data
 *   6  checksum
 */
export const UDP_HEADER = 8;

const SERVER = 67;
const CLIENT = 68;
const PXE = 4011;

/** BOOTP server and client (RFC 951), and the port of PXE boot servers, which speak DHCP as well. */
export const DHCP_PORTS: readonly number[] = [SERVER, CLIENT, PXE];

export function isDhcpPort(port: number): boolean {
  return port === SERVER || port === CLIENT || port === PXE;
}

export interface DecodedUdp {
  readonly udp: UdpHeader | null;
  /** Where the data ends: by the UDP length, or with the IP payload or the bytes at hand if they end first. */
  readonly end: number;
  readonly stopped: Stopped | null;
}

/** The UDP header at `offset`, in an IP payload of which the bytes up to `end` are at hand. */
export function decodeUdp(view: DataView, offset: number, end: number): DecodedUdp {
  const had = end - offset;
  if (had < UDP_HEADER) return { udp: null, end, stopped: { layer: "udp", offset: end, needed: UDP_HEADER, had } };
  const length = view.getUint16(offset + 4);
  const udp: UdpHeader = {
    offset,
    src: view.getUint16(offset),
    dst: view.getUint16(offset + 2),
    length,
    storedChecksum: view.getUint16(offset + 6),
  };
  if (length < UDP_HEADER) {
    return {
      udp,
      end: offset + UDP_HEADER,
      stopped: { layer: "udp", offset: offset + length, needed: UDP_HEADER, had: length },
    };
  }
  if (length <= had) return { udp, end: offset + length, stopped: null };
  return { udp, end, stopped: { layer: "udp", offset: end, needed: length, had } };
}

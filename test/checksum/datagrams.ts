import { decodeEthernet } from "../../src/wire/decode.js";
import type { Frame } from "../../src/wire/frame.js";
import { bootp, CLIENT, END, ethernet, ipv4, option, SERVER, udp, u16, u32 } from "../wire/packets.js";
import type { IpFields, UdpFields } from "../wire/packets.js";
import { slowChecksum, slowSum } from "./reference.js";

/** The pseudo-header of RFC 768 for a datagram between two addresses. */
export function pseudoHeader(length: number, src = SERVER, dst = CLIENT): number[] {
  return [...u32(src), ...u32(dst), 0, 17, ...u16(length)];
}

/** What CHECKSUM_PARTIAL leaves in the field. */
export function partialSum(length: number, src = SERVER, dst = CLIENT): number {
  return slowSum(pseudoHeader(length, src, dst));
}

/** The right checksum of a datagram whose field is 0. */
export function rightChecksum(datagram: readonly number[], src = SERVER, dst = CLIENT): number {
  return slowChecksum([...pseudoHeader(datagram.length, src, dst), ...datagram]) || 0xffff;
}

/** An ACK's data; `message` in option 56 makes it as long and as odd as wanted. */
export function ack(message: readonly number[] = []): number[] {
  return bootp({}, [...option(53, [5]), ...option(51, [0, 0, 0, 120]), ...option(56, message), END]);
}

/** The frame of a datagram with this value in its checksum field. */
export function frameWith(
  checksum: number,
  data: readonly number[] = ack(),
  udpFields: UdpFields = {},
  ip: IpFields = {},
): Frame {
  const bytes = ethernet(ipv4(udp(data, { ...udpFields, checksum }), ip));
  return decodeEthernet(bytes, bytes.length);
}

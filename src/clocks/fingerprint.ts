import { EtherType } from "../wire/ether-type.js";
import { IpProtocol, IPV4_HEADER } from "../wire/ipv4.js";
import type { LinkLayer } from "../wire/link-layer.js";
import { UDP_HEADER } from "../wire/udp.js";

/** Two numbers by which one DHCP message is known again in another capture; whole numbers below 2^53, spread evenly. */
export interface Fingerprints {
  /** Of the datagram: addresses, IP id and payload. Null: it was not captured whole. */
  readonly exact: number | null;
  /** Of what stays when a relay passes the message on. */
  readonly loose: number;
  /** The IP id is not 0: no other datagram is like this one. Raw sockets often send 0, also in what they send again. */
  readonly unique: boolean;
  readonly fromClient: boolean;
}

/** Up to the end of chaddr's six bytes. */
const BOOTP_START = 34;
const OPTIONS = 240;
const MESSAGE_TYPE = 53;
const BOOTREQUEST = 1;

/**
 * The fingerprints of a frame that `skim` takes for DHCP; null where too little of it was captured.
 *
 * @param offset where the frame begins in `bytes` and `view`, which are the same memory
 * @param captured bytes present
 */
export function fingerprintsOf(
  layer: LinkLayer,
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  captured: number,
): Fingerprints | null {
  const end = offset + captured;
  const ip = layer.find(view, offset, captured, EtherType.IPV4);
  if (ip < 0 || ip + IPV4_HEADER > end || bytes[ip + 9] !== IpProtocol.UDP) return null;
  const udp = ip + ((bytes[ip] ?? 0) & 0x0f) * 4;
  const data = udp + UDP_HEADER;
  if (data + BOOTP_START > end) return null;
  const dataEnd = udp + view.getUint16(udp + 4);
  const sums = new Sums();
  sums.add(bytes, data, 1);
  sums.add(bytes, data + 4, 6); // xid, secs; flags may be rewritten
  sums.add(bytes, data + 12, 8); // ciaddr, yiaddr
  sums.add(bytes, data + 28, 6); // chaddr
  if (data + OPTIONS + 3 <= end && bytes[data + OPTIONS] === MESSAGE_TYPE) sums.add(bytes, data + OPTIONS + 2, 1);
  const loose = sums.value(LOOSE);
  const fromClient = bytes[data] === BOOTREQUEST;
  const id = view.getUint16(ip + 4);
  if (dataEnd > end || dataEnd < data + BOOTP_START) return { exact: null, loose, unique: false, fromClient };
  const whole = new Sums();
  whole.add(bytes, ip + 4, 2);
  whole.add(bytes, ip + 12, 8);
  whole.add(bytes, data, dataEnd - data);
  return { exact: whole.value(EXACT), loose, unique: id !== 0, fromClient };
}

const LOOSE = 0x6c6f6f73;
const EXACT = 0x65786163;

/** A hash of 53 bits (cyrb53, public domain): two multiplicative sums of 32 bits, mixed with each other at the end. */
class Sums {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  add(bytes: Uint8Array, from: number, length: number): void {
    let [a, b] = [this.#a, this.#b];
    for (let index = from; index < from + length; index += 1) {
      const byte = bytes[index] ?? 0;
      a = Math.imul(a ^ byte, 2_654_435_761);
      b = Math.imul(b ^ byte, 1_597_334_677);
    }
    [this.#a, this.#b] = [a, b];
  }

  /** @param kind tells fingerprints of different kinds apart */
  value(kind: number): number {
    let [a, b] = [this.#a ^ kind, this.#b ^ kind];
    a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
    b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
    return 0x1_0000_0000 * (b & 0x1f_ffff) + (a >>> 0);
  }
}

import { readMac } from "./addresses.js";
import type { DecodedLink, LinkLayer } from "./link-layer.js";
import type { Stopped } from "./stopped.js";
import { decodeTags, foldTags, payloadBehindTags } from "./vlan.js";

/*
 * IEEE 802.11 data frames, §9.3.2.1, LINKTYPE_IEEE802_11 (105); numbers are little-endian:
 *
 *   0  frame control: version (bits 0-1), type (2-3; data is 2), subtype (4-7; bit 6 no data, bit 7 QoS)
 *   1  flags: to DS 0x01, from DS 0x02, protected 0x40, +HTC (of QoS frames) 0x80
 *   2  duration
 *   4  address 1, 2 and 3, 6 octets each
 *  22  sequence control: number of the fragment (low 4 bits)
 *  24  address 4, if both to DS and from DS
 *   …  QoS control, 2 octets, of QoS subtypes: bit 7 A-MSDU
 *   …  HT control, 4 octets, of QoS subtypes with +HTC
 *   …  LLC and SNAP: AA AA 03, 00 00 00 (RFC 1042) or 00 00 F8 (802.1H), EtherType, big-endian
 *
 * A frame check sequence may follow; the lengths of IP and UDP keep it out.
 */
const HEADER = 24;
const ADDRESS_1 = 4;
const ADDRESS_2 = 10;
const ADDRESS_3 = 16;
const ADDRESS_4 = 24;
const SEQUENCE_CONTROL = 22;
const MAC = 6;
const QOS_CONTROL = 2;
const HT_CONTROL = 4;
const LLC_SNAP = 8;

const TO_DS = 0x01;
const FROM_DS = 0x02;
const PROTECTED = 0x40;
const HTC = 0x80;
const QOS = 0x80;
const A_MSDU = 0x80;

/** A frame of type data, version 0, that has a payload, and all of the addresses that every data frame has. */
function isData(view: DataView, offset: number, captured: number): boolean {
  return captured >= HEADER && (view.getUint8(offset) & 0x4f) === 0x08;
}

function isBetweenStations(flags: number): boolean {
  return (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS);
}

/** Where the LLC header begins, be it beyond the end; -1 for what shows none: encrypted, aggregated, a later fragment, or no data. */
function llcOffset(view: DataView, offset: number, captured: number): number {
  if (!isData(view, offset, captured)) return -1;
  const flags = view.getUint8(offset + 1);
  const isLater = (view.getUint16(offset + SEQUENCE_CONTROL, true) & 0x0f) !== 0;
  if ((flags & PROTECTED) !== 0 || isLater) return -1;
  const fixed = HEADER + (isBetweenStations(flags) ? MAC : 0);
  if ((view.getUint8(offset) & QOS) === 0) return offset + fixed;
  if (captured > fixed && (view.getUint8(offset + fixed) & A_MSDU) !== 0) return -1;
  return offset + fixed + QOS_CONTROL + ((flags & HTC) !== 0 ? HT_CONTROL : 0);
}

/** The EtherType behind LLC and SNAP at `llc`; 0: another LLC, or cut. */
function etherTypeAt(view: DataView, llc: number, end: number): number {
  if (llc < 0 || llc + LLC_SNAP > end || view.getUint16(llc) !== 0xaaaa) return 0;
  const controlAndOui = view.getUint32(llc + 2);
  return controlAndOui === 0x0300_0000 || controlAndOui === 0x0300_00f8 ? view.getUint16(llc + 6) : 0;
}

function destinationOffset(flags: number): number {
  return (flags & TO_DS) === 0 ? ADDRESS_1 : ADDRESS_3;
}

/** The sender, not the access point that repeats it: §9.3.2.1.2, table of the address fields of data frames. */
function sourceOffset(flags: number): number {
  if ((flags & FROM_DS) === 0) return ADDRESS_2;
  return (flags & TO_DS) === 0 ? ADDRESS_3 : ADDRESS_4;
}

/** A header before that of 802.11. */
export interface Preamble {
  /** How long the one at `offset` is; -1 if it is none, or is cut. */
  readonly length: (view: DataView, offset: number, captured: number) => number;
  /** Why the one at 0 has no length. */
  readonly stopped: (view: DataView) => Stopped;
  /** Octets that it says are between an 802.11 header of this length and the LLC header. */
  readonly padding: (view: DataView, offset: number, headerLength: number) => number;
}

export function ieee80211(preamble: Preamble): LinkLayer {
  /** Where LLC begins, or -1. */
  function llcOf(view: DataView, offset: number, captured: number): number {
    const before = preamble.length(view, offset, captured);
    if (before < 0) return -1;
    const llc = llcOffset(view, offset + before, captured - before);
    return llc < 0 ? -1 : llc + preamble.padding(view, offset, llc - offset - before);
  }

  return {
    find: (view, offset, captured, etherType) => {
      const llc = llcOf(view, offset, captured);
      const end = offset + captured;
      return payloadBehindTags(view, etherTypeAt(view, llc, end), llc + LLC_SNAP, end, etherType);
    },
    tags: (view, offset, captured) => {
      const llc = llcOf(view, offset, captured);
      const end = offset + captured;
      return foldTags(view, etherTypeAt(view, llc, end), llc + LLC_SNAP, end);
    },
    source: (view, offset, captured) => {
      const before = preamble.length(view, offset, captured);
      if (before < 0 || !isData(view, offset + before, captured - before)) return -1;
      const at = sourceOffset(view.getUint8(offset + before + 1));
      return before + at + MAC <= captured ? offset + before + at : -1;
    },
    vantage: null,
    decode: (view) => {
      const before = preamble.length(view, 0, view.byteLength);
      if (before >= 0) return decode(view, before, llcOf(view, 0, view.byteLength));
      return { link: null, etherType: 0, next: view.byteLength, stopped: preamble.stopped(view) };
    },
  };
}

/** The header at `before` of the frame that begins at 0 of `view`, and what stands behind the LLC header at `llc`. */
function decode(view: DataView, before: number, llc: number): DecodedLink {
  const length = view.byteLength;
  if (length < before + HEADER) {
    const stopped = { layer: "ieee802.11", offset: length, needed: HEADER, had: length - before };
    return { link: null, etherType: 0, next: length, stopped };
  }
  const flags = view.getUint8(before + 1);
  const source = before + sourceOffset(flags);
  const src = source + MAC <= length ? readMac(view, source) : null;
  const addresses = { src, dst: readMac(view, before + destinationOffset(flags)) };
  if (llc + LLC_SNAP > length) {
    const stopped = { layer: "llc", offset: length, needed: LLC_SNAP, had: Math.max(length - llc, 0) };
    return { link: { ...addresses, vlan: [] }, etherType: 0, next: length, stopped };
  }
  return decodeTags(view, etherTypeAt(view, llc, length), llc < 0 ? before + HEADER : llc + LLC_SNAP, addresses);
}

export const IEEE_802_11: LinkLayer = ieee80211({
  length: () => 0,
  stopped: () => ({ layer: "ieee802.11", offset: 0, needed: 0, had: 0 }),
  padding: () => 0,
});

import { ieee80211 } from "./ieee80211.js";
import type { LinkLayer } from "./link-layer.js";
import type { Stopped } from "./stopped.js";

/*
 * Radiotap, LINKTYPE_IEEE802_11_RADIOTAP (127), little-endian; an 802.11 frame follows (radiotap.org):
 *
 *   0  version, 0
 *   2  length of this header
 *   4  which fields are present, 32 bits: TSFT (bit 0), flags (bit 1), …; bit 31: 32 more bits follow
 *   8  the fields in the order of their bits, each on a boundary of its own size: TSFT is of 8 octets, flags of 1
 */
const FIXED = 8;
const LENGTH = 2;
const PRESENT = 4;

const TSFT = 0x1;
const FLAGS = 0x2;
const MORE = 0x8000_0000;

/** In the flags: the 802.11 header is padded to 32 bits. */
const DATA_PAD = 0x20;

/** The length of the radiotap header at `offset`; -1 if it is none, or is cut. */
function lengthOf(view: DataView, offset: number, captured: number): number {
  if (captured < FIXED || view.getUint8(offset) !== 0) return -1;
  const length = view.getUint16(offset + LENGTH, true);
  return length >= FIXED && length <= captured ? length : -1;
}

/** The flags of a header that is there in full; 0 where it has none. */
function flagsOf(view: DataView, offset: number): number {
  const present = view.getUint32(offset + PRESENT, true);
  if ((present & FLAGS) === 0) return 0;
  const end = view.getUint16(offset + LENGTH, true);
  let at = PRESENT + 4;
  for (let word = present; word >= MORE && at + 4 <= end; at += 4) word = view.getUint32(offset + at, true);
  if ((present & TSFT) !== 0) at = ((at + 7) & ~7) + 8;
  return at < end ? view.getUint8(offset + at) : 0;
}

/** What keeps the LLC header on a boundary of 4 octets behind an 802.11 header of this length. */
function padding(view: DataView, offset: number, length: number): number {
  return (flagsOf(view, offset) & DATA_PAD) === 0 ? 0 : -length & 3;
}

function stopped(view: DataView): Stopped {
  const had = view.byteLength;
  if (had > 0 && view.getUint8(0) !== 0) return { layer: "radiotap", offset: 0, needed: 0, had: 0 };
  const length = had < PRESENT ? FIXED : view.getUint16(LENGTH, true);
  // A length below that of the fixed part is too short whatever there is.
  if (length < FIXED && had >= FIXED) return { layer: "radiotap", offset: length, needed: FIXED, had: length };
  return { layer: "radiotap", offset: had, needed: Math.max(length, FIXED), had };
}

export const RADIOTAP: LinkLayer = ieee80211({ length: lengthOf, stopped, padding });

import { viewOf } from "./bytes.js";

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LITTLE_MAGICS = [0xd4c3b2a1, 0x4d3cb2a1];

/** Where the records of a pcap file, or the blocks of a pcapng file, begin, as far as their lengths can be believed. */
export function recordStarts(bytes: Uint8Array): number[] {
  if (bytes.length < 24) return [];
  const view = viewOf(bytes);
  return view.getUint32(0) === SECTION_HEADER ? blockStarts(view) : pcapStarts(view);
}

function pcapStarts(view: DataView): number[] {
  const littleEndian = LITTLE_MAGICS.includes(view.getUint32(0));
  const starts: number[] = [];
  for (let at = 24; at + 16 <= view.byteLength; at += 16 + view.getUint32(at + 8, littleEndian)) starts.push(at);
  return starts;
}

function blockStarts(view: DataView): number[] {
  const littleEndian = view.getUint32(8, true) === BYTE_ORDER_MAGIC;
  const starts: number[] = [];
  for (let at = 0; at + 12 <= view.byteLength;) {
    starts.push(at);
    const total = view.getUint32(at + 4, littleEndian);
    if (total < 12) break;
    at += total;
  }
  return starts;
}

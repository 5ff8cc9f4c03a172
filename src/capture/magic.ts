// How captures begin: the magic numbers of pcap, as libpcap's sf-pcap.c knows them, of pcapng, and of snoop.
export const MICROSECONDS = 0xa1b2c3d4;
export const NANOSECONDS = 0xa1b23c4d;
/** Written by Alexey Kuznetzov's libpcap, whose record headers are longer. */
export const KUZNETZOV = 0xa1b2cd34;

/** The type of a pcapng Section Header Block, the same in both byte orders (draft-ietf-opsawg-pcapng section 4.1). */
export const SECTION_HEADER = 0x0a0d0d0a;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** RFC 1761: "snoop" and three zeros, a version, a datalink type, 32 bits each in network order. */
export const SNOOP = [0x736e6f6f, 0x70000000] as const;
const SNOOP_MAGIC_BYTES = 8;
export const SNOOP_HEADER_BYTES = 16;
export const SNOOP_VERSION = 2;

/** Length of a pcap file header (draft-ietf-opsawg-pcap section 4), and what of it tells that it is one. */
export const FILE_HEADER_BYTES = 24;
const MAJOR_VERSION = 4;
const MINOR_VERSION = 6;
const SNAP_LENGTH = 16;
/** Of a section header: type, length, byte-order magic. */
const SECTION_START_BYTES = 12;

/** Bytes that tell the format of a capture. */
export const MAGIC_BYTES = 4;

export function isPcapMagic(magic: number): boolean {
  return magic === MICROSECONDS || magic === NANOSECONDS || magic === KUZNETZOV;
}

/** Whether a pcap of that version is one that libpcap reads: 2.0 to 2.4, and what DG/UX wrote. */
export function isPcapVersion(major: number, minor: number): boolean {
  return (major === 2 && minor <= 4) || (major === 543 && minor === 0);
}

/** Whether these four bytes begin a pcap file, of either byte order. */
export function startsPcap(view: DataView, offset: number): boolean {
  return isPcapMagic(view.getUint32(offset, true)) || isPcapMagic(view.getUint32(offset, false));
}

/** Whether these four bytes may begin a pcapng file. */
export function startsPcapng(view: DataView, offset: number): boolean {
  return view.getUint32(offset) === SECTION_HEADER;
}

/** Whether a snoop file begins here; with fewer bytes than its magic number has it is not told. */
export function startsSnoop(view: DataView, offset: number, end: number): boolean {
  if (end - offset < SNOOP_MAGIC_BYTES) return false;
  return view.getUint32(offset) === SNOOP[0] && view.getUint32(offset + 4) === SNOOP[1];
}

/** What can be said of bytes that may be a capture file's first. */
export const Start = { NO: 0, YES: 1, MORE: 2 } as const;
export type Start = (typeof Start)[keyof typeof Start];

/**
 * Whether another capture file begins here, within a stream: told by more than its magic number, which four bytes of
 * anything may be.
 *
 * @param end where the bytes end that are there
 * @returns MORE if that takes bytes beyond `end`, up to FILE_HEADER_BYTES from `offset`
 */
export function captureStart(view: DataView, offset: number, end: number): Start {
  const there = end - offset;
  if (there < MAGIC_BYTES) return Start.NO;
  if (startsPcapng(view, offset)) {
    if (there < SECTION_START_BYTES) return Start.MORE;
    const magic = view.getUint32(offset + 8, true);
    return magic === BYTE_ORDER_MAGIC || view.getUint32(offset + 8, false) === BYTE_ORDER_MAGIC ? Start.YES : Start.NO;
  }
  if (view.getUint32(offset) === SNOOP[0]) {
    if (there < SNOOP_HEADER_BYTES) return Start.MORE;
    const sound = startsSnoop(view, offset, end) && view.getUint32(offset + SNOOP_MAGIC_BYTES) === SNOOP_VERSION;
    return sound ? Start.YES : Start.NO;
  }
  if (!startsPcap(view, offset)) return Start.NO;
  if (there < FILE_HEADER_BYTES) return Start.MORE;
  const littleEndian = isPcapMagic(view.getUint32(offset, true));
  const sound =
    isPcapVersion(
      view.getUint16(offset + MAJOR_VERSION, littleEndian),
      view.getUint16(offset + MINOR_VERSION, littleEndian),
    ) && view.getUint32(offset + SNAP_LENGTH, littleEndian) < 0x8000_0000;
  return sound ? Start.YES : Start.NO;
}

import { isPcapMagic, KUZNETZOV, NANOSECONDS } from "./magic.js";
import type { RecordKind } from "./sieve.js";

// draft-ietf-opsawg-pcap section 4: the file header. Its numbers, and those of the records, are in the writer's byte
// order, which shows in the magic number.
const MAJOR_VERSION = 4; // 16 bits
const MINOR_VERSION = 6; // 16 bits
const SNAP_LENGTH = 16; // 32 bits
const LINK_TYPE = 20; // 32 bits: FCS length in the upper 16, LINKTYPE_ value in the lower 16

// Section 5: the header of a packet record, four 32-bit numbers. The frame follows, without padding.
export const RECORD_HEADER_BYTES = 16;
export const SECONDS = 0;
export const CAPTURED = 8;
export const ORIGINAL = 12;
/** Behind the seconds, in all of them. */
export const FRACTION = 4;
/** Interface index, protocol, packet type and a byte of padding follow in the modified format. */
const MODIFIED_HEADER_BYTES = 24;
// Libpcaps that were patched in 1999, and one of Nokia, have longer headers than their magic number says.
/** Red Hat 6.1: the modified format, under the usual magic number. */
const RED_HAT_HEADER_BYTES = MODIFIED_HEADER_BYTES;
const NOKIA_HEADER_BYTES = 20;
/** SuSE 6.3: an earlier modified format, under the same magic number. */
const SUSE_HEADER_BYTES = 28;

/** How the records of one pcap or snoop file are laid out. */
export interface PcapLayout {
  readonly littleEndian: boolean;
  readonly unitsPerSecond: number;
  readonly nanosPerUnit: number;
  readonly digits: 6 | 9;
  readonly headerBytes: number;
  /** What else it may be; the records tell. */
  readonly patchedHeaderBytes: readonly number[];
  /** Where seconds stand; their fraction follows them. */
  readonly secondsAt: number;
  /** Where in a record header the two lengths stand; they were interchanged at version 2.3. */
  readonly capturedAt: number;
  readonly originalAt: number;
  /** Version 2.3 says one order and some of its writers kept the other: the smaller one is the captured one. */
  readonly mayBeSwapped: boolean;
  /** A mask: frames are filled up to a multiple of four (3), or not (0). */
  readonly padding: 0 | 3;
  /** 0: not told. */
  readonly snapLength: number;
  readonly linkType: number;
}

/**
 * Reads a file header. What libpcap reads is read: versions 2.0 to 2.4, 543.0 of DG/UX, and Kuznetzov's modified
 * records. Higher minor versions were never written; they are taken for 2.4.
 *
 * @returns a sentence that says what is wrong, where it cannot be read
 */
export function readPcapLayout(view: DataView, start: number): PcapLayout | string {
  const littleEndian = isPcapMagic(view.getUint32(start, true));
  const magic = view.getUint32(start, littleEndian);
  if (!isPcapMagic(magic)) return "This is no pcap file header.";
  const major = view.getUint16(start + MAJOR_VERSION, littleEndian);
  const minor = view.getUint16(start + MINOR_VERSION, littleEndian);
  const dgUx = major === 543 && minor === 0;
  if (major !== 2 && !dgUx) {
    return `This pcap file says that it is of version ${major}.${minor}; only version 2 is known.`;
  }
  const nanoseconds = magic === NANOSECONDS;
  const modified = magic === KUZNETZOV;
  const swapped = dgUx || minor < 3;
  return {
    littleEndian,
    unitsPerSecond: nanoseconds ? 1e9 : 1e6,
    nanosPerUnit: nanoseconds ? 1 : 1e3,
    digits: nanoseconds ? 9 : 6,
    headerBytes: modified ? MODIFIED_HEADER_BYTES : RECORD_HEADER_BYTES,
    patchedHeaderBytes: modified ? [SUSE_HEADER_BYTES] : [RED_HAT_HEADER_BYTES, NOKIA_HEADER_BYTES],
    secondsAt: SECONDS,
    capturedAt: swapped ? ORIGINAL : CAPTURED,
    originalAt: swapped ? CAPTURED : ORIGINAL,
    mayBeSwapped: !dgUx && minor === 3,
    padding: 0,
    snapLength: view.getUint32(start + SNAP_LENGTH, littleEndian),
    linkType: view.getUint32(start + LINK_TYPE, littleEndian) & 0xffff,
  };
}

/**
 * Records for a sieve: as nearly all files have them, in the order of nearly all machines. Null: of another kind.
 *
 * @param most length of a frame, in bytes
 */
export function recordKind(layout: PcapLayout, most: number, interfaceIndex: number): RecordKind | null {
  const { littleEndian, headerBytes, capturedAt, unitsPerSecond, nanosPerUnit } = layout;
  const usual = littleEndian && headerBytes === RECORD_HEADER_BYTES && capturedAt === CAPTURED;
  return usual ? { unitsPerSecond, nanosPerUnit, most, interfaceIndex } : null;
}

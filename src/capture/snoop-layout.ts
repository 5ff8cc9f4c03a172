import { SNOOP_VERSION } from "./magic.js";
import type { PcapLayout } from "./pcap-layout.js";

// RFC 1761, 32-bit numbers in network order. The file header: eight bytes that say "snoop", version, datalink type.
const VERSION = 8;
const DATALINK = 12;

// The header of a record: both lengths, that of the record with its padding, frames dropped so far, seconds, microseconds.
const RECORD_HEADER_BYTES = 24;
const ORIGINAL = 0;
const CAPTURED = 4;
const SECONDS = 16;

/** LINKTYPE_ values of datalink types. The others have none, and hardly ever had a writer. */
const LINK_TYPES = new Map([
  [0, 1], // IEEE 802.3
  [2, 6], // IEEE 802.5, Token Ring
  [4, 1], // Ethernet
  [8, 10], // FDDI
]);

/**
 * Reads the header of a snoop file. But for its layout it is like a pcap file of either byte order.
 *
 * @returns a sentence that says what is wrong, where it cannot be read
 */
export function readSnoopLayout(view: DataView, start: number): PcapLayout | string {
  const version = view.getUint32(start + VERSION);
  if (version !== SNOOP_VERSION) {
    return `This snoop file says that it is of version ${version}; only version ${SNOOP_VERSION} is known.`;
  }
  const datalink = view.getUint32(start + DATALINK);
  const linkType = LINK_TYPES.get(datalink);
  if (linkType === undefined) return `This snoop file is of datalink type ${datalink} (RFC 1761), which is not read.`;
  return {
    littleEndian: false,
    unitsPerSecond: 1e6,
    nanosPerUnit: 1e3,
    digits: 6,
    headerBytes: RECORD_HEADER_BYTES,
    patchedHeaderBytes: [],
    secondsAt: SECONDS,
    capturedAt: CAPTURED,
    originalAt: ORIGINAL,
    mayBeSwapped: false,
    padding: 3,
    snapLength: 0,
    linkType,
  };
}

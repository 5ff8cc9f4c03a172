import { BYTE_ORDER_MAGIC, SECTION_HEADER } from "./magic.js";
import { MAX_FRAME_BYTES } from "./parser.js";

// draft-ietf-opsawg-pcapng section 3.1: every block is type, total length, body, total length again; 32 bits each, in
// the byte order of its section. Section 4 describes the bodies. Offsets below count from the block's type.
export const INTERFACE_DESCRIPTION = 1;
export const PACKET = 2; // obsolete, appendix A
export const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;
const SYSTEMD_JOURNAL = 9;
const DECRYPTION_SECRETS = 10;
const CUSTOM = 0x0bad;
const CUSTOM_NOT_TO_COPY = 0x4000_0bad;

export const TOTAL_LENGTH = 4;
export const BODY = 8;
export const EMPTY_BLOCK_BYTES = 12;

export const SECTION_HEADER_BYTES = 28;
export const INTERFACE_DESCRIPTION_BYTES = 20;
export const SIMPLE_PACKET_BYTES = 16;
export const INTERFACE_STATISTICS_BYTES = 24;
export const ENHANCED_PACKET_BYTES = 32;

// Of an Enhanced Packet Block; the same in a Packet Block, whose interface number has 16 bits.
export const STAMP_HIGH = 12;
export const STAMP_LOW = 16;
export const CAPTURED = 20;
export const ORIGINAL = 24;
export const PACKET_DATA = 28;

/** A block must be read as a whole: the longest frame with 64 KiB of options. */
export const MAX_BLOCK_BYTES = MAX_FRAME_BYTES + 0x1_0000;

/** The shortest block of that type, with its lengths; that of an empty block for types that nobody reads here. */
export function leastBytes(type: number): number {
  switch (type) {
    case ENHANCED_PACKET:
    case PACKET:
      return ENHANCED_PACKET_BYTES;
    case SECTION_HEADER:
      return SECTION_HEADER_BYTES;
    case INTERFACE_DESCRIPTION:
      return INTERFACE_DESCRIPTION_BYTES;
    case SIMPLE_PACKET:
      return SIMPLE_PACKET_BYTES;
    case INTERFACE_STATISTICS:
      return INTERFACE_STATISTICS_BYTES;
    default:
      return EMPTY_BLOCK_BYTES;
  }
}

/** Whether the draft or Wireshark names that type. */
export function isKnownBlock(type: number): boolean {
  switch (type) {
    case NAME_RESOLUTION:
    case SYSTEMD_JOURNAL:
    case DECRYPTION_SECRETS:
    case CUSTOM:
    case CUSTOM_NOT_TO_COPY:
      return true;
    default:
      return leastBytes(type) > EMPTY_BLOCK_BYTES;
  }
}

/** A section header says its byte order before its length can be read: true little-endian, null neither. */
export function byteOrder(view: DataView, at: number): boolean | null {
  if (view.getUint32(at + BODY, true) === BYTE_ORDER_MAGIC) return true;
  return view.getUint32(at + BODY, false) === BYTE_ORDER_MAGIC ? false : null;
}

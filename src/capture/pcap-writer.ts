/** The choices that a classic pcap file leaves to its writer. */
export interface PcapStyle {
  /** Byte order of its headers; frames are in network byte order always. */
  readonly littleEndian: boolean;
  /** Time stamps in nanoseconds; else in microseconds. */
  readonly nanoseconds: boolean;
}

/** What tcpdump takes where nobody limits it. */
export const DEFAULT_SNAP_LENGTH = 262_144;

/**
 * The file header (draft-ietf-opsawg-pcap section 4).
 *
 * @param style byte order and resolution
 * @param linkType LINKTYPE_ value; the upper 16 bits may say the length of the frame check sequence
 * @param snapLength bytes to which longer frames were cut
 * @returns 24 bytes
 * @throws nothing: of numbers that are out of range the lower bits are taken
 */
export function pcapHeader(style: PcapStyle, linkType: number, snapLength = DEFAULT_SNAP_LENGTH): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, style.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, style.littleEndian);
  view.setUint16(4, 2, style.littleEndian);
  view.setUint16(6, 4, style.littleEndian);
  view.setUint32(16, snapLength, style.littleEndian);
  view.setUint32(20, linkType, style.littleEndian);
  return new Uint8Array(view.buffer);
}

/**
 * One packet record (section 5) with its frame.
 *
 * @param style that of the file's header
 * @param seconds since 1970, 0 to 2^32 - 1
 * @param nanos 0 to 999 999 999; a file in microseconds keeps the upper six digits
 * @param frame from its link-layer header on, in network byte order; it is copied
 * @param original bytes on the wire; as many as `frame` has unless it is given
 * @returns 16 bytes and the frame
 * @throws nothing: of numbers that are out of range the lower bits are taken
 */
export function pcapRecord(
  style: PcapStyle,
  seconds: number,
  nanos: number,
  frame: Uint8Array,
  original = frame.length,
): Uint8Array {
  const record = new Uint8Array(16 + frame.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, seconds, style.littleEndian);
  view.setUint32(4, style.nanoseconds ? nanos : Math.floor(nanos / 1000), style.littleEndian);
  view.setUint32(8, frame.length, style.littleEndian);
  view.setUint32(12, original, style.littleEndian);
  record.set(frame, 16);
  return record;
}

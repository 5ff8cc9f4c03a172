import type { Damage } from "./sink.js";

export type CaptureFormat = "pcap" | "pcapng";

/** The longest frame that is believed: no link carries more, and a longer one means a damaged length field. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Turns the bytes of one capture into calls of a FrameSink. Knows no files: its caller brings blocks of any size. */
export interface CaptureParser {
  readonly format: CaptureFormat;
  /**
   * Reads every record that lies whole between `start` and `end`. Keeps no bytes: what it left unread must come again,
   * with more behind it, at the start of the next call. Never throws, whatever the bytes.
   *
   * @param view the same memory as `bytes`; offsets index both
   * @returns the offset up to which it read
   */
  parse(bytes: Uint8Array, view: DataView, start: number, end: number): number;
  /** Bytes needed from the returned offset to make progress. */
  readonly needed: number;
  /** Why it cannot go on; null as long as it can. After damage `parse` reads nothing more. */
  readonly damage: Damage | null;
  /** Frames handed to the sink so far. */
  readonly frames: number;
  /**
   * The input is over.
   *
   * @param leftover bytes that `parse` left unread
   * @returns what was cut off there, or the earlier damage
   */
  end(leftover: number): Damage | null;
}

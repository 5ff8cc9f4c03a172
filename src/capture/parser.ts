import type { DamageLog } from "./damage-log.js";
import type { Interfaces } from "./interfaces.js";
import type { RecordSieve } from "./sieve.js";
import type { FrameSink } from "./sink.js";

/**
 * Classic pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng), of either byte order, or snoop (RFC 1761),
 * which is Solaris'.
 */
export type CaptureFormat = "pcap" | "pcapng" | "snoop";

/** The longest frame that is believed: no link carries more, and a longer one means a damaged length field. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** One stream of bytes, in which captures may follow one another. */
export interface CaptureStream {
  readonly sink: FrameSink;
  readonly interfaces: Interfaces;
  readonly damage: DamageLog;
  /** It is live: a frame is handed on before what follows it is there, though that may show that its end is not its own. Absent: it is not. */
  readonly prompt?: boolean;
  /** For the memory that is being parsed; absent where all frames go to the sink. */
  sieve?: RecordSieve | null;
}

/**
 * Turns the bytes of one capture into calls of a FrameSink. Knows no files: its caller brings blocks of any size. What
 * is wrong goes to the stream's DamageLog.
 */
export interface CaptureParser {
  readonly format: CaptureFormat;
  /**
   * Reads every record that lies whole between `start` and `end`. Keeps no bytes: what it left unread must come again,
   * with more behind it, at the start of the next call. Never throws, whatever the bytes.
   *
   * @param view the same memory as `bytes`; offsets index both
   * @param last nothing follows `end`
   * @returns the offset up to which it read
   */
  parse(bytes: Uint8Array, view: DataView, start: number, end: number, last: boolean): number;
  /** Bytes needed from the returned offset to make progress. */
  readonly needed: number;
  /** "next": another capture begins at the returned offset; "stopped": nothing behind it can be read. */
  readonly state: "reading" | "next" | "stopped";
  /** Frames handed to the sink so far. */
  readonly frames: number;
  /**
   * The stream is over, and `parse` was told so: what is cut off becomes damage.
   *
   * @param leftover bytes that `parse` left unread
   */
  end(leftover: number): void;
}

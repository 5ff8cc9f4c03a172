import type { BlockMemory } from "./memory.js";
import type { RecordingMark } from "./recording-mark.js";
import type { Remark } from "./remarks.js";
import type { RecordSieve } from "./sieve.js";

/** A capture's description of one interface; a classic pcap file has exactly one. */
export interface CaptureInterface {
  /** Position within this input, from 0; the number that `frame` refers to. */
  readonly index: number;
  /** pcapng if_name, raw and unescaped; null where the format has none. */
  readonly name: string | null;
  /** LINKTYPE_ value (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Decimal digits that the format's time stamps carry when printed: 6 up to microseconds, else 9. */
  readonly digits: 6 | 9;
  /** Time stamps are those of the capturing program, taken when it got the frame; absent: those of the kernel. */
  readonly stampedOnArrival?: true;
}

/**
 * Where a capture parser sends what it finds. Called synchronously, in file order. What a sink throws ends the reading
 * and comes out of the call that read.
 */
export interface FrameSink {
  /**
   * Comes before the first frame of that interface.
   *
   * @param description is not changed later
   */
  interface(description: CaptureInterface): void;
  /**
   * One captured frame. Called for every frame of a capture: nothing may be allocated here for frames that do not matter.
   *
   * @param bytes the parser's block; valid during the call only
   * @param view the same memory; `offset` indexes both
   * @param offset where the link-layer header begins
   * @param captured bytes present (caplen)
   * @param original bytes on the wire (len); not less than `captured`
   * @param seconds UTC seconds since 1970, whole; NaN if the format has no time stamp
   * @param nanos 0 to 999 999 999
   * @param interfaceIndex see CaptureInterface.index
   */
  frame(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void;
  /**
   * The time up to which the capture says that it was watching an interface (pcapng isb_endtime), which may lie beyond
   * the last frame.
   *
   * @param seconds UTC seconds since 1970, whole
   * @param nanos 0 to 999 999 999
   * @param interfaceIndex see CaptureInterface.index
   */
  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void;
  /**
   * The time from which on an interface was watched, where the capture says so (pcapng isb_starttime). It comes with
   * the end of that time, so mostly after the frames. Sinks that do not ask for it need not have it.
   *
   * @param seconds UTC seconds since 1970, whole
   * @param nanos 0 to 999 999 999
   * @param interfaceIndex see CaptureInterface.index
   */
  observedFrom?(seconds: number, nanos: number, interfaceIndex: number): void;
  /**
   * What else a capture says of its watching of an interface: its clock, that it stood still, what it lost, why it ended.
   * Comes after `observedFrom` and `observedUntil` of the same statement.
   *
   * @param remark counts and times are as they stand: of a foreign capture they may contradict each other
   * @param seconds when it was said: UTC seconds since 1970, whole; NaN where that lies beyond the calendar
   * @param nanos 0 to 999 999 999
   * @param interfaceIndex see CaptureInterface.index
   */
  remark?(remark: Remark, seconds: number, nanos: number, interfaceIndex: number): void;
  /**
   * A capture begins within the stream: a pcap file, or a section of pcapng. What was watched before is not watched any
   * more, unless it is described again.
   *
   * @param inBlocks it is pcapng, and `blocks` gives what it holds
   * @param recording which file of a recording of this program it is; null: of none
   */
  begins?(inBlocks: boolean, recording: RecordingMark | null): void;
  /**
   * An interface is described again, alike: from here on it is watched anew.
   *
   * @param interfaceIndex see CaptureInterface.index
   */
  watchedAgain?(interfaceIndex: number): void;
  /** Bytes were passed over in which frames may have stood: what came between the last frame and the next is not known. */
  missed?(): void;
  /**
   * Whole pcapng blocks as they stand in the capture, packets and all others, after all that they hold has been told. For
   * sinks that copy them.
   *
   * @param bytes the parser's block; valid during the call only
   * @param view the same memory; offsets index both
   * @param start where the first block begins
   * @param end where the last block ends
   * @param littleEndian byte order of the first block; a section header among them brings its own
   */
  blocks?(bytes: Uint8Array, view: DataView, start: number, end: number, littleEndian: boolean): void;
  /**
   * For long captures, what passes over frames that need not be handed over. Sinks that want them all have none.
   *
   * @param memory that records are read into; what it begins with, SIEVE_BYTES, is the sieve's own
   * @returns null where there can be none
   */
  sieve?(memory: BlockMemory): RecordSieve | null;
}

/** Why an input could not be read whole. A value, not an exception: what came before it is still good. */
export interface Damage {
  /**
   * Short and stable: "cut-record", "cut-block", "bad-length", "bad-block", "cut-gzip", "bad-lz4" … ended the reading;
   * "resynchronised" cost only the bytes that the sentence names, what came behind them was read.
   */
  readonly code: string;
  /** Byte offset in the uncompressed stream, of the first damage if there are several. */
  readonly offset: number;
  /** What is wrong there, for the operator; no control characters. */
  readonly sentence: string;
}

import { PAGE_BYTES } from "./memory.js";

/** At the beginning of memory for blocks, so many bytes are the sieve's own. */
export const SIEVE_BYTES = 2 * PAGE_BYTES;

/** How the records of a pcap file, or the packet blocks of a pcapng section, are told and timed. */
export interface RecordKind {
  /** 10^6 or 10^9, or another power of ten up to that. */
  readonly unitsPerSecond: number;
  /** 10^9 / unitsPerSecond. */
  readonly nanosPerUnit: number;
  /** pcap: the longest frame, in bytes. pcapng: how many interfaces there are; all of one kind. */
  readonly most: number;
  /** See CaptureInterface.index; of several interfaces, any. */
  readonly interfaceIndex: number;
}

/**
 * Passes over records, many at a time, whose frames `FrameSink.frame` would do no more with than count them and keep
 * their time. Stops at whatever takes more than a glance: a record that is not as usual in its format, or not of the
 * second of the one before, or earlier than that; any frame that may be of use. To stop is never wrong. Only for numbers
 * in little-endian order.
 */
export interface RecordSieve {
  /**
   * pcap, with record headers of 16 bytes.
   *
   * @param at where the records begin, in the memory that the sieve was made for
   * @param end where what was read of them ends
   * @param seconds of the record right before them, which went to the sink
   * @param fraction of that record's second, in the file's units
   * @param kind how the records of the file are told and timed
   * @returns where the first record begins that was not passed over
   * @throws nothing
   */
  pcap(at: number, end: number, seconds: number, fraction: number, kind: RecordKind): number;
  /**
   * The same for enhanced packet blocks without options.
   *
   * @param at where the blocks begin, in the memory that the sieve was made for
   * @param end where what was read of them ends
   * @param high upper word of the stamp of the block right before them, which went to the sink
   * @param low its lower word
   * @param kind how the packets of the section are told and timed
   * @returns where the first block begins that was not passed over
   * @throws nothing
   */
  pcapng(at: number, end: number, high: number, low: number, kind: RecordKind): number;
  /** How many frames the last call passed over. */
  readonly passed: number;
}

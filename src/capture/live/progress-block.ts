import { INTERFACE_STATISTICS } from "../pcapng-layout.js";
import { ISB_ENDTIME, ISB_IFRECV, ISB_STARTTIME, OPT_COMMENT } from "../pcapng-writer.js";
import { commentText } from "../remarks.js";
import type { Moment } from "./wall-clock.js";

const HIGH_WORD = 2 ** 32;
/** Offsets of the values; in front of each stand the code and the length of its option. */
const START = 24;
const END = 36;
const RECEIVED = 48;
const COMMENT = 60;
/** "monotonic ", 12 digits at most, a point and 6 more; zeros behind that end the options. */
const MOST_BYTES = COMMENT + 32 + 8;

/**
 * The statement that all is well with an interface: what `interfaceStatistics` would make of it, in memory that is used
 * again and again. A hundred interfaces say it for as long as nothing happens.
 */
export class ProgressBlock {
  readonly #bytes = Buffer.alloc(MOST_BYTES);
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, MOST_BYTES);
  /** The reading of the clock that stands there, and where the block ends with it. */
  #monotonic = NaN;
  #total = 0;

  constructor() {
    this.#view.setUint32(0, INTERFACE_STATISTICS, true);
    this.#option(START, ISB_STARTTIME, 8);
    this.#option(END, ISB_ENDTIME, 8);
    this.#option(RECEIVED, ISB_IFRECV, 8);
  }

  /**
   * @param id number of the interface in the section
   * @param now what the block is stamped with, and what the clocks show
   * @param from when the watch began; as all times in microseconds since 1970, whole
   * @param until up to when it is known to have gone on
   * @param received frames since it began
   * @returns valid until the next one
   */
  of(id: number, now: Moment, from: number, until: number, received: number): Uint8Array {
    if (now.monotonic !== this.#monotonic) this.#read(now.monotonic);
    this.#view.setUint32(8, id, true);
    this.#stamp(12, now.wall);
    this.#stamp(START, from);
    this.#stamp(END, until);
    this.#view.setUint32(RECEIVED, received % HIGH_WORD, true);
    this.#view.setUint32(RECEIVED + 4, Math.floor(received / HIGH_WORD), true);
    return this.#bytes.subarray(0, this.#total);
  }

  #read(monotonic: number): void {
    this.#bytes.fill(0, COMMENT);
    const text = commentText({ kind: "clock", monotonic: monotonic / 1e6 });
    const length = this.#bytes.write(text, COMMENT, "latin1");
    this.#option(COMMENT, OPT_COMMENT, length);
    const end = COMMENT + Math.ceil(length / 4) * 4 + 4;
    this.#total = end + 4;
    this.#view.setUint32(4, this.#total, true);
    this.#view.setUint32(end, this.#total, true);
    this.#monotonic = monotonic;
  }

  #option(value: number, code: number, length: number): void {
    this.#view.setUint16(value - 4, code, true);
    this.#view.setUint16(value - 2, length, true);
  }

  #stamp(at: number, micros: number): void {
    this.#view.setUint32(at, Math.floor(micros / HIGH_WORD), true);
    this.#view.setUint32(at + 4, micros % HIGH_WORD, true);
  }
}

import { MAX_FRAME_BYTES, type CaptureParser } from "./parser.js";
import type { Damage, FrameSink } from "./sink.js";

// draft-ietf-opsawg-pcap section 4: the file header. Its numbers, and those of the records, are in the writer's byte
// order, which shows in the magic number.
const FILE_HEADER_BYTES = 24;
const MAJOR_VERSION = 4; // 16 bits
const LINK_TYPE = 20; // 32 bits: FCS length in the upper 16, LINKTYPE_ value in the lower 16

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

// Section 5: the header of a packet record, four 32-bit numbers. The frame follows, without padding.
const RECORD_HEADER_BYTES = 16;
const FRACTION = 4;
const CAPTURED = 8;
const ORIGINAL = 12;

/** Whether these four bytes begin a classic pcap file, of either byte order and resolution. */
export function isPcapMagic(view: DataView, offset: number): boolean {
  return isMagic(view.getUint32(offset, true)) || isMagic(view.getUint32(offset, false));
}

function isMagic(magic: number): boolean {
  return magic === MICROSECONDS || magic === NANOSECONDS;
}

/** Classic pcap (draft-ietf-opsawg-pcap), both byte orders, micro- and nanoseconds. */
export class PcapParser implements CaptureParser {
  readonly format = "pcap";
  needed = FILE_HEADER_BYTES;
  damage: Damage | null = null;
  frames = 0;

  readonly #sink: FrameSink;
  /** Bytes read so far: the position of the next record in the stream. A double, exact far beyond 4 GiB. */
  #position = 0;
  #headerRead = false;
  #littleEndian = false;
  #unitsPerSecond = 1e6;
  #nanosPerUnit = 1e3;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  parse(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    if (this.damage !== null) return start;
    if (this.#headerRead) return this.#readRecords(bytes, view, start, end);
    if (end - start < FILE_HEADER_BYTES || !this.#readFileHeader(view, start)) return start;
    this.#position = FILE_HEADER_BYTES;
    return this.#readRecords(bytes, view, start + FILE_HEADER_BYTES, end);
  }

  end(leftover: number): Damage | null {
    if (this.damage !== null || (leftover === 0 && this.#headerRead)) return this.damage;
    if (!this.#headerRead) {
      return {
        code: "cut-header",
        offset: 0,
        sentence: `The input ends within its pcap file header, after ${leftover} of ${FILE_HEADER_BYTES} bytes.`,
      };
    }
    return {
      code: "cut-record",
      offset: this.#position,
      sentence: `The input ends within a packet record, after ${leftover} of ${
        leftover < RECORD_HEADER_BYTES ? `the ${RECORD_HEADER_BYTES} bytes of its header` : `${this.needed} bytes`
      }.`,
    };
  }

  #readFileHeader(view: DataView, start: number): boolean {
    this.#littleEndian = isMagic(view.getUint32(start, true));
    const magic = view.getUint32(start, this.#littleEndian);
    const version = view.getUint16(start + MAJOR_VERSION, this.#littleEndian);
    if (!isMagic(magic) || version !== 2) {
      const sentence = isMagic(magic)
        ? `This pcap file says that it is of version ${version}; only version 2 is known.`
        : "This is no pcap file header.";
      this.damage = { code: "bad-header", offset: 0, sentence };
      return false;
    }
    const inNanoseconds = magic === NANOSECONDS;
    this.#unitsPerSecond = inNanoseconds ? 1e9 : 1e6;
    this.#nanosPerUnit = inNanoseconds ? 1 : 1e3;
    this.#headerRead = true;
    this.needed = RECORD_HEADER_BYTES;
    this.#sink.interface({
      index: 0,
      name: null,
      linkType: view.getUint32(start + LINK_TYPE, this.#littleEndian) & 0xffff,
      digits: inNanoseconds ? 9 : 6,
    });
    return true;
  }

  /** The loop over all records of a block; it allocates nothing. Returns where it stopped. */
  #readRecords(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const sink = this.#sink;
    const littleEndian = this.#littleEndian;
    const unitsPerSecond = this.#unitsPerSecond;
    const nanosPerUnit = this.#nanosPerUnit;
    let frames = this.frames;
    let needed = RECORD_HEADER_BYTES;
    let at = start;
    while (end - at >= RECORD_HEADER_BYTES) {
      const captured = view.getUint32(at + CAPTURED, littleEndian);
      if (captured > MAX_FRAME_BYTES) {
        this.damage = badLength(this.#position + (at - start), captured);
        break;
      }
      if (end - at - RECORD_HEADER_BYTES < captured) {
        needed = RECORD_HEADER_BYTES + captured;
        break;
      }
      let seconds = view.getUint32(at, littleEndian);
      let fraction = view.getUint32(at + FRACTION, littleEndian);
      if (fraction >= unitsPerSecond) {
        // Written by broken clocks. The carry keeps the order of such stamps.
        seconds += Math.floor(fraction / unitsPerSecond);
        fraction %= unitsPerSecond;
      }
      // Some writers leave the original length below the captured one, or zero.
      const original = Math.max(captured, view.getUint32(at + ORIGINAL, littleEndian));
      sink.frame(bytes, view, at + RECORD_HEADER_BYTES, captured, original, seconds, fraction * nanosPerUnit, 0);
      frames += 1;
      at += RECORD_HEADER_BYTES + captured;
    }
    this.frames = frames;
    this.needed = needed;
    this.#position += at - start;
    return at;
  }
}

function badLength(offset: number, captured: number): Damage {
  return {
    code: "bad-length",
    offset,
    sentence: `A packet record announces a frame of ${captured} bytes; a frame has ${MAX_FRAME_BYTES} at most.`,
  };
}

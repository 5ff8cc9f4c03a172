import { MAX_FRAME_BYTES, type CaptureParser } from "./parser.js";
import { PcapngClock } from "./pcapng-clock.js";
import { findOption, optionText } from "./pcapng-options.js";
import type { Damage, FrameSink } from "./sink.js";

// draft-ietf-opsawg-pcapng section 3.1: every block is type, total length, body, total length again; 32 bits each, in
// the byte order of its section. Section 4 describes the bodies. Offsets below count from the block's type.
const SECTION_HEADER = 0x0a0d0d0a; // the same in both byte orders
const INTERFACE_DESCRIPTION = 1;
const PACKET = 2; // obsolete, appendix A
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BODY = 8;
const EMPTY_BLOCK_BYTES = 12;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SECTION_HEADER_BYTES = 28;
const INTERFACE_DESCRIPTION_BYTES = 20;
const SIMPLE_PACKET_BYTES = 16;
const INTERFACE_STATISTICS_BYTES = 24;
const ENHANCED_PACKET_BYTES = 32;

const MAJOR_VERSION = 12;
const SNAP_LENGTH = 12;
const SIMPLE_PACKET_DATA = 12;

// The same in a Packet Block, whose interface number has 16 bits.
const STAMP_HIGH = 12;
const STAMP_LOW = 16;
const CAPTURED = 20;
const ORIGINAL = 24;
const PACKET_DATA = 28;

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const ISB_ENDTIME = 3;
const MICROSECONDS = 6; // the resolution where if_tsresol is absent

/** A block that must be read as a whole: the longest frame with 64 KiB of options. */
const MAX_BLOCK_BYTES = MAX_FRAME_BYTES + 0x1_0000;
/** Each interface costs memory for good; a file with more is not one that a capture program wrote. */
const MAX_INTERFACES = 0x1_0000;

/** One interface of the current section. */
interface Section {
  /** CaptureInterface.index of the section's interface 0: the numbering of an input goes on over its sections. */
  readonly first: number;
  readonly clocks: PcapngClock[];
  /** Snapshot length of interface 0, for simple packet blocks; 0: no limit. */
  snapLength: number;
}

/** Whether these four bytes may begin a pcapng file. */
export function isPcapngMagic(view: DataView, offset: number): boolean {
  return view.getUint32(offset) === SECTION_HEADER;
}

/** pcapng (draft-ietf-opsawg-pcapng): several sections of either byte order, several interfaces. */
export class PcapngParser implements CaptureParser {
  readonly format = "pcapng";
  needed = EMPTY_BLOCK_BYTES;
  damage: Damage | null = null;
  frames = 0;

  readonly #sink: FrameSink;
  /** Bytes read so far: the position of the next block in the stream. A double, exact far beyond 4 GiB. */
  #position = 0;
  #littleEndian = false;
  /** Null before the first section header. */
  #section: Section | null = null;
  /** Interfaces of all sections so far. */
  #interfaces = 0;
  /** Bytes still to pass of a block that nobody reads, and where that block began. */
  #toSkip = 0;
  #skipped = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  parse(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    if (this.damage !== null) return start;
    const passed = Math.min(this.#toSkip, end - start);
    this.#toSkip -= passed;
    this.#position += passed;
    const from = start + passed;
    const stop = this.#readBlocks(bytes, view, from, end);
    this.#position += stop - from;
    // The rest of a block that is passed over may come in pieces smaller than any block.
    if (this.#toSkip > 0) this.needed = 1;
    return stop;
  }

  end(leftover: number): Damage | null {
    if (this.damage !== null || (leftover === 0 && this.#toSkip === 0 && this.#section !== null)) return this.damage;
    if (this.#section === null) {
      return { code: "cut-header", offset: 0, sentence: "The input ends within its first pcapng section header." };
    }
    const offset = this.#toSkip > 0 ? this.#skipped : this.#position;
    return { code: "cut-block", offset, sentence: "The input ends within a pcapng block." };
  }

  /** The loop over all blocks in memory; it allocates nothing for packets. Returns where it stopped. */
  #readBlocks(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let at = start;
    this.needed = EMPTY_BLOCK_BYTES;
    while (end - at >= EMPTY_BLOCK_BYTES) {
      const type = view.getUint32(at, this.#littleEndian);
      if (type === SECTION_HEADER && !this.#readByteOrder(view, at)) {
        this.#stop("bad-block", at - start, "A pcapng section header has no byte-order magic.");
        break;
      }
      const total = view.getUint32(at + 4, this.#littleEndian);
      const least = leastBytes(type);
      const read = least > EMPTY_BLOCK_BYTES;
      if (total < least || (total & 3) !== 0 || (read && total > MAX_BLOCK_BYTES)) {
        this.#stop("bad-length", at - start, `A pcapng block announces an impossible length, ${total} bytes.`);
        break;
      }
      if (!read) {
        const passed = Math.min(total, end - at);
        this.#toSkip = total - passed;
        this.#skipped = this.#position + (at - start);
        at += passed;
        continue;
      }
      if (end - at < total) {
        this.needed = total;
        break;
      }
      const problem =
        view.getUint32(at + total - 4, this.#littleEndian) !== total
          ? "The two lengths of a pcapng block differ."
          : this.#readBlock(bytes, view, at, total, type);
      if (problem !== null) {
        this.#stop("bad-block", at - start, problem);
        break;
      }
      at += total;
    }
    return at;
  }

  /** A section header says its byte order before its length can be read. */
  #readByteOrder(view: DataView, at: number): boolean {
    this.#littleEndian = view.getUint32(at + BODY, true) === BYTE_ORDER_MAGIC;
    return this.#littleEndian || view.getUint32(at + BODY, false) === BYTE_ORDER_MAGIC;
  }

  /** Reads a whole block. Returns what is wrong with it, or null. */
  #readBlock(bytes: Uint8Array, view: DataView, at: number, total: number, type: number): string | null {
    if (type === ENHANCED_PACKET) {
      return this.#readPacket(bytes, view, at, total, view.getUint32(at + BODY, this.#littleEndian));
    }
    if (type === SECTION_HEADER) return this.#readSectionHeader(view, at);
    if (this.#section === null) return "This pcapng input does not begin with a section header.";
    switch (type) {
      case INTERFACE_DESCRIPTION:
        return this.#readInterface(bytes, view, at, total, this.#section);
      case PACKET:
        return this.#readPacket(bytes, view, at, total, view.getUint16(at + BODY, this.#littleEndian));
      case SIMPLE_PACKET:
        return this.#readSimplePacket(bytes, view, at, total, this.#section);
      default:
        return this.#readStatistics(view, at, total, this.#section);
    }
  }

  /** Enhanced Packet Block (section 4.3), Packet Block (appendix A). */
  #readPacket(bytes: Uint8Array, view: DataView, at: number, total: number, id: number): string | null {
    const littleEndian = this.#littleEndian;
    const section = this.#section;
    const clock = section?.clocks[id];
    if (section === null || clock === undefined) return `A packet refers to interface ${id}, which is not described.`;
    const captured = view.getUint32(at + CAPTURED, littleEndian);
    if (captured > total - ENHANCED_PACKET_BYTES) {
      return `A packet of ${captured} bytes does not fit into its block of ${total} bytes.`;
    }
    // Some writers leave the original length below the captured one, or zero.
    const original = Math.max(captured, view.getUint32(at + ORIGINAL, littleEndian));
    clock.read(view.getUint32(at + STAMP_HIGH, littleEndian), view.getUint32(at + STAMP_LOW, littleEndian));
    this.frames += 1;
    this.#sink.frame(bytes, view, at + PACKET_DATA, captured, original, clock.seconds, clock.nanos, section.first + id);
    return null;
  }

  /** Section Header Block (section 4.1). */
  #readSectionHeader(view: DataView, at: number): string | null {
    const version = view.getUint16(at + MAJOR_VERSION, this.#littleEndian);
    if (version !== 1) return `A pcapng section says that it is of version ${version}; only version 1 is known.`;
    this.#section = { first: this.#interfaces, clocks: [], snapLength: 0 };
    return null;
  }

  /** Interface Description Block (section 4.2). */
  #readInterface(bytes: Uint8Array, view: DataView, at: number, total: number, section: Section): string | null {
    if (this.#interfaces === MAX_INTERFACES) {
      return `This pcapng input describes more than ${MAX_INTERFACES} interfaces.`;
    }
    const littleEndian = this.#littleEndian;
    const options = at + INTERFACE_DESCRIPTION_BYTES - 4;
    const end = at + total - 4;
    const name = findOption(view, options, end, littleEndian, IF_NAME);
    const resolution = findOption(view, options, end, littleEndian, IF_TSRESOL);
    const offset = findOption(view, options, end, littleEndian, IF_TSOFFSET);
    const clock = new PcapngClock(
      resolution === null || resolution.length < 1 ? MICROSECONDS : view.getUint8(resolution.offset),
      offset === null || offset.length < 8 ? 0 : Number(view.getBigInt64(offset.offset, littleEndian)),
    );
    if (section.clocks.length === 0) section.snapLength = view.getUint32(at + SNAP_LENGTH, littleEndian);
    section.clocks.push(clock);
    this.#sink.interface({
      index: this.#interfaces,
      name: name === null ? null : optionText(bytes, name),
      linkType: view.getUint16(at + BODY, littleEndian),
      digits: clock.digits,
    });
    this.#interfaces += 1;
    return null;
  }

  /** Simple Packet Block (section 4.4): interface 0, no time, and the captured length only by inference. */
  #readSimplePacket(bytes: Uint8Array, view: DataView, at: number, total: number, section: Section): string | null {
    if (section.clocks.length === 0) return "A simple packet comes before the description of its interface.";
    const original = view.getUint32(at + BODY, this.#littleEndian);
    const snapped = section.snapLength === 0 ? original : Math.min(original, section.snapLength);
    const captured = Math.min(snapped, total - SIMPLE_PACKET_BYTES);
    this.frames += 1;
    this.#sink.frame(bytes, view, at + SIMPLE_PACKET_DATA, captured, original, NaN, 0, section.first);
    return null;
  }

  /** Interface Statistics Block (section 4.6): only its end time matters here. */
  #readStatistics(view: DataView, at: number, total: number, section: Section): null {
    const littleEndian = this.#littleEndian;
    const options = at + INTERFACE_STATISTICS_BYTES - 4;
    const end = findOption(view, options, at + total - 4, littleEndian, ISB_ENDTIME);
    const clock = section.clocks[view.getUint32(at + BODY, littleEndian)];
    if (end === null || end.length < 8 || clock === undefined) return null;
    clock.read(view.getUint32(end.offset, littleEndian), view.getUint32(end.offset + 4, littleEndian));
    if (!Number.isNaN(clock.seconds)) this.#sink.observedUntil(clock.seconds, clock.nanos);
    return null;
  }

  #stop(code: string, ahead: number, sentence: string): void {
    this.damage = { code, offset: this.#position + ahead, sentence };
  }
}

/** The shortest block of that type, with its lengths; that of an empty block for types that nobody reads here. */
function leastBytes(type: number): number {
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

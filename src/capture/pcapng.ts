import { findChain, Found, type Chain } from "./chain.js";
import { MAX_INTERFACES } from "./interfaces.js";
import { followed } from "./followed.js";
import { captureStart, FILE_HEADER_BYTES, SECTION_HEADER, Start, startsPcapng } from "./magic.js";
import type { CaptureParser, CaptureStream } from "./parser.js";
import { PcapngChainRule } from "./pcapng-chain.js";
import { PcapngClock } from "./pcapng-clock.js";
import * as layout from "./pcapng-layout.js";
import { commentsOf, findOption, optionText } from "./pcapng-options.js";
import { tellStatistics } from "./pcapng-statistics.js";
import { parseRecordingMark } from "./recording-mark.js";
import { ARRIVAL_STAMPS } from "./remarks.js";
import type { RecordKind } from "./sieve.js";

const { BODY, EMPTY_BLOCK_BYTES, ENHANCED_PACKET, ENHANCED_PACKET_BYTES, MAX_BLOCK_BYTES, TOTAL_LENGTH } = layout;
const { STAMP_HIGH, STAMP_LOW, CAPTURED, ORIGINAL, PACKET_DATA } = layout;

const MAJOR_VERSION = 12;
const SNAP_LENGTH = 12;
const SIMPLE_PACKET_DATA = 12;

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const MICROSECONDS = 6; // the resolution where if_tsresol is absent

/** One interface of the current section. */
interface SectionInterface {
  readonly clock: PcapngClock;
  readonly linkType: number;
  /** CaptureInterface.index: its number in the whole stream. */
  readonly index: number;
}

interface Section {
  readonly interfaces: SectionInterface[];
  /** Snapshot length of interface 0, for simple packet blocks; 0: no limit. */
  snapLength: number;
  /** For a sieve; null: its packets are not all of one kind, or in an order that it does not read. */
  kind: RecordKind | null;
}

/**
 * pcapng (draft-ietf-opsawg-pcapng): several sections of either byte order, several interfaces. A block that is not what
 * it says is survived: what follows is searched for the next sound ones.
 */
export class PcapngParser implements CaptureParser {
  readonly format = "pcapng";
  needed = EMPTY_BLOCK_BYTES;
  state: CaptureParser["state"] = "reading";
  frames = 0;

  readonly #stream: CaptureStream;
  readonly #rule = new PcapngChainRule();
  /** Where the bytes of the next `parse` begin in the stream. A double, exact far beyond 4 GiB. */
  #position: number;
  #littleEndian = false;
  /** Null before the first section header. */
  #section: Section | null = null;
  /** Nothing is read before sound blocks were found. */
  #searching = false;

  /** Of the call of `parse` under way: what to add to an offset for its position in the stream. */
  #origin = 0;
  /** Of the call of `parse` under way: nothing follows. */
  #last = false;

  constructor(stream: CaptureStream, position = 0) {
    this.#stream = stream;
    this.#position = position;
  }

  parse(bytes: Uint8Array, view: DataView, start: number, end: number, last: boolean): number {
    if (this.state !== "reading") return start;
    this.#last = last;
    this.#origin = this.#position - start;
    const at = this.#readOn(bytes, view, start, end);
    this.#position = this.#origin + at;
    return at;
  }

  end(leftover: number): void {
    if (this.state !== "reading" || this.#searching || (leftover === 0 && this.#section !== null)) return;
    const { damage } = this.#stream;
    if (this.#section === null) {
      const sentence = "The input ends within its first pcapng section header.";
      damage.found("cut-header", this.#position, sentence);
    } else {
      damage.found("cut-block", this.#position, "The input ends within a pcapng block.");
    }
  }

  /** Reads blocks, and searches for others where they lie, up to the end of what is there. Returns where it stopped. */
  #readOn(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let at = start;
    for (;;) {
      if (this.#searching) {
        const chain = this.#search(view, at, end);
        at = chain.at;
        if (chain.found !== Found.HERE) return at;
      }
      at = this.#readAndCopy(bytes, view, at, end);
      if (this.#searching) at += 1;
      else if (this.state === "reading" && this.#last && this.#liesAtEnd(view, at, end)) at += 1;
      else return at;
    }
  }

  #readAndCopy(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const littleEndian = this.#littleEndian;
    const at = this.#readBlocks(bytes, view, start, end);
    if (at > start) this.#stream.sink.blocks?.(bytes, view, start, at, littleEndian);
    return at;
  }

  /** Looks for the next place where reading can go on; `needed` says what it takes to look further. */
  #search(view: DataView, start: number, end: number): Chain {
    this.#rule.littleEndian = this.#littleEndian;
    const chain = findChain(this.#rule, view, start, end, end, this.#last);
    if (chain.found === Found.HERE) {
      this.#stream.damage.resumed(this.#origin + chain.at);
      this.#stream.sink.missed?.();
      this.#searching = false;
    }
    // Twice the window, so that most of what is kept for looking ahead is used up by the next call.
    this.needed = 2 * this.#rule.window;
    return chain;
  }

  /** The loop over all blocks in memory; it allocates nothing for packets. Returns where it stopped. */
  #readBlocks(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let at = start;
    this.needed = EMPTY_BLOCK_BYTES;
    while (end - at >= EMPTY_BLOCK_BYTES) {
      const type = view.getUint32(at, this.#littleEndian);
      const least = layout.leastBytes(type);
      if (type === SECTION_HEADER) {
        const order = layout.byteOrder(view, at);
        if (order === null) {
          this.#lies("bad-block", at, "A pcapng section header has no byte-order magic.");
          break;
        }
        this.#littleEndian = order;
      } else if (least === EMPTY_BLOCK_BYTES && this.#isOtherFile(view, at, end)) {
        break;
      }
      const total = view.getUint32(at + TOTAL_LENGTH, this.#littleEndian);
      if (total < least || (total & 3) !== 0 || total > MAX_BLOCK_BYTES) {
        const other = followed(bytes.subarray(at, Math.min(end, at + FILE_HEADER_BYTES)), "uncompressed");
        if (other !== null) this.#lies(other.code, at, other.sentence);
        else this.#lies("bad-length", at, `A pcapng block announces an impossible length, ${total} bytes.`);
        break;
      }
      if (end - at < total) {
        this.needed = total;
        break;
      }
      if (view.getUint32(at + total - 4, this.#littleEndian) !== total) {
        this.#lies("bad-block", at, "The two lengths of a pcapng block differ.");
        break;
      }
      const problem = least === EMPTY_BLOCK_BYTES ? null : this.#readBlock(bytes, view, at, total, type);
      if (problem !== null) {
        this.#stream.damage.found("bad-block", this.#origin + at, problem);
        if (this.#section === null) this.state = "stopped";
        if (this.state !== "reading") break;
        // Its lengths are sound: only what it holds is lost.
        this.#stream.damage.resumed(this.#origin + at + total);
        this.#stream.sink.missed?.();
      }
      at += total;
      if (type === ENHANCED_PACKET && problem === null) at = this.#passOver(view, at - total, at, end);
    }
    return at;
  }

  /** Whether a pcap file begins where a block should; sets `state` or `needed`. */
  #isOtherFile(view: DataView, at: number, end: number): boolean {
    const start = startsPcapng(view, at) ? Start.NO : captureStart(view, at, end);
    if (start === Start.NO) return false;
    if (start === Start.MORE && !this.#last) this.needed = FILE_HEADER_BYTES;
    else this.state = "next";
    return true;
  }

  #lies(code: string, at: number, sentence: string): void {
    this.#stream.damage.found(code, this.#origin + at, sentence);
    this.#searching = true;
  }

  /** A block that reaches beyond the end of the stream is cut, unless whole ones begin within what is left of it. */
  #liesAtEnd(view: DataView, at: number, end: number): boolean {
    if (end - at < EMPTY_BLOCK_BYTES) return false;
    this.#rule.littleEndian = this.#littleEndian;
    if (findChain(this.#rule, view, at + 1, end, end, true).found !== Found.HERE) return false;
    const total = view.getUint32(at + TOTAL_LENGTH, this.#littleEndian);
    this.#lies("bad-length", at, `A pcapng block announces ${total} bytes, but others begin within it.`);
    return true;
  }

  /** Reads a whole block. Returns what is wrong with it, or null. */
  #readBlock(bytes: Uint8Array, view: DataView, at: number, total: number, type: number): string | null {
    if (type === ENHANCED_PACKET) {
      return this.#readPacket(bytes, view, at, total, view.getUint32(at + BODY, this.#littleEndian));
    }
    if (type === SECTION_HEADER) return this.#readSectionHeader(bytes, view, at, total);
    if (this.#section === null) return "This pcapng input does not begin with a section header.";
    switch (type) {
      case layout.INTERFACE_DESCRIPTION:
        return this.#readInterface(bytes, view, at, total, this.#section);
      case layout.PACKET:
        return this.#readPacket(bytes, view, at, total, view.getUint16(at + BODY, this.#littleEndian));
      case layout.SIMPLE_PACKET:
        return this.#readSimplePacket(bytes, view, at, total, this.#section);
      default:
        return this.#readStatistics(bytes, view, at, total, this.#section);
    }
  }

  /** Enhanced Packet Block (section 4.3), Packet Block (appendix A). */
  #readPacket(bytes: Uint8Array, view: DataView, at: number, total: number, id: number): string | null {
    const littleEndian = this.#littleEndian;
    const described = this.#section?.interfaces[id];
    if (described === undefined) return `A packet refers to interface ${id}, which is not described.`;
    const captured = view.getUint32(at + CAPTURED, littleEndian);
    if (captured > total - ENHANCED_PACKET_BYTES) {
      return `A packet of ${captured} bytes does not fit into its block of ${total} bytes.`;
    }
    // Some writers leave the original length below the captured one, or zero.
    const original = Math.max(captured, view.getUint32(at + ORIGINAL, littleEndian));
    const { clock, index } = described;
    clock.read(view.getUint32(at + STAMP_HIGH, littleEndian), view.getUint32(at + STAMP_LOW, littleEndian));
    this.frames += 1;
    this.#stream.sink.frame(bytes, view, at + PACKET_DATA, captured, original, clock.seconds, clock.nanos, index);
    return null;
  }

  /** What follows the packet that begins at `before`, as far as it need not be looked at. Returns where that ends. */
  #passOver(view: DataView, before: number, at: number, end: number): number {
    const { sieve = null } = this.#stream;
    const kind = this.#section?.kind ?? null;
    if (sieve === null || kind === null) return at;
    const stopped = sieve.pcapng(
      at,
      end,
      view.getUint32(before + STAMP_HIGH, true),
      view.getUint32(before + STAMP_LOW, true),
      kind,
    );
    this.frames += sieve.passed;
    return stopped;
  }

  /** Section Header Block (section 4.1). */
  #readSectionHeader(bytes: Uint8Array, view: DataView, at: number, total: number): string | null {
    const version = view.getUint16(at + MAJOR_VERSION, this.#littleEndian);
    if (version !== 1) {
      this.state = "stopped";
      return `A pcapng section says that it is of version ${version}; only version 1 is known.`;
    }
    const options = at + layout.SECTION_HEADER_BYTES - 4;
    const comments = commentsOf(bytes, view, options, at + total - 4, this.#littleEndian);
    const marks = comments.flatMap((comment) => parseRecordingMark(comment) ?? []);
    this.#stream.interfaces.begin(true, marks[0] ?? null);
    this.#section = { interfaces: [], snapLength: 0, kind: null };
    return null;
  }

  /** Interface Description Block (section 4.2). */
  #readInterface(bytes: Uint8Array, view: DataView, at: number, total: number, section: Section): string | null {
    const littleEndian = this.#littleEndian;
    const options = at + layout.INTERFACE_DESCRIPTION_BYTES - 4;
    const end = at + total - 4;
    const name = findOption(view, options, end, littleEndian, IF_NAME);
    const resolution = findOption(view, options, end, littleEndian, IF_TSRESOL);
    const offset = findOption(view, options, end, littleEndian, IF_TSOFFSET);
    const clock = new PcapngClock(
      resolution === null || resolution.length < 1 ? MICROSECONDS : view.getUint8(resolution.offset),
      offset === null || offset.length < 8 ? 0 : Number(view.getBigInt64(offset.offset, littleEndian)),
    );
    const onArrival = commentsOf(bytes, view, options, end, littleEndian).includes(ARRIVAL_STAMPS);
    const linkType = view.getUint16(at + BODY, littleEndian);
    const index = this.#stream.interfaces.describe({
      name: name === null ? null : optionText(bytes, name),
      linkType,
      digits: clock.digits,
      ...(onArrival ? { stampedOnArrival: true } : {}),
    });
    if (index === null) {
      this.state = "stopped";
      return `This input describes more than ${MAX_INTERFACES} interfaces.`;
    }
    if (section.interfaces.length === 0) section.snapLength = view.getUint32(at + SNAP_LENGTH, littleEndian);
    section.interfaces.push({ clock, linkType, index });
    section.kind = littleEndian ? commonKind(section) : null;
    return null;
  }

  /** Simple Packet Block (section 4.4): interface 0, no time, and the captured length only by inference. */
  #readSimplePacket(bytes: Uint8Array, view: DataView, at: number, total: number, section: Section): string | null {
    const [described] = section.interfaces;
    if (described === undefined) return "A simple packet comes before the description of its interface.";
    const original = view.getUint32(at + BODY, this.#littleEndian);
    const snapped = section.snapLength === 0 ? original : Math.min(original, section.snapLength);
    const captured = Math.min(snapped, total - layout.SIMPLE_PACKET_BYTES);
    this.frames += 1;
    this.#stream.sink.frame(bytes, view, at + SIMPLE_PACKET_DATA, captured, original, NaN, 0, described.index);
    return null;
  }

  /** Interface Statistics Block (section 4.6). */
  #readStatistics(bytes: Uint8Array, view: DataView, at: number, total: number, section: Section): null {
    const { sink, interfaces } = this.#stream;
    const described = section.interfaces[view.getUint32(at + BODY, this.#littleEndian)];
    if (described === undefined) return null;
    const over = tellStatistics(bytes, view, at, total, this.#littleEndian, described, sink);
    if (over) interfaces.over(described.index);
    return null;
  }
}

/** Of all packets of a section to which an interface was just added. */
function commonKind({ interfaces, kind }: Section): RecordKind | null {
  const [first] = interfaces;
  const last = interfaces.at(-1);
  const most = interfaces.length;
  if (first === undefined || last === undefined || (most > 1 && kind === null)) return null;
  const { unitsPerSecond, nanosPerUnit, offset } = first.clock;
  const alike =
    last.linkType === first.linkType && last.clock.unitsPerSecond === unitsPerSecond && last.clock.offset === offset;
  return alike && unitsPerSecond > 0 ? { unitsPerSecond, nanosPerUnit, most, interfaceIndex: first.index } : null;
}

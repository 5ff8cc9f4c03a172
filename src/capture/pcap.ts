import type { Complaint } from "./blocks-input.js";
import { findChain, Found, type Chain } from "./chain.js";
import { captureStart, FILE_HEADER_BYTES, SNOOP_HEADER_BYTES, Start } from "./magic.js";
import { holeEnds, holeStart, isZeros } from "./hole.js";
import { MAX_INTERFACES } from "./interfaces.js";
import type { CaptureParser, CaptureStream } from "./parser.js";
import { PcapChainRule } from "./pcap-chain.js";
import { patchedLayout } from "./pcap-patched.js";
import { judge, type PcapRules } from "./pcap-doubt.js";
import { FRACTION, readPcapLayout, recordKind, type PcapLayout } from "./pcap-layout.js";
import type { RecordKind } from "./sieve.js";
import type { Damage } from "./sink.js";
import { readSnoopLayout } from "./snoop-layout.js";
import { findSwallowed } from "./torn.js";

const TIME_BYTES = 4;
/** Whose bytes a record has cannot be told before more of them come. */
const NOT_TOLD = -1;
const CUT: Complaint = { code: "cut-record", sentence: "A packet record is cut: another capture begins within it." };

interface PcapHeader {
  readonly layout: PcapLayout;
  /** What its frames are of. */
  readonly interfaceIndex: number;
}

interface PcapFile extends PcapHeader, PcapRules {
  /** For a sieve; null: of records that it does not know. */
  readonly kind: RecordKind | null;
}

/**
 * Classic pcap (draft-ietf-opsawg-pcap) in every variant that libpcap reads, and snoop, which is laid out a little
 * otherwise. A record header that lies is survived: what
 * follows is searched for the next chain of records.
 */
export class PcapParser implements CaptureParser {
  readonly format: "pcap" | "snoop";
  needed: number;
  state: CaptureParser["state"] = "reading";
  frames = 0;

  readonly #stream: CaptureStream;
  readonly #headerBytes: number;
  /** Where the bytes of the next `parse` begin in the stream. A double, exact far beyond 4 GiB. */
  #position: number;
  /** What the file header tells; null before it. */
  #header: PcapHeader | null = null;
  /** How the records are laid out is told by the first of them; null before it. */
  #file: PcapFile | null = null;
  /** Time of the last record that can be believed. */
  #lastSeconds = NaN;
  /** Nothing is read before a chain of records was found. */
  #searching = false;
  /** A compressed capture that a cut record seems to have swallowed. Whether it did is known when nothing else is found behind it. */
  #other: Damage | null = null;
  /** What else is wrong there. */
  #lie: Damage | null = null;

  /** Of the call of `parse` under way: what to add to an offset for its position in the stream. */
  #origin = 0;
  /** Of the call of `parse` under way: nothing follows. */
  #last = false;

  constructor(stream: CaptureStream, position = 0, format: "pcap" | "snoop" = "pcap") {
    this.format = format;
    this.#stream = stream;
    this.#position = position;
    this.needed = this.#headerBytes = format === "pcap" ? FILE_HEADER_BYTES : SNOOP_HEADER_BYTES;
  }

  parse(bytes: Uint8Array, view: DataView, start: number, end: number, last: boolean): number {
    if (this.state !== "reading") return start;
    this.#last = last;
    this.#origin = this.#position - start;
    let at = start;
    if (this.#header === null) {
      if (end - start < this.#headerBytes) return start;
      this.#header = this.#begin(view, start);
      if (this.#header === null) return start;
      at += this.#headerBytes;
    }
    this.#file ??= this.#records(this.#header, view, at, end);
    if (this.#file !== null) at = this.#readOn(this.#file, bytes, view, at, end);
    this.#position = this.#origin + at;
    return at;
  }

  end(leftover: number): void {
    if (this.#other !== null) this.#tell(this.#other);
    if (this.state !== "reading" || this.#searching || (leftover === 0 && this.#header !== null)) return;
    if (this.#header === null) {
      const sentence = `The input ends within its ${this.format} file header, after ${leftover} of ${this.#headerBytes} bytes.`;
      this.#tell({ code: "cut-header", offset: this.#position, sentence });
      return;
    }
    const { headerBytes } = this.#header.layout;
    const whole = leftover < headerBytes ? `the ${headerBytes} bytes of its header` : `${this.needed} bytes`;
    const sentence = `The input ends within a packet record, after ${leftover} of ${whole}.`;
    this.#tell({ code: "cut-record", offset: this.#position, sentence });
  }

  #begin(view: DataView, start: number): PcapHeader | null {
    const layout = this.format === "pcap" ? readPcapLayout(view, start) : readSnoopLayout(view, start);
    if (typeof layout === "string") {
      this.#stop("bad-header", layout);
      return null;
    }
    const { linkType, digits } = layout;
    this.#stream.interfaces.begin(false, null);
    const interfaceIndex = this.#stream.interfaces.describe({ name: null, linkType, digits });
    if (interfaceIndex === null) {
      this.#stop("bad-header", `This input describes more than ${MAX_INTERFACES} interfaces.`);
      return null;
    }
    return { layout, interfaceIndex };
  }

  /** Null: bytes beyond `end` must tell. */
  #records(header: PcapHeader, view: DataView, at: number, end: number): PcapFile | null {
    const layout = patchedLayout(header.layout, view, at, end, this.#last);
    if (layout === "more") {
      this.needed = Math.max(header.layout.headerBytes, end - at + 1);
      return null;
    }
    const { interfaceIndex } = header;
    const rule = new PcapChainRule(layout);
    return { layout, rule, kind: recordKind(layout, rule.limit, interfaceIndex), interfaceIndex };
  }

  #stop(code: string, sentence: string): void {
    this.#stream.damage.found(code, this.#position, sentence);
    this.state = "stopped";
  }

  /** Reads records, and searches for others where they lie, up to the end of the block. Returns where it stopped. */
  #readOn(file: PcapFile, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let at = start;
    for (;;) {
      if (this.#searching) {
        const chain = this.#search(file, bytes, view, at, end);
        at = chain.at;
        if (chain.found !== Found.HERE) return at;
      }
      at = this.#readRecords(file, bytes, view, at, end);
      if (this.#searching) at += 1;
      else if (this.state === "reading" && this.#last && this.#liesAtEnd(file, bytes, view, at, end)) at += 1;
      else return at;
    }
  }

  /** Looks for the next place where reading can go on; `needed` says what it takes to look further. */
  #search({ rule, layout }: PcapFile, bytes: Uint8Array, view: DataView, start: number, end: number): Chain {
    rule.lastSeconds = this.#lastSeconds;
    let chain = findChain(rule, view, start, end, end, this.#last);
    if (chain.found === Found.HERE && holeEnds(bytes, chain.at, layout.headerBytes, this.#origin)) {
      chain = findChain(rule, view, chain.at + 1, end, end, this.#last);
    }
    if (chain.found === Found.HERE) {
      if (this.#other !== null && this.#lie !== null) this.#tell(this.#lie);
      this.#other = null;
      this.#stream.damage.resumed(this.#origin + chain.at);
      this.#stream.sink.missed?.();
      this.#searching = false;
    }
    // Twice the window, so that most of what is kept for looking ahead is used up by the next call.
    this.needed = 2 * rule.window;
    return chain;
  }

  /** The loop over all records of a block; it allocates nothing. Returns where it stopped. */
  #readRecords(file: PcapFile, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const sink = this.#stream.sink;
    const { kind, rule, interfaceIndex } = file;
    const { sieve = null } = this.#stream;
    const { littleEndian, headerBytes, capturedAt, originalAt, secondsAt } = file.layout;
    const { unitsPerSecond, nanosPerUnit, padding } = file.layout;
    let lastSeconds = this.#lastSeconds;
    let frames = this.frames;
    let at = start;
    this.needed = headerBytes;
    while (end - at >= headerBytes) {
      let captured = view.getUint32(at + capturedAt, littleEndian);
      let original = view.getUint32(at + originalAt, littleEndian);
      let seconds = view.getUint32(at + secondsAt, littleEndian);
      let fraction = view.getUint32(at + secondsAt + FRACTION, littleEndian);
      if (!rule.isUsual(view, at, lastSeconds)) {
        const record = rule.header(view, at);
        const judgement = judge(file, view, at, end, this.#last, record, lastSeconds);
        if (judgement.is === "wait") this.needed = judgement.needed;
        if (judgement.is === "other-file") this.state = "next";
        if (judgement.is === "lie") at = this.#lies(bytes, view, at, end, headerBytes, judgement.complaint);
        if (judgement.is !== "sound" && judgement.is !== "untimed") break;
        const isTimed = judgement.is === "sound";
        captured = record.captured;
        if (record.original > captured) rule.cutAt = captured;
        // Some writers leave the original length below the captured one, or zero.
        original = Math.max(captured, record.original);
        // A fraction beyond a second is written by broken clocks. The carry keeps the order of such stamps.
        seconds = isTimed ? seconds + Math.floor(fraction / unitsPerSecond) : NaN;
        fraction = isTimed ? fraction % unitsPerSecond : 0;
      }
      const size = headerBytes + captured + (-captured & padding);
      if (end - at < size) {
        this.needed = size;
        break;
      }
      const isTimed = !Number.isNaN(seconds);
      const time = isTimed ? seconds : lastSeconds;
      const next = at + size;
      if (end - next < headerBytes || !rule.isUsual(view, next, time)) {
        const own = this.#ownEnd(file, bytes, view, at, next, end, time);
        if (own === NOT_TOLD) break;
        if (this.state === "next") {
          at = own;
          break;
        }
        captured = Math.max(0, Math.min(captured, own - at - headerBytes));
      }
      if (!isTimed) this.#untimed(at);
      sink.frame(bytes, view, at + headerBytes, captured, original, seconds, fraction * nanosPerUnit, interfaceIndex);
      frames += 1;
      lastSeconds = time;
      at = next;
      if (sieve !== null && kind !== null && isTimed) {
        at = sieve.pcap(at, end, seconds, fraction, kind);
        frames += sieve.passed;
      }
    }
    this.#lastSeconds = lastSeconds;
    this.frames = frames;
    return at;
  }

  /**
   * Up to where the bytes of a record are its own, by what follows it: where that is nonsense, the record before it may
   * have been cut, too, and where it is zeros, they may begin earlier. Sets `state` if a capture begins there that can
   * be read.
   *
   * @param at where the record begins
   * @param next where it ends, which is not beyond `end`
   * @param time of the record, in seconds since 1970
   */
  #ownEnd(
    file: PcapFile,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    next: number,
    end: number,
    time: number,
  ): number {
    const { layout, rule } = file;
    const { headerBytes } = layout;
    const hole = holeStart(bytes, at + headerBytes, next, this.#origin);
    const there = Math.min(end - next, headerBytes);
    // A file that ends with it is as usual as one that goes on.
    if (there === 0 && this.#last) return next;
    // The record's own header may be cut, too, and then tell lengths of the other capture.
    const swallowed = findSwallowed(bytes, view, at + 1, next, end, this.#last);
    if (there < headerBytes && !this.#last) {
      const { prompt = false } = this.#stream;
      if (prompt || (hole === next && swallowed === null)) return next;
      this.needed = next - at + headerBytes;
      return NOT_TOLD;
    }
    if (swallowed === "more") {
      this.needed = Math.max(next - at + FILE_HEADER_BYTES, end - at + 1);
      return NOT_TOLD;
    }
    if (swallowed?.complaint === null) {
      this.#cutBy(swallowed.at);
      return swallowed.at;
    }
    if (there === headerBytes) {
      const following = rule.header(view, next);
      const judgement = judge(file, view, next, end, this.#last, following, time);
      if (judgement.is === "wait") {
        this.needed = next - at + judgement.needed;
        return NOT_TOLD;
      }
      const reachesBeyond = this.#last && end - next < rule.size(following.captured);
      if (judgement.is !== "lie" && (judgement.is === "other-file" || !reachesBeyond)) return next;
    }
    // No time stamp is zero.
    if (swallowed === null) return there >= TIME_BYTES && isZeros(bytes, next, next + there) ? hole : next;
    this.#other = { ...swallowed.complaint, offset: this.#origin + swallowed.at };
    return swallowed.at;
  }

  /** A record is cut here, because another capture begins. */
  #cutBy(at: number): void {
    const offset = this.#origin + at;
    this.#tell({ ...CUT, offset });
    this.#stream.damage.resumed(offset);
    this.#stream.sink.missed?.();
    this.state = "next";
  }

  /** A record header lies: others are searched for, unless another capture begins within it. Returns from where on. */
  #lies(bytes: Uint8Array, view: DataView, at: number, end: number, headerBytes: number, complaint: Complaint): number {
    const swallowed = findSwallowed(bytes, view, at, at + headerBytes, end, this.#last);
    if (swallowed === "more") {
      this.needed = Math.max(headerBytes + FILE_HEADER_BYTES, end - at + 1);
      return at;
    }
    if (swallowed?.complaint === null) {
      this.#cutBy(swallowed.at);
      return swallowed.at;
    }
    if (swallowed !== null) this.#other ??= { ...swallowed.complaint, offset: this.#origin + swallowed.at };
    this.#lie = { ...complaint, offset: this.#origin + at };
    if (this.#other === null) this.#tell(this.#lie);
    this.#searching = true;
    return at;
  }

  #tell({ code, offset, sentence }: Damage): void {
    this.#stream.damage.found(code, offset, sentence);
  }

  #untimed(at: number): void {
    const sentence = "A packet record has a time that is far from those before and behind it; it is taken for unknown.";
    this.#stream.damage.found("bad-time", this.#origin + at, sentence);
    this.#stream.damage.resumed(this.#origin + at);
  }

  /** A record that reaches beyond the end of the stream is cut, unless whole ones begin within what is left of it. */
  #liesAtEnd({ layout, rule }: PcapFile, bytes: Uint8Array, view: DataView, at: number, end: number): boolean {
    if (end - at < layout.headerBytes) return false;
    rule.lastSeconds = this.#lastSeconds;
    const chain = findChain(rule, view, at + 1, end, end, true);
    if (chain.found !== Found.HERE) {
      const swallowed = findSwallowed(bytes, view, at + layout.headerBytes, end, end, true);
      if (swallowed === null || swallowed === "more" || swallowed.complaint === null) return false;
      this.#tell({ ...swallowed.complaint, offset: this.#origin + swallowed.at });
      return false;
    }
    if (captureStart(view, chain.at, end) === Start.YES) {
      this.#tell({ ...CUT, offset: this.#origin + chain.at });
    } else {
      const sentence = `A packet record announces a frame of ${rule.captured(view, at)} bytes, but others begin within it.`;
      this.#tell({ code: "bad-length", offset: this.#origin + at, sentence });
    }
    this.#searching = true;
    return true;
  }
}

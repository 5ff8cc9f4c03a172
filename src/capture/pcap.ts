import type { Complaint } from "./blocks-input.js";
import { findChain, Found, type Chain } from "./chain.js";
import { captureStart, FILE_HEADER_BYTES, SNOOP_HEADER_BYTES, Start } from "./magic.js";
import { MAX_INTERFACES } from "./interfaces.js";
import { MAX_FRAME_BYTES, type CaptureParser, type CaptureStream } from "./parser.js";
import { AHEAD, BEHIND, isPlain, PcapChainRule } from "./pcap-chain.js";
import { judge, type PcapRules } from "./pcap-doubt.js";
import { CAPTURED, FRACTION, readPcapLayout, RECORD_HEADER_BYTES, type PcapLayout } from "./pcap-layout.js";
import type { RecordKind } from "./sieve.js";
import type { Damage } from "./sink.js";
import { readSnoopLayout } from "./snoop-layout.js";
import { findSwallowed } from "./torn.js";

/** Whose bytes a record has cannot be told before more of them come. */
const NOT_TOLD = -1;
const CUT = "A packet record is cut: another capture begins within it.";

interface PcapFile extends PcapRules {
  /** For a sieve; null: of records that it does not know. */
  readonly kind: RecordKind | null;
  /** What its frames are of. */
  readonly interfaceIndex: number;
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
  /** Null before the file header. */
  #file: PcapFile | null = null;
  /** Time of the last record that can be believed. */
  #lastSeconds = NaN;
  /** Nothing is read before a chain of records was found. */
  #searching = false;
  /** What is to be said of a search that finds something, and of one that does not: a compressed capture may follow. */
  #suspicion: { readonly lie: Damage; readonly other: Damage } | null = null;

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
    if (this.#file === null) {
      if (end - start < this.#headerBytes) return start;
      this.#file = this.#begin(view, start);
      if (this.#file === null) return start;
      at += this.#headerBytes;
    }
    at = this.#readOn(this.#file, bytes, view, at, end);
    this.#position = this.#origin + at;
    return at;
  }

  end(leftover: number): void {
    if (this.#suspicion !== null) this.#tell(this.#suspicion.other);
    if (this.state !== "reading" || this.#searching || (leftover === 0 && this.#file !== null)) return;
    if (this.#file === null) {
      const sentence = `The input ends within its ${this.format} file header, after ${leftover} of ${this.#headerBytes} bytes.`;
      this.#tell({ code: "cut-header", offset: this.#position, sentence });
      return;
    }
    const { headerBytes } = this.#file.layout;
    const whole = leftover < headerBytes ? `the ${headerBytes} bytes of its header` : `${this.needed} bytes`;
    const sentence = `The input ends within a packet record, after ${leftover} of ${whole}.`;
    this.#tell({ code: "cut-record", offset: this.#position, sentence });
  }

  #begin(view: DataView, start: number): PcapFile | null {
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
    const { snapLength } = layout;
    const limit = snapLength === 0 ? MAX_FRAME_BYTES : Math.min(snapLength, MAX_FRAME_BYTES);
    const { unitsPerSecond, nanosPerUnit } = layout;
    const kind = isUsual(layout) ? { unitsPerSecond, nanosPerUnit, most: limit, interfaceIndex } : null;
    return { layout, rule: new PcapChainRule(layout), kind, interfaceIndex, limit };
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
        const chain = this.#search(file.rule, view, at, end);
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
  #search(rule: PcapChainRule, view: DataView, start: number, end: number): Chain {
    rule.lastSeconds = this.#lastSeconds;
    const chain = findChain(rule, view, start, end, end, this.#last);
    if (chain.found === Found.HERE) {
      if (this.#suspicion !== null) this.#tell(this.#suspicion.lie);
      this.#suspicion = null;
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
    const { kind, limit, interfaceIndex } = file;
    const { sieve = null } = this.#stream;
    const { littleEndian, headerBytes, capturedAt, originalAt, secondsAt, mayBeSwapped } = file.layout;
    const { unitsPerSecond, nanosPerUnit, padding } = file.layout;
    let lastSeconds = this.#lastSeconds;
    let frames = this.frames;
    let at = start;
    /** The last record that the sink was given, or one that others of its kind follow up to `at`. */
    let before = end;
    this.needed = headerBytes;
    while (end - at >= headerBytes) {
      let captured = view.getUint32(at + capturedAt, littleEndian);
      let original = view.getUint32(at + originalAt, littleEndian);
      let seconds = view.getUint32(at + secondsAt, littleEndian);
      let fraction = view.getUint32(at + secondsAt + FRACTION, littleEndian);
      const drift = seconds - lastSeconds;
      if (!isPlain(captured, original, limit) || fraction >= unitsPerSecond || !(drift <= AHEAD && drift >= BEHIND)) {
        if (mayBeSwapped && captured > original) {
          [captured, original] = [original, captured];
        }
        const record = { captured, original, seconds, fraction };
        const judgement = judge(file, view, at, end, this.#last, record, lastSeconds);
        if (judgement.is === "wait") this.needed = judgement.needed;
        if (judgement.is === "other-file") this.state = "next";
        if (judgement.is === "lie") at = this.#lies(file, bytes, view, before, at, end, judgement.complaint);
        if (judgement.is !== "sound" && judgement.is !== "untimed") break;
        if (judgement.is === "untimed") {
          seconds = NaN;
          fraction = 0;
        }
        // A fraction beyond a second is written by broken clocks. The carry keeps the order of such stamps.
        seconds += Math.floor(fraction / unitsPerSecond);
        fraction %= unitsPerSecond;
        // Some writers leave the original length below the captured one, or zero.
        original = Math.max(captured, original);
      }
      const size = headerBytes + captured + (-captured & padding);
      if (end - at < size) {
        this.needed = size;
        break;
      }
      const isTimed = !Number.isNaN(seconds);
      const next = at + size;
      let own = next;
      if (end - next >= headerBytes) {
        const ahead = view.getUint32(next + capturedAt, littleEndian);
        if (!isPlain(ahead, view.getUint32(next + originalAt, littleEndian), limit)) {
          own = this.#ownEnd(file, bytes, view, at, next, end, isTimed ? seconds : lastSeconds);
          if (own === NOT_TOLD) break;
        }
      } else if (!this.#last && findSwallowed(bytes, view, at + headerBytes, next, end) !== null) {
        // All others are handed on at once: in a pipe the next one may be long in coming.
        this.needed = size + headerBytes;
        break;
      }
      if (this.state === "next") {
        at = own;
        break;
      }
      if (!isTimed) this.#untimed(at);
      if (own < next) captured = Math.min(captured, own - at - headerBytes);
      if (isTimed) lastSeconds = seconds;
      sink.frame(bytes, view, at + headerBytes, captured, original, seconds, fraction * nanosPerUnit, interfaceIndex);
      frames += 1;
      before = at;
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
   * have been cut, too. Sets `state` if a capture begins there that can be read.
   *
   * @param at where the record begins
   * @param next where it ends, and what follows it begins, whose header is there
   */
  #ownEnd(
    file: PcapFile,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    next: number,
    end: number,
    lastSeconds: number,
  ): number {
    const { headerBytes } = file.layout;
    const following = file.rule.header(view, next);
    const judgement = judge(file, view, next, end, this.#last, following, lastSeconds);
    if (judgement.is === "wait") {
      this.needed = next - at + judgement.needed;
      return NOT_TOLD;
    }
    const reachesBeyond = this.#last && end - next < file.rule.size(following.captured);
    if (judgement.is === "lie" || (judgement.is !== "other-file" && reachesBeyond)) {
      const swallowed = findSwallowed(bytes, view, at + headerBytes, next, end);
      if (swallowed === "more" && !this.#last) {
        this.needed = next - at + headerBytes + FILE_HEADER_BYTES;
        return NOT_TOLD;
      }
      if (swallowed !== null && swallowed !== "more") {
        if (swallowed.complaint === null) this.#cutBy(swallowed.at);
        return swallowed.at;
      }
    }
    return next;
  }

  /** A record is cut here, because another capture begins. */
  #cutBy(at: number): void {
    const offset = this.#origin + at;
    this.#tell({ code: "cut-record", offset, sentence: CUT });
    this.#stream.damage.resumed(offset);
    this.state = "next";
  }

  /**
   * A record header lies: reading goes on in a capture that the record before it swallowed, or others are searched for.
   *
   * @param before where a record begins that others follow up to this; not below `at` if none is there
   * @returns from where on
   */
  #lies(
    file: PcapFile,
    bytes: Uint8Array,
    view: DataView,
    before: number,
    at: number,
    end: number,
    complaint: Complaint,
  ): number {
    const { rule } = file;
    const { headerBytes } = file.layout;
    const lie = { ...complaint, offset: this.#origin + at };
    let last = before;
    for (let next = last; next < at; next += rule.size(rule.captured(view, next))) last = next;
    const from = Math.min(last + headerBytes, at);
    const swallowed = findSwallowed(bytes, view, from, at + headerBytes, end);
    if (swallowed !== null && swallowed !== "more") {
      if (swallowed.complaint !== null) {
        this.#suspicion = { lie, other: { ...swallowed.complaint, offset: this.#origin + swallowed.at } };
      } else if (swallowed.at < at) {
        this.#cutBy(swallowed.at);
        return swallowed.at;
      }
    }
    if (this.#suspicion === null) this.#tell(lie);
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
      const swallowed = findSwallowed(bytes, view, at + layout.headerBytes, end, end);
      if (swallowed === null || swallowed === "more" || swallowed.complaint === null) return false;
      this.#tell({ ...swallowed.complaint, offset: this.#origin + swallowed.at });
      return false;
    }
    if (captureStart(view, chain.at, end) === Start.YES) {
      this.#tell({ code: "cut-record", offset: this.#origin + chain.at, sentence: CUT });
    } else {
      const sentence = `A packet record announces a frame of ${rule.captured(view, at)} bytes, but others begin within it.`;
      this.#tell({ code: "bad-length", offset: this.#origin + at, sentence });
    }
    this.#searching = true;
    return true;
  }
}

/** Records as nearly all files have them, in the order of nearly all machines. */
function isUsual({ littleEndian, headerBytes, capturedAt }: PcapLayout): boolean {
  return littleEndian && headerBytes === RECORD_HEADER_BYTES && capturedAt === CAPTURED;
}

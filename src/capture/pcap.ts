import { findChain, Found, type Chain } from "./chain.js";
import { followed } from "./followed.js";
import { captureStart, FILE_HEADER_BYTES, SNOOP_HEADER_BYTES, Start } from "./magic.js";
import { MAX_INTERFACES } from "./interfaces.js";
import { MAX_FRAME_BYTES, type CaptureParser, type CaptureStream } from "./parser.js";
import { AHEAD, BEHIND, isOutOfPlace, isTimely, PcapChainRule } from "./pcap-chain.js";
import { CAPTURED, FRACTION, readPcapLayout, RECORD_HEADER_BYTES, type PcapLayout } from "./pcap-layout.js";
import type { RecordKind } from "./sieve.js";
import { readSnoopLayout } from "./snoop-layout.js";

/** What a second look at a doubtful record header says. */
const Verdict = { SOUND: 0, UNTIMED: 1, WAIT: 2, LIES: 3, OTHER_FILE: 4 } as const;
type Verdict = (typeof Verdict)[keyof typeof Verdict];

interface PcapFile {
  readonly layout: PcapLayout;
  readonly rule: PcapChainRule;
  /** For a sieve; null: of records that it does not know. */
  readonly kind: RecordKind | null;
  /** What its frames are of. */
  readonly interfaceIndex: number;
  /** Frames are whole up to this length, and cut at it if they are longer; any other captured length raises doubt. */
  readonly limit: number;
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
    const { damage } = this.#stream;
    if (this.state !== "reading" || this.#searching || (leftover === 0 && this.#file !== null)) return;
    if (this.#file === null) {
      const sentence = `The input ends within its ${this.format} file header, after ${leftover} of ${this.#headerBytes} bytes.`;
      damage.found("cut-header", this.#position, sentence);
      return;
    }
    const { headerBytes } = this.#file.layout;
    const whole = leftover < headerBytes ? `the ${headerBytes} bytes of its header` : `${this.needed} bytes`;
    const sentence = `The input ends within a packet record, after ${leftover} of ${whole}.`;
    damage.found("cut-record", this.#position, sentence);
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
      else if (this.state === "reading" && this.#last && this.#liesAtEnd(file, view, at, end)) at += 1;
      else return at;
    }
  }

  /** Looks for the next place where reading can go on; `needed` says what it takes to look further. */
  #search(rule: PcapChainRule, view: DataView, start: number, end: number): Chain {
    rule.lastSeconds = this.#lastSeconds;
    const chain = findChain(rule, view, start, end, end, this.#last);
    if (chain.found === Found.HERE) {
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
    this.needed = headerBytes;
    while (end - at >= headerBytes) {
      let captured = view.getUint32(at + capturedAt, littleEndian);
      let original = view.getUint32(at + originalAt, littleEndian);
      let seconds = view.getUint32(at + secondsAt, littleEndian);
      let fraction = view.getUint32(at + secondsAt + FRACTION, littleEndian);
      const drift = seconds - lastSeconds;
      if (
        captured === 0 ||
        captured > limit ||
        (captured !== original && (captured !== limit || original < limit)) ||
        fraction >= unitsPerSecond ||
        !(drift <= AHEAD && drift >= BEHIND)
      ) {
        if (mayBeSwapped && captured > original) {
          [captured, original] = [original, captured];
        }
        this.#lastSeconds = lastSeconds;
        const verdict = this.#doubt(file, view, at, end, { captured, original, seconds, fraction });
        if (verdict > Verdict.UNTIMED) {
          if (verdict === Verdict.OTHER_FILE) this.state = "next";
          if (verdict === Verdict.LIES) this.#searching = true;
          break;
        }
        if (verdict === Verdict.UNTIMED) {
          sink.frame(bytes, view, at + headerBytes, captured, Math.max(captured, original), NaN, 0, interfaceIndex);
          frames += 1;
          at += file.rule.size(captured);
          continue;
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
      sink.frame(bytes, view, at + headerBytes, captured, original, seconds, fraction * nanosPerUnit, interfaceIndex);
      frames += 1;
      lastSeconds = seconds;
      at += size;
      if (sieve !== null && kind !== null) {
        at = sieve.pcap(at, end, seconds, fraction, kind);
        frames += sieve.passed;
      }
    }
    this.#lastSeconds = lastSeconds;
    this.frames = frames;
    return at;
  }

  /**
   * Takes a second look at a record header that is not as usual, by what follows it. A length that lies has a sound
   * chain of records within what it claims; a time that lies has neighbours that agree with each other.
   */
  #doubt(file: PcapFile, view: DataView, at: number, end: number, record: RecordHeader): Verdict {
    const { rule, limit } = file;
    const { headerBytes, unitsPerSecond } = file.layout;
    const { captured, original, seconds, fraction } = record;
    const start = captureStart(view, at, end);
    if (start === Start.MORE && !this.#last) return this.#wait(FILE_HEADER_BYTES);
    if (start !== Start.NO) return Verdict.OTHER_FILE;
    const timely = isTimely(seconds, this.#lastSeconds);
    if (!timely) {
      const rest = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(end - at, FILE_HEADER_BYTES));
      const other = followed(rest, "uncompressed");
      if (other !== null) return this.#lies(at, other.sentence, other.code);
    }
    if (captured > MAX_FRAME_BYTES) {
      return this.#lies(
        at,
        `A packet record announces a frame of ${captured} bytes; a frame has ${MAX_FRAME_BYTES} at most.`,
      );
    }
    if (rule.isZero(view, at)) return this.#lies(at, "The header of a packet record is nothing but zeros.");
    rule.lastSeconds = this.#lastSeconds;
    const whole = captured === original || (captured === limit && original > limit);
    const usual = captured <= limit && whole && fraction < unitsPerSecond;
    // The first record of all has nothing but what follows it to vouch for it.
    if (timely && usual && !Number.isNaN(this.#lastSeconds)) return Verdict.SOUND;

    const size = rule.size(captured);
    const next = at + size;
    if (end - next < headerBytes) return this.#last ? Verdict.SOUND : this.#wait(size + headerBytes);
    if (timely && !Number.isNaN(this.#lastSeconds)) {
      if (rule.mayFollow(view, next, seconds)) return Verdict.SOUND;
    } else {
      const chain = rule.leadsOn(view, next, end, usual, this.#last);
      if (chain === Found.MORE) return this.#wait(end - at + 1);
      if (chain === Found.HERE) {
        const lies = isOutOfPlace(seconds, this.#lastSeconds, rule.seconds(view, next));
        return lies ? this.#untimed(at) : Verdict.SOUND;
      }
    }
    const following = captureStart(view, next, end);
    if (following === Start.MORE && !this.#last) return this.#wait(size + FILE_HEADER_BYTES);
    if (following !== Start.NO) return Verdict.SOUND;
    if (end - next < rule.window && !this.#last) return this.#wait(size + rule.window);
    if (findChain(rule, view, at + 1, next, end, this.#last).found === Found.HERE) {
      return this.#lies(at, `A packet record announces a frame of ${captured} bytes, but others begin within it.`);
    }
    return timely
      ? Verdict.SOUND
      : this.#lies(at, "A packet record fits neither what precedes it nor what follows it.");
  }

  #wait(needed: number): Verdict {
    this.needed = needed;
    return Verdict.WAIT;
  }

  #lies(at: number, sentence: string, code = "bad-length"): Verdict {
    this.#stream.damage.found(code, this.#origin + at, sentence);
    return Verdict.LIES;
  }

  #untimed(at: number): Verdict {
    const sentence = "A packet record has a time that is far from those before and behind it; it is taken for unknown.";
    this.#stream.damage.found("bad-time", this.#origin + at, sentence);
    this.#stream.damage.resumed(this.#origin + at);
    return Verdict.UNTIMED;
  }

  /** A record that reaches beyond the end of the stream is cut, unless whole ones begin within what is left of it. */
  #liesAtEnd({ layout, rule }: PcapFile, view: DataView, at: number, end: number): boolean {
    if (end - at < layout.headerBytes) return false;
    rule.lastSeconds = this.#lastSeconds;
    if (findChain(rule, view, at + 1, end, end, true).found !== Found.HERE) return false;
    const sentence = `A packet record announces a frame of ${rule.captured(view, at)} bytes, but others begin within it.`;
    this.#stream.damage.found("bad-length", this.#origin + at, sentence);
    this.#searching = true;
    return true;
  }
}

/** Records as nearly all files have them, in the order of nearly all machines. */
function isUsual({ littleEndian, headerBytes, capturedAt }: PcapLayout): boolean {
  return littleEndian && headerBytes === RECORD_HEADER_BYTES && capturedAt === CAPTURED;
}

/** The numbers of a record header, in their usual order. */
interface RecordHeader {
  readonly captured: number;
  readonly original: number;
  readonly seconds: number;
  readonly fraction: number;
}

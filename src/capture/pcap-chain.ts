import { Found, type ChainRule } from "./chain.js";
import { captureStart, Start } from "./magic.js";
import { MAX_FRAME_BYTES } from "./parser.js";
import { FRACTION, type PcapLayout } from "./pcap-layout.js";

/** Records in a row that are believed. One header passes by chance in one of 10^9 places, so much for random bytes. */
const CHAIN_RECORDS = 4;
/** A frame that is whole, or cut at the snapshot length, has its length said twice: worth as many records. */
const TWICE_TOLD = 2;
/** At the end of the stream fewer will do: this many, before one that is cut. */
const RECORDS_BEFORE_CUT = 2;
/** The longest frame that is believed here: no tcpdump takes more. */
const MAX_CHAINED_FRAME = 262_144;

/** Where nothing came before: 2001, as few captures are older, and small numbers are more often something else. */
const EARLIEST = 1_000_000_000;

/** How far the time of a record may lie after the one before it, and before it, in seconds, without raising doubt. */
export const AHEAD = 366 * 86_400;
export const BEHIND = -86_400;

/** Whether a time may follow another; anything may follow no time (NaN). */
export function isTimely(seconds: number, before: number): boolean {
  const drift = seconds - before;
  return !(drift > AHEAD || drift < BEHIND);
}

/** The numbers of a record header, in their usual order. */
export interface RecordHeader {
  readonly captured: number;
  readonly original: number;
  readonly seconds: number;
  readonly fraction: number;
}

/** Whether a time is a lie: what is before and behind it agree with each other. One that never was set is no witness. */
export function isOutOfPlace(seconds: number, before: number, behind: number): boolean {
  if (isTimely(seconds, before) || isTimely(behind, seconds)) return false;
  return isTimely(behind, before) && (before >= EARLIEST || seconds < EARLIEST);
}

/** Tells packet records of one pcap or snoop file by their headers: sane lengths, and, where anything may begin, times that fit each other. */
export class PcapChainRule implements ChainRule {
  readonly window: number;
  /** Frames are whole up to this length, and cut at it if they are longer; any other captured length raises doubt. */
  readonly limit: number;
  /** Where the last record that was sound had its frame cut, which the file header need not say; NaN: none was cut. */
  cutAt = NaN;
  /** Time of the last record that was sound; NaN: there was none. */
  lastSeconds = NaN;
  readonly #layout: PcapLayout;

  constructor(layout: PcapLayout) {
    this.#layout = layout;
    this.limit = layout.snapLength === 0 ? MAX_FRAME_BYTES : Math.min(layout.snapLength, MAX_FRAME_BYTES);
    this.window = CHAIN_RECORDS * (layout.headerBytes + MAX_CHAINED_FRAME);
  }

  chainAt(view: DataView, at: number, end: number, last: boolean): Found {
    const { headerBytes } = this.#layout;
    let seconds = this.lastSeconds;
    let next = at;
    for (let records = 0; records < CHAIN_RECORDS; records += 1) {
      if (end - next < headerBytes) return last ? endOfChain(records, next === end) : Found.MORE;
      const captured = this.captured(view, next);
      if (captured === 0 || !this.#isSane(view, next, captured)) return otherCapture(view, next, end, last);
      if (!this.#isInTime(view, next, captured, seconds, records === 0)) return otherCapture(view, next, end, last);
      seconds = this.seconds(view, next);
      next += this.size(captured);
      if (next > end && last) return endOfChain(records, false);
    }
    return Found.HERE;
  }

  /** Whether the first record of a file is here: a frame, and behind it a record that may follow, or another capture. */
  begins(view: DataView, at: number, end: number, last: boolean): Found {
    const { headerBytes } = this.#layout;
    if (end - at < headerBytes) return last ? Found.NONE : Found.MORE;
    if (!this.isSound(view, at)) return Found.NONE;
    const captured = this.captured(view, at);
    const next = at + this.size(captured);
    if (end - next < headerBytes) return last ? Found.NONE : Found.MORE;
    const other = otherCapture(view, next, end, last);
    if (other !== Found.NONE) return other;
    if (!this.mayFollow(view, next, this.seconds(view, at))) return Found.NONE;
    return this.leadsOn(view, next, end, this.#isToldTwice(view, at, captured), last);
  }

  /** Whether many records in a row are here, or several up to the end of the stream, whatever their times. */
  goesOn(view: DataView, at: number, end: number, last: boolean): Found {
    let next = at;
    for (let records = 0; records < CHAIN_RECORDS; records += 1) {
      if (end - next < this.#layout.headerBytes || next > end) {
        if (!last) return Found.MORE;
        return records >= (next === end ? 2 : CHAIN_RECORDS - 1) ? Found.HERE : Found.NONE;
      }
      if (!this.isSound(view, next)) return Found.NONE;
      next += this.size(this.captured(view, next));
    }
    return Found.HERE;
  }

  /** Whether a frame is here, by its record's header alone: of sane lengths, and with a fraction of a second. */
  isSound(view: DataView, at: number): boolean {
    const captured = this.captured(view, at);
    return captured !== 0 && this.#isSane(view, at, captured);
  }

  /**
   * Whether the lengths of a record lead to others, or to one that ends with the stream, whatever their times: clocks are
   * set, and captures of any age are put together.
   *
   * @param at where the record ends
   * @param isToldTwice its own length is
   * @param last nothing follows `end`
   * @returns MORE if that takes bytes beyond `end`; never if `last`
   */
  leadsOn(view: DataView, at: number, end: number, isToldTwice: boolean, last: boolean): Found {
    let weight = isToldTwice ? TWICE_TOLD : 0;
    let next = at;
    for (let records = 0; weight < CHAIN_RECORDS; records += 1) {
      if (end - next < this.#layout.headerBytes) return last ? endOfChain(records, next === end) : Found.MORE;
      const captured = this.captured(view, next);
      if (!this.#isSane(view, next, captured) || (captured === 0 && this.#isNoRecord(view, next, end))) {
        return records === 0 ? Found.NONE : otherCapture(view, next, end, last);
      }
      weight += captured > 0 && this.#isToldTwice(view, next, captured) ? TWICE_TOLD : 1;
      next += this.size(captured);
      if (next > end && last && weight < CHAIN_RECORDS) return endOfChain(records, false);
    }
    return Found.HERE;
  }

  /**
   * Whether a record header is such as nearly all are: a frame that is whole, or cut at the snapshot length, and a time
   * near the one before it.
   *
   * @param before time of the record before it, in seconds; NaN: there was none, and nothing is usual
   */
  isUsual(view: DataView, at: number, before: number): boolean {
    const { littleEndian, capturedAt, originalAt, secondsAt, unitsPerSecond } = this.#layout;
    const captured = view.getUint32(at + capturedAt, littleEndian);
    if (captured === 0 || captured > this.limit) return false;
    const original = view.getUint32(at + originalAt, littleEndian);
    if (captured !== original && !this.isCut(captured, original)) return false;
    if (view.getUint32(at + secondsAt + FRACTION, littleEndian) >= unitsPerSecond) return false;
    const drift = view.getUint32(at + secondsAt, littleEndian) - before;
    return drift <= AHEAD && drift >= BEHIND;
  }

  /** Whether a frame is cut where others are. */
  isCut(captured: number, original: number): boolean {
    return original > captured && (captured === this.limit || captured === this.cutAt);
  }

  /**
   * Whether what follows a record may be its successor: any length that a frame has, and a time near its own.
   *
   * @param seconds the record's own time
   */
  mayFollow(view: DataView, at: number, seconds: number): boolean {
    if (this.captured(view, at) > MAX_FRAME_BYTES || this.isZero(view, at)) return false;
    return isTimely(this.seconds(view, at), seconds);
  }

  /** Of a whole record with so many bytes of a frame. */
  size(captured: number): number {
    const { headerBytes, padding } = this.#layout;
    return headerBytes + captured + (-captured & padding);
  }

  header(view: DataView, at: number): RecordHeader {
    return {
      captured: this.captured(view, at),
      original: this.#original(view, at),
      seconds: this.seconds(view, at),
      fraction: this.#fraction(view, at),
    };
  }

  seconds(view: DataView, at: number): number {
    return view.getUint32(at + this.#layout.secondsAt, this.#layout.littleEndian);
  }

  /** Nothing but zeros: a hole in a file, or what it was padded with. */
  isZero(view: DataView, at: number): boolean {
    for (let offset = 0; offset < this.#layout.headerBytes; offset += 4) {
      if (view.getUint32(at + offset) !== 0) return false;
    }
    return true;
  }

  captured(view: DataView, at: number): number {
    const { littleEndian, capturedAt, originalAt, mayBeSwapped } = this.#layout;
    const captured = view.getUint32(at + capturedAt, littleEndian);
    return mayBeSwapped ? Math.min(captured, view.getUint32(at + originalAt, littleEndian)) : captured;
  }

  /** Whether both lengths, and the fraction of the second, are such as records have. */
  #isSane(view: DataView, at: number, captured: number): boolean {
    if (captured > MAX_CHAINED_FRAME) return false;
    const original = this.#original(view, at);
    // Some writers leave the original length zero.
    if (original !== 0 && (original < captured || original > MAX_FRAME_BYTES)) return false;
    return this.#fraction(view, at) < this.#layout.unitsPerSecond;
  }

  #fraction(view: DataView, at: number): number {
    return view.getUint32(at + this.#layout.secondsAt + FRACTION, this.#layout.littleEndian);
  }

  #isInTime(view: DataView, at: number, captured: number, before: number, first: boolean): boolean {
    const seconds = this.seconds(view, at);
    // The clock may have been set somewhere in what cannot be read.
    if (first) return seconds >= EARLIEST || (!Number.isNaN(before) && isTimely(seconds, before));
    return isTimely(seconds, before) || this.#isToldTwice(view, at, captured);
  }

  /** What looks like a record of no bytes: the header of a pcap file does, too. */
  #isNoRecord(view: DataView, at: number, end: number): boolean {
    return this.isZero(view, at) || captureStart(view, at, end) !== Start.NO;
  }

  #isToldTwice(view: DataView, at: number, captured: number): boolean {
    const original = this.#original(view, at);
    return captured === original || (captured === this.#layout.snapLength && original > captured);
  }

  #original(view: DataView, at: number): number {
    const { littleEndian, originalAt, capturedAt, mayBeSwapped } = this.#layout;
    const original = view.getUint32(at + originalAt, littleEndian);
    return mayBeSwapped ? Math.max(original, view.getUint32(at + capturedAt, littleEndian)) : original;
  }
}

/** The stream is over: whole records up to its very end, or enough of them before a cut one. */
function endOfChain(records: number, exact: boolean): Found {
  return records >= (exact ? 1 : RECORDS_BEFORE_CUT) ? Found.HERE : Found.NONE;
}

/** Another capture file may follow the damage, or the chain. */
function otherCapture(view: DataView, at: number, end: number, last: boolean): Found {
  const start = captureStart(view, at, end);
  if (start === Start.MORE) return last ? Found.NONE : Found.MORE;
  return start === Start.YES ? Found.HERE : Found.NONE;
}

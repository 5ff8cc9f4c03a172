import { INTERFACE_DESCRIPTION_BYTES, SECTION_HEADER_BYTES } from "../pcapng-layout.js";
import { PcapngClock } from "../pcapng-clock.js";
import { findOption, optionsOf, optionText } from "../pcapng-options.js";
import {
  createPcapngWriter,
  IF_TSOFFSET,
  IF_TSRESOL,
  ISB_ENDTIME,
  ISB_STARTTIME,
  OPT_COMMENT,
  SHB_USERAPPL,
  type PcapngOption,
  type PcapngWriter,
} from "../pcapng-writer.js";
import { parseRecordingMark, recordingMarkText, type RecordingMark } from "../recording-mark.js";
import { commentText } from "../remarks.js";

const MICROSECONDS = 6;
const HIGH_WORD = 2n ** 32n;

/** An interface of the section of the stream that is being recorded. Stamps are counts of its units. */
export class RecordedInterface {
  readonly block: Uint8Array;
  /** The same for all interfaces that describe themselves alike. */
  readonly likeness: string;
  readonly clock: PcapngClock;
  /** Its number in the file; -1: none. */
  id = -1;
  /** The stream says since when it is watched. */
  stated = false;
  /** Since when it is watched, as the file says; null: it does not. */
  from: bigint | null = null;
  /** The watch is over. */
  over = false;
  /** Up to when it is known to be in the recording; null: nothing of it is. */
  recorded: bigint | null = null;
  /** What was said of it since is to be written yet. */
  pending = false;
  /** Time of the last statistics of it in the file, in seconds since 1970. */
  said = -Infinity;
  /** Its counts of frames as they were said last. */
  counts: readonly PcapngOption[] = [];
  #high = -1;
  #low = 0;

  constructor(block: Uint8Array, littleEndian: boolean) {
    this.block = block;
    this.likeness = Buffer.from(block).toString("latin1");
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const [start, end] = [INTERFACE_DESCRIPTION_BYTES - 4, block.length - 4];
    const resolution = findOption(view, start, end, littleEndian, IF_TSRESOL);
    const offset = findOption(view, start, end, littleEndian, IF_TSOFFSET);
    this.clock = new PcapngClock(
      resolution === null || resolution.length < 1 ? MICROSECONDS : view.getUint8(resolution.offset),
      offset === null || offset.length < 8 ? 0 : Number(view.getBigInt64(offset.offset, littleEndian)),
    );
  }

  /** It was watched at this time; what lies beyond the calendar is none. */
  reached(high: number, low: number): void {
    if (high < this.#high || (high === this.#high && low <= this.#low)) return;
    this.clock.read(high, low);
    if (Number.isNaN(this.clock.seconds)) return;
    this.#high = high;
    this.#low = low;
  }

  reachedStamp(stamp: bigint): void {
    this.reached(Number(stamp / HIGH_WORD), Number(stamp % HIGH_WORD));
  }

  /** Up to when it was watched; null: nothing is known of that. */
  get until(): bigint | null {
    return this.#high < 0 ? null : BigInt(this.#high) * HIGH_WORD + BigInt(this.#low);
  }
}

/** The section of the stream that is being recorded. */
export class Section {
  readonly littleEndian: boolean;
  /** By their numbers in the stream. */
  readonly interfaces: RecordedInterface[] = [];
  /** Frames come without the number of their interface, and mean the first. */
  simple = false;
  /** The stream says since when interfaces are watched: of others the watch has not begun. */
  stated = false;
  /** Interfaces of it in the file. */
  described = 0;
  readonly #writer: PcapngWriter;
  readonly #options: readonly PcapngOption[];

  /** @param options of its header, but those that say of which recording it is */
  constructor(littleEndian: boolean, options: readonly PcapngOption[]) {
    this.littleEndian = littleEndian;
    this.#writer = createPcapngWriter(littleEndian);
    this.#options = options;
  }

  /** A section of our own. */
  static by(program: string): Section {
    return new Section(true, [createPcapngWriter(true).textOption(SHB_USERAPPL, program)]);
  }

  /** @param at where its header begins */
  static of(bytes: Uint8Array, view: DataView, at: number, total: number, littleEndian: boolean): Section {
    const found = optionsOf(view, at + SECTION_HEADER_BYTES - 4, at + total - 4, littleEndian);
    const options = [...found].flatMap((option) => {
      const isMark = option.code === OPT_COMMENT && parseRecordingMark(optionText(bytes, option) ?? "") !== null;
      const value = bytes.slice(option.offset, option.offset + option.length);
      return isMark ? [] : [{ code: option.code, value }];
    });
    return new Section(littleEndian, options);
  }

  header(mark: RecordingMark): Uint8Array {
    const comment = this.#writer.textOption(OPT_COMMENT, recordingMarkText(mark));
    return this.#writer.sectionHeader([comment, ...this.#options]);
  }

  describe(block: Uint8Array): RecordedInterface {
    const described = new RecordedInterface(block, this.littleEndian);
    this.interfaces.push(described);
    return described;
  }

  /**
   * Statistics of an interface, said at `at`.
   *
   * @param from since when it was watched; null: that is not said
   * @param until up to when
   * @param gap why it is not watched any more; null: it is
   */
  statistics(
    { id, counts }: RecordedInterface,
    at: bigint,
    { from, until, gap }: { readonly from: bigint | null; readonly until: bigint | null; readonly gap: string | null },
  ): Uint8Array {
    const options: PcapngOption[] = [];
    if (gap !== null) options.push(this.#writer.textOption(OPT_COMMENT, commentText({ kind: "gap", reason: gap })));
    if (from !== null) options.push(this.#writer.stampOption(ISB_STARTTIME, from));
    if (until !== null) options.push(this.#writer.stampOption(ISB_ENDTIME, until));
    return this.#writer.interfaceStatistics(id, at, [...options, ...counts]);
  }

  /**
   * Says that the clock was read beside a steady one.
   *
   * @param at what it showed
   * @param monotonic the steady one, in seconds
   */
  clockReading({ id }: RecordedInterface, at: bigint, monotonic: number): Uint8Array {
    const comment = this.#writer.textOption(OPT_COMMENT, commentText({ kind: "clock", monotonic }));
    return this.#writer.interfaceStatistics(id, at, [comment]);
  }
}

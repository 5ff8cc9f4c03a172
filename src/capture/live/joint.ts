import { interfaceStatistics, sectionHeader } from "./statistics.js";
import { SECTION_HEADER } from "../magic.js";
import {
  BODY,
  EMPTY_BLOCK_BYTES,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_DESCRIPTION_BYTES,
  INTERFACE_STATISTICS,
  INTERFACE_STATISTICS_BYTES,
  TOTAL_LENGTH,
} from "../pcapng-layout.js";
import { findOption, optionText } from "../pcapng-options.js";
import { IF_NAME, ISB_ENDTIME, ISB_STARTTIME, OPT_COMMENT } from "../pcapng-writer.js";
import type { Comment } from "../remarks.js";

const STAMP_HIGH = 12;
const HIGH_WORD = 2 ** 32;
/** Watches of one section; then another begins, so that neither it nor its reader grows for good. */
const MOST_WATCHES = 4096;

/** An uninterrupted watch of one interface. */
interface Watch {
  id: number;
  readonly name: string;
  readonly description: Uint8Array;
  /** Microseconds since 1970; null: nothing was said of it yet. */
  from: number | null;
  /** Time of its latest block. */
  last: number;
}

/**
 * Joins the streams of capture processes into one pcapng section, block by block: what a process that died has left
 * unfinished is left out, and all that it was watching is said to have ended. It knows the streams of our own capture
 * processes, not any pcapng.
 */
export class Joint {
  readonly #program: string;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #inflows = new Set<Inflow>();
  #next = 0;
  /** What waits; null: nothing has to. */
  #held: Uint8Array[] | null = null;

  /**
   * @param program what the section says that it was written by
   * @param write takes whole blocks; they are not changed afterwards
   */
  constructor(program: string, write: (bytes: Uint8Array) => void) {
    this.#program = program;
    this.#write = write;
    write(sectionHeader(program));
  }

  /** The stream of another process. */
  join(): Inflow {
    const inflow = new Inflow(
      (bytes) => this.#add(bytes),
      () => this.#number(),
    );
    this.#inflows.add(inflow);
    return inflow;
  }

  /**
   * Nobody knows what becomes of one of the processes: what the others bring waits for that. Otherwise time would pass by
   * what they say, and silence where that one watches would count.
   */
  hold(): void {
    this.#held ??= [];
  }

  /** Goes on, with what has waited. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const bytes of held) this.#write(bytes);
  }

  /**
   * A process has ended; that is said before what waits.
   *
   * @param reasonOf why the watch of an interface ended with it
   */
  leave(inflow: Inflow, now: number, reasonOf: (name: string) => string): void {
    inflow.end(now, reasonOf, this.#write);
    this.#inflows.delete(inflow);
  }

  /**
   * Says something of the host at this moment, in the statistics of one of the interfaces; nothing while none is watched.
   *
   * @param comments so many as one block may have
   */
  remark(now: number, comments: readonly Comment[]): void {
    for (const inflow of this.#inflows) if (inflow.remark(now, comments)) return;
  }

  #add(bytes: Uint8Array): void {
    if (this.#held === null) this.#write(bytes);
    else this.#held.push(bytes);
  }

  #number(): number {
    if (this.#next === MOST_WATCHES) {
      this.#next = 0;
      // Numbers mean something else from here on.
      this.release();
      this.#write(sectionHeader(this.#program));
      for (const inflow of this.#inflows) inflow.describeAgain(() => this.#number());
    }
    this.#next += 1;
    return this.#next - 1;
  }
}

/** The stream of one capture process. */
export class Inflow {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #number: () => number;
  /** By their number in the stream; those that are over are gone. */
  readonly #watches = new Map<number, Watch>();
  /** Up to when all its interfaces were read: what is said of that, with the clock, of one is true of all. */
  #read = -Infinity;
  #described = 0;
  /** The beginning of a block. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(write: (bytes: Uint8Array) => void, number: () => number) {
    this.#write = write;
    this.#number = number;
  }

  /** @param chunk is handed on, changed */
  feed(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let begin = 0;
    let at = 0;
    const handOn = (end: number): void => {
      if (end > begin) this.#write(bytes.subarray(begin, end));
    };
    while (bytes.length - at >= EMPTY_BLOCK_BYTES) {
      const total = view.getUint32(at + TOTAL_LENGTH, true);
      if (total < EMPTY_BLOCK_BYTES) throw new Error("a capture process wrote something else than blocks");
      if (bytes.length - at < total) break;
      const type = view.getUint32(at, true);
      // Its number may need a new section, which must not come between blocks of the old one.
      if (type === SECTION_HEADER || type === INTERFACE_DESCRIPTION) {
        handOn(at);
        begin = type === SECTION_HEADER ? at + total : at;
      }
      if (type === INTERFACE_DESCRIPTION) {
        this.#describe(bytes, view, at, total);
      } else if (type !== SECTION_HEADER && !this.#renumber(bytes, view, at, total, type)) {
        handOn(at);
        begin = at + total;
      }
      at += total;
    }
    handOn(at);
    this.#rest = bytes.subarray(at);
  }

  /** @returns whether it is watching an interface to which it could be said */
  remark(now: number, comments: readonly Comment[]): boolean {
    for (const { id, from } of this.#watches.values()) {
      if (from === null) continue;
      this.#write(interfaceStatistics(id, now, { from, until: null, received: null }, comments));
      return true;
    }
    return false;
  }

  end(now: number, reasonOf: (name: string) => string, write: (bytes: Uint8Array) => void): void {
    for (const { id, name, from, last } of this.#watches.values()) {
      if (from === null) continue;
      const progress = { from, until: Math.max(from, last, this.#read), received: null };
      write(interfaceStatistics(id, now, progress, [{ kind: "gap", reason: reasonOf(name) }]));
    }
    this.#watches.clear();
  }

  /** A new section: the watches go on in it. */
  describeAgain(number: () => number): void {
    for (const watch of this.#watches.values()) {
      watch.id = number();
      this.#write(watch.description);
      if (watch.from === null) continue;
      const progress = { from: watch.from, until: null, received: null };
      this.#write(interfaceStatistics(watch.id, watch.from, progress, []));
    }
  }

  #describe(bytes: Uint8Array, view: DataView, at: number, total: number): void {
    const option = findOption(view, at + INTERFACE_DESCRIPTION_BYTES - 4, at + total - 4, true, IF_NAME);
    const name = option === null ? null : optionText(bytes, option);
    const description = bytes.slice(at, at + total);
    const watch = { id: this.#number(), name: name ?? "", description, from: null, last: 0 };
    this.#watches.set(this.#described, watch);
    this.#described += 1;
  }

  /** @returns whether it is to be handed on */
  #renumber(bytes: Uint8Array, view: DataView, at: number, total: number, type: number): boolean {
    if (type !== ENHANCED_PACKET && type !== INTERFACE_STATISTICS) return true;
    const number = view.getUint32(at + BODY, true);
    const watch = this.#watches.get(number);
    // Of a watch that is over nothing more is true.
    if (watch === undefined) return false;
    view.setUint32(at + BODY, watch.id, true);
    watch.last = stampAt(view, at + STAMP_HIGH);
    if (type === INTERFACE_STATISTICS) this.#noteStatistics(bytes, view, at, total, number, watch);
    return true;
  }

  #noteStatistics(bytes: Uint8Array, view: DataView, at: number, total: number, number: number, watch: Watch): void {
    const end = at + total - 4;
    let [until, tellsClock] = [-1, false];
    for (let option = at + INTERFACE_STATISTICS_BYTES - 4; end - option >= 4;) {
      const value = option + OPTION_BYTES;
      switch (view.getUint16(option, true)) {
        case ISB_STARTTIME:
          watch.from = stampAt(view, value);
          break;
        case ISB_ENDTIME:
          until = stampAt(view, value);
          break;
        case OPT_COMMENT:
          tellsClock ||= beginsWith(bytes, value, CLOCK);
          if (beginsWith(bytes, value, GAP)) this.#watches.delete(number);
      }
      option = value + Math.ceil(view.getUint16(option + 2, true) / 4) * 4;
    }
    if (tellsClock) this.#read = Math.max(this.#read, until);
  }
}

const OPTION_BYTES = 4;
/** What these comments begin with, see remarks.ts. */
const CLOCK = Buffer.from("monotonic ");
const GAP = Buffer.from("gap: ");

function beginsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  return text.every((byte, index) => bytes[at + index] === byte);
}

/** @param at where its upper half lies */
function stampAt(view: DataView, at: number): number {
  return view.getUint32(at, true) * HIGH_WORD + view.getUint32(at + 4, true);
}

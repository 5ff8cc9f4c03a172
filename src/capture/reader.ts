import { DamageLog } from "./damage-log.js";
import { notACapture, TELLING_BYTES } from "./foreign.js";
import { Interfaces } from "./interfaces.js";
import { MAGIC_BYTES } from "./magic.js";
import { giveBack, PAGE_BYTES, pageAlignedMemory, type BlockMemory } from "./memory.js";
import type { CaptureFormat, CaptureParser, CaptureStream } from "./parser.js";
import { captureFormat, createParser, isCutMagic } from "./recognise.js";
import { SIEVE_BYTES } from "./sieve.js";
import type { Damage, FrameSink } from "./sink.js";

/** Pages to read into: large enough that system calls do not count, small enough to stay in the processor's cache. */
const TARGET_PAGES = 8;
/** Where the memory for captures begins. */
const BOTTOM = SIEVE_BYTES;

/**
 * Reads a capture, or several after one another, uncompressed, from bytes that come in blocks of any size, and hands the
 * frames to a sink, numbered through. Memory is bounded: one block, and one unfinished record, or where the capture is
 * damaged what it takes to find sound records again.
 */
export interface Reader {
  /** That of the first capture. Null until the first bytes told it, and for what is no capture. */
  readonly format: CaptureFormat | null;
  /** Frames handed to the sink so far. */
  readonly frames: number;
  /** Why the input could not be read whole; final after `end`. */
  readonly damage: Damage | null;
  /** Further bytes are ignored: it is no capture, or one of a version that nobody knows. */
  readonly stopped: boolean;
  /**
   * Takes the next bytes.
   *
   * @param chunk they may be reused afterwards
   * @throws whatever the sink throws
   */
  feed(chunk: Uint8Array): void;
  /**
   * Where to read the next bytes into, for callers of read(2), who thus save a copy. Never empty; valid up to the next
   * call of any method.
   *
   * @throws nothing
   */
  target(): Uint8Array;
  /**
   * So many bytes are now at the beginning of what `target` gave.
   *
   * @param count at most the length of the target
   * @throws whatever the sink throws
   */
  filled(count: number): void;
  /**
   * The input is over: what is left unfinished becomes damage.
   *
   * @param cut why it is over, where it should not be: that is then said of what is left
   * @throws whatever the sink throws
   */
  end(cut?: Damage | null): void;
}

/**
 * A reader for bytes that the caller has.
 *
 * @param sink takes the frames, from within `feed`, `filled` and `end`
 * @param prompt the bytes are live: each frame is handed on as soon as it is whole. Else one whose end may be lost, or
 *   another capture's, waits for what follows it
 * @throws nothing
 */
export function createReader(sink: FrameSink, prompt = false): Reader {
  return new BlockReader(sink, prompt);
}

/**
 * Memory is [ the sieve's | headroom | target ]. New bytes go to the page-aligned target; the unfinished record that a block ends with
 * moves to the end of the headroom, right before them.
 */
class BlockReader implements Reader {
  format: CaptureFormat | null = null;
  stopped = false;

  readonly #stream: CaptureStream;
  /** Null where the next capture begins. */
  #parser: CaptureParser | null = null;
  /** Of the captures that are over. */
  #framesBefore = 0;
  /** Bytes that were read: where #begin lies in the stream. */
  #position = 0;
  /** Where the target begins. */
  #target = BOTTOM + PAGE_BYTES;
  #memory: BlockMemory;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** All of the target: for each block another one would have to be made. */
  #whole: Uint8Array;
  /** Bytes not yet read lie between these offsets. */
  #begin = this.#target;
  #end = this.#target;
  /** The sink was asked for a sieve for this memory. */
  #sieved = false;
  /** The memory is another's by now. */
  #left = false;

  constructor(sink: FrameSink, prompt: boolean) {
    this.#stream = { sink, interfaces: new Interfaces(sink), damage: new DamageLog(), prompt };
    this.#memory = pageAlignedMemory(this.#target / PAGE_BYTES + TARGET_PAGES);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.#whole = this.#bytes.subarray(this.#target);
  }

  get frames(): number {
    return this.#framesBefore + (this.#parser?.frames ?? 0);
  }

  get damage(): Damage | null {
    return this.#stream.damage.result;
  }

  feed(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.length && !this.stopped) {
      const room = this.#bytes.length - this.#end;
      const part = taken === 0 && chunk.length <= room ? chunk : chunk.subarray(taken, taken + room);
      this.#bytes.set(part, this.#end);
      this.filled(part.length);
      taken += part.length;
    }
  }

  target(): Uint8Array {
    return this.#end === this.#target ? this.#whole : this.#bytes.subarray(this.#end);
  }

  filled(count: number): void {
    if (this.stopped) return;
    this.#end += count;
    // Making one takes longer than reading a small capture without.
    if (!this.#sieved && this.#position + this.#end - this.#begin >= TARGET_PAGES * PAGE_BYTES) this.#sieve();
    if (this.#read(false) || this.#end === this.#bytes.length) this.#settle();
  }

  end(cut: Damage | null = null): void {
    if (!this.stopped) {
      this.#read(true);
      this.#finish(cut, this.#bytes.subarray(this.#begin, this.#end));
      this.stopped = true;
    }
    if (!this.#left) this.#leaveMemory();
  }

  #finish(cut: Damage | null, rest: Uint8Array): void {
    const { damage } = this.#stream;
    if (cut !== null) {
      damage.found(cut.code, cut.offset, cut.sentence);
    } else if (this.#parser !== null) {
      this.#parser.end(rest.length);
    } else if (isCutMagic(rest)) {
      damage.found("cut-header", this.#position, "The input ends within the first bytes of a capture.");
    } else if (!this.stopped) {
      this.#refuse(rest);
    }
  }

  /** Reads what can be read. Returns whether something was. */
  #read(last: boolean): boolean {
    const from = this.#begin;
    for (;;) {
      const parser = this.#recognised();
      if (parser === null || (this.#end - this.#begin < parser.needed && !last)) break;
      const begin = this.#begin;
      this.#begin = parser.parse(this.#bytes, this.#view, begin, this.#end, last);
      this.#position += this.#begin - begin;
      this.stopped = parser.state === "stopped";
      if (parser.state !== "next") break;
      this.#framesBefore += parser.frames;
      this.#parser = null;
    }
    return this.#begin > from;
  }

  #recognised(): CaptureParser | null {
    if (this.#parser !== null || this.#end - this.#begin < MAGIC_BYTES) return this.#parser;
    const format = captureFormat(this.#view, this.#begin, this.#end);
    if (format === null) {
      this.#waitForTellingBytes();
      return null;
    }
    this.format ??= format;
    this.#parser = createParser(format, this.#stream, this.#position);
    return this.#parser;
  }

  /** What is no capture is described by more than its first four bytes. */
  #waitForTellingBytes(): void {
    const first = this.#bytes.subarray(this.#begin, this.#end);
    if (first.length >= TELLING_BYTES) this.#refuse(first);
  }

  #refuse(first: Uint8Array): void {
    const { code, offset, sentence } = notACapture(first.subarray(0, TELLING_BYTES));
    this.#stream.damage.found(code, offset, sentence);
    this.stopped = true;
  }

  /** Whoever still asks for a target gets one that nobody else has. */
  #leaveMemory(): void {
    this.#left = true;
    giveBack(this.#memory);
    this.#stream.sieve = null;
    this.#bytes = new Uint8Array(1);
    this.#whole = this.#bytes;
    this.#memory = { buffer: this.#bytes.buffer };
    this.#view = new DataView(this.#bytes.buffer);
    this.#begin = this.#end = this.#target = 0;
  }

  /** Moves what is unread to right before the target, with more room there if it needs it. */
  #settle(): void {
    const unread = this.#end - this.#begin;
    if (unread > this.#target - BOTTOM) this.#enlarge(Math.max(unread, this.#parser?.needed ?? 0));
    else this.#bytes.copyWithin(this.#target - unread, this.#begin, this.#end);
    this.#begin = this.#target - unread;
    this.#end = this.#target;
  }

  #enlarge(needed: number): void {
    const unread = this.#bytes.subarray(this.#begin, this.#end);
    const before = this.#memory;
    const pages = Math.ceil(needed / PAGE_BYTES);
    this.#target = BOTTOM + pages * PAGE_BYTES;
    this.#memory = pageAlignedMemory(this.#target / PAGE_BYTES + TARGET_PAGES);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.#whole = this.#bytes.subarray(this.#target);
    this.#bytes.set(unread, this.#target - unread.length);
    giveBack(before);
    this.#sieved = false;
    this.#stream.sieve = null;
  }

  #sieve(): void {
    this.#sieved = true;
    this.#stream.sieve = this.#stream.sink.sieve?.(this.#memory) ?? null;
  }
}

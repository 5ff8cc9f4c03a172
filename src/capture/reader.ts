import { notACapture, TELLING_BYTES } from "./foreign.js";
import { PAGE_BYTES, pageAlignedMemory } from "./memory.js";
import type { CaptureFormat, CaptureParser } from "./parser.js";
import { captureFormat, createParser, isCutMagic, MAGIC_BYTES } from "./recognise.js";
import type { Damage, FrameSink } from "./sink.js";

/** Pages to read into: large enough that system calls do not count, small enough to stay in the processor's cache. */
const TARGET_PAGES = 8;

/**
 * Reads one capture, uncompressed, from bytes that come in blocks of any size, and hands its frames to a sink. Memory is
 * bounded: one block, and one unfinished record.
 */
export interface Reader {
  /** Null until the first bytes told it, and for what is no capture. */
  readonly format: CaptureFormat | null;
  readonly frames: number;
  /** Why the input could not be read to its end. Once it is set, further bytes are ignored. */
  readonly damage: Damage | null;
  /** Takes the next bytes; they may be reused afterwards. */
  feed(chunk: Uint8Array): void;
  /**
   * Where to read the next bytes into, for callers of read(2), who thus save a copy. Never empty; valid up to the next
   * call of any method.
   */
  target(): Uint8Array;
  /** So many bytes are now at the beginning of what `target` gave. */
  filled(count: number): void;
  /** The input is over: what is left unfinished becomes damage. */
  end(): void;
}

export function createReader(sink: FrameSink): Reader {
  return new BlockReader(sink);
}

/**
 * Memory is [ headroom | target ]. New bytes go to the page-aligned target; the unfinished record that a block ends with
 * moves to the end of the headroom, right before them.
 */
class BlockReader implements Reader {
  damage: Damage | null = null;

  readonly #sink: FrameSink;
  #parser: CaptureParser | null = null;
  #headroom = PAGE_BYTES;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** Bytes not yet read lie between these offsets. */
  #begin = PAGE_BYTES;
  #end = PAGE_BYTES;

  constructor(sink: FrameSink) {
    this.#sink = sink;
    const memory = pageAlignedMemory(1 + TARGET_PAGES);
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }

  get format(): CaptureFormat | null {
    return this.#parser?.format ?? null;
  }

  get frames(): number {
    return this.#parser?.frames ?? 0;
  }

  feed(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.length && this.damage === null) {
      const target = this.target();
      const part = chunk.subarray(taken, taken + target.length);
      target.set(part);
      this.filled(part.length);
      taken += part.length;
    }
  }

  target(): Uint8Array {
    return this.#bytes.subarray(this.#end);
  }

  filled(count: number): void {
    if (this.damage !== null) return;
    this.#end += count;
    const parser = this.#recognised();
    if (parser !== null && this.#end - this.#begin >= parser.needed) {
      this.#begin = parser.parse(this.#bytes, this.#view, this.#begin, this.#end);
      this.damage = parser.damage;
      this.#settle();
    } else if (this.#end === this.#bytes.length) {
      this.#settle();
    }
  }

  end(): void {
    if (this.damage !== null) return;
    const rest = this.#bytes.subarray(this.#begin, this.#end);
    if (this.#parser !== null) {
      this.damage = this.#parser.end(rest.length);
    } else if (isCutMagic(rest)) {
      this.damage = { code: "cut-header", offset: 0, sentence: "The input ends within the first bytes of a capture." };
    } else {
      this.damage = notACapture(rest);
    }
  }

  #recognised(): CaptureParser | null {
    if (this.#parser !== null || this.#end - this.#begin < MAGIC_BYTES) return this.#parser;
    const format = captureFormat(this.#view, this.#begin);
    if (format === null) {
      this.#waitForTellingBytes();
      return null;
    }
    this.#parser = createParser(format, this.#sink);
    return this.#parser;
  }

  /** What is no capture is described by more than its first four bytes. */
  #waitForTellingBytes(): void {
    const first = this.#bytes.subarray(this.#begin, this.#end);
    if (first.length >= TELLING_BYTES) this.damage = notACapture(first.subarray(0, TELLING_BYTES));
  }

  /** Moves what is unread to right before the target, with more headroom if it needs it. */
  #settle(): void {
    const unread = this.#end - this.#begin;
    if (unread > this.#headroom) this.#enlarge(Math.max(unread, this.#parser?.needed ?? 0));
    else this.#bytes.copyWithin(this.#headroom - unread, this.#begin, this.#end);
    this.#begin = this.#headroom - unread;
    this.#end = this.#headroom;
  }

  #enlarge(needed: number): void {
    const unread = this.#bytes.subarray(this.#begin, this.#end);
    const pages = Math.ceil(needed / PAGE_BYTES);
    const memory = pageAlignedMemory(pages + TARGET_PAGES);
    this.#headroom = pages * PAGE_BYTES;
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
    this.#bytes.set(unread, this.#headroom - unread.length);
  }
}

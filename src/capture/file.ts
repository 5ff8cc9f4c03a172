import { openByteInput, type ByteInput, type CompressedInput } from "./byte-input.js";
import { ChunkInput, type Chunks } from "./chunk-input.js";
import { decompressed, TELLING_BYTES, type Compression, type Decompressed } from "./compression.js";
import { inputError } from "./errors.js";
import { JoinedInput } from "./joined-input.js";
import { MeteredInput } from "./metered-input.js";
import type { CaptureFormat } from "./parser.js";
import { isPauseDue, pause } from "./pause.js";
import { createReader, type Reader } from "./reader.js";
import type { Damage, FrameSink } from "./sink.js";

/** A capture file, or a capture on standard input, plain or compressed. */
export interface Source {
  /** Null until the first bytes told it, and for what is no capture. */
  readonly format: CaptureFormat | null;
  /** Null for what is plain, and until the first bytes told it. */
  readonly compression: Compression | null;
  /** Frames handed to the sink so far. */
  readonly frames: number;
  /** Bytes read so far, compressed if they are. */
  readonly taken: number;
  /** Why it could not be read to its end; final once `pump` gave false. */
  readonly damage: Damage | null;
  /**
   * Reads one block and hands its frames to the sink: at once where it need not be waited for, as mostly in a file. A
   * promise for each block would take longer than what is done with it.
   *
   * @returns false at the end, or where damage stops it
   * @throws EnvironmentError if the system cannot read on; whatever the sink throws
   */
  pump(): boolean | Promise<boolean>;
  /**
   * Gives file and memory back, at any time.
   *
   * @throws nothing
   */
  close(): void;
}

/**
 * Opens a capture; its format and its compression are told by content.
 *
 * @param path a file or a named pipe; "-" is standard input
 * @param sink takes the frames, from within `pump`
 * @param further files that go on where the one before ended
 * @returns what reads it, block by block
 * @throws EnvironmentError if it cannot be opened
 */
export function openSource(path: string, sink: FrameSink, further: readonly string[] = []): Source {
  try {
    if (further.length === 0) return sourceOf(path, openByteInput(path), sink);
    const joined = new JoinedInput([path, ...further]);
    return new ByteSource(path, joined, createReader(sink), joined);
  } catch (error) {
    throw inputError(error, path);
  }
}

/** The same for a stream that is live: its frames are handed on as they come. */
export function openLiveSource(path: string, sink: FrameSink): Source {
  try {
    return new ByteSource(path, openByteInput(path), createReader(sink, true));
  } catch (error) {
    throw inputError(error, path);
  }
}

/** The same for bytes that were opened already. */
export function sourceOf(path: string, input: ByteInput, sink: FrameSink): Source {
  return new ByteSource(path, input, createReader(sink));
}

/**
 * A capture whose bytes come from elsewhere, in chunks of any size; its format and its compression are told by content.
 *
 * @param name what errors call it
 */
export function chunkSource(name: string, chunks: Chunks, sink: FrameSink): Source {
  return new ByteSource(name, new ChunkInput(chunks), createReader(sink));
}

class ByteSource implements Source {
  compression: Compression | null = null;
  damage: Damage | null = null;

  readonly #path: string;
  readonly #reader: Reader;
  readonly #meter: MeteredInput;
  #input: ByteInput;
  /** Knows why it ended too early. */
  #compressed: CompressedInput | null;
  #begun = false;
  #ended = false;

  constructor(path: string, input: ByteInput, reader: Reader, compressed: CompressedInput | null = null) {
    this.#path = path;
    this.#compressed = compressed;
    this.#input = this.#meter = new MeteredInput(input);
    this.#reader = reader;
  }

  get format(): CaptureFormat | null {
    return this.#reader.format;
  }

  get frames(): number {
    return this.#reader.frames;
  }

  get taken(): number {
    return this.#meter.taken;
  }

  pump(): boolean | Promise<boolean> {
    if (this.#ended) return false;
    if (!this.#begun) return this.#begin();
    if (isPauseDue()) return this.#pause();
    return this.#readOn();
  }

  close(): void {
    this.#ended = true;
    this.#input.close();
  }

  /** Reads the first bytes, which tell whether the input is compressed. */
  async #begin(): Promise<boolean> {
    this.#begun = true;
    const target = this.#reader.target();
    let count = 0;
    while (count < TELLING_BYTES) {
      const more = await this.#read(target.subarray(count));
      if (more === 0) break;
      count += more;
    }
    const opened = await this.#look(target.subarray(0, count));
    if (opened === null) return this.#took(count);
    this.compression = opened.compression;
    this.#input = this.#compressed = opened.input;
    return this.#readOn();
  }

  async #look(first: Uint8Array): Promise<Decompressed | null> {
    try {
      return await decompressed(this.#input, first);
    } catch (error) {
      throw inputError(error, this.#path);
    }
  }

  async #pause(): Promise<boolean> {
    await pause();
    return this.#readOn();
  }

  #readOn(): boolean | Promise<boolean> {
    const count = this.#read(this.#reader.target());
    return typeof count === "number" ? this.#took(count) : count.then((later) => this.#took(later));
  }

  #read(into: Uint8Array): number | Promise<number> {
    try {
      const count = this.#input.read(into);
      return typeof count === "number" ? count : count.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      return this.#fail(error);
    }
  }

  #fail(error: unknown): never {
    throw inputError(error, this.#path);
  }

  #took(count: number): boolean {
    if (count > 0) this.#reader.filled(count);
    if (count === 0 || this.#reader.stopped) this.#end();
    return !this.#ended;
  }

  #end(): void {
    this.#ended = true;
    this.#reader.end(this.#compressed?.damage);
    this.damage = this.#reader.damage;
  }
}

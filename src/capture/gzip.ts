import { createGunzip, type Gunzip } from "node:zlib";
import type { ByteInput } from "./byte-input.js";
import type { Damage } from "./sink.js";

/** What zlib inflates into: larger chunks are faster, up to this. */
const OUTPUT_BYTES = 1024 * 1024;
/**
 * What zlib is given at a time. All that comes of it waits in memory, up to 1032 times as much; and where the data are
 * bad, up to OUTPUT_BYTES of it are lost.
 */
const INPUT_BYTES = 64 * 1024;

/** Whether an input that begins with these bytes is gzip-compressed (RFC 1952 section 2.3.1). */
export function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b;
}

/**
 * The uncompressed bytes of a gzip input, of one or several members. Where it is cut or broken it ends there, and
 * `damage` says so.
 */
export class GzipInput implements ByteInput {
  damage: Damage | null = null;

  readonly #compressed: ByteInput;
  readonly #gunzip: Gunzip;
  readonly #buffer = new Uint8Array(INPUT_BYTES);
  /** Bytes that the caller had read before it knew that they are compressed. */
  #first: Uint8Array;
  /** Inflated, not yet read. */
  #chunks: Uint8Array[] = [];
  /** Uncompressed bytes given to the caller. */
  #given = 0;
  #ended = false;
  #failure: Error | null = null;
  /** Ends the wait for zlib. */
  #wake: () => void = () => undefined;

  constructor(compressed: ByteInput, first: Uint8Array) {
    this.#compressed = compressed;
    this.#first = first;
    this.#gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
    this.#gunzip.on("data", (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#gunzip.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    this.#gunzip.on("error", (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  async read(into: Uint8Array): Promise<number> {
    let chunk = this.#chunks[0];
    while (chunk === undefined) {
      if (this.#failure !== null) this.damage = gzipDamage(this.#failure, this.#given);
      if (this.#ended || this.#failure !== null) return 0;
      await this.#inflate();
      chunk = this.#chunks[0];
    }
    const part = chunk.subarray(0, into.length);
    into.set(part);
    if (part.length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(part.length);
    this.#given += part.length;
    return part.length;
  }

  close(): void {
    this.#gunzip.destroy();
    this.#compressed.close();
  }

  /** Gives zlib some more, and waits until it has done with it. */
  async #inflate(): Promise<void> {
    const piece = await this.#nextPiece();
    if (this.#ended || this.#failure !== null) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (piece.length === 0) this.#gunzip.end();
      else this.#gunzip.write(piece, () => resolve());
    });
    // What zlib has pushed, but not yet announced, comes to the listener by this.
    this.#gunzip.read();
  }

  async #nextPiece(): Promise<Uint8Array> {
    const first = this.#first;
    if (first.length === 0) return this.#buffer.subarray(0, await this.#compressed.read(this.#buffer));
    this.#first = first.subarray(INPUT_BYTES);
    return first.subarray(0, INPUT_BYTES);
  }
}

function gzipDamage(failure: Error, offset: number): Damage {
  const cut = "code" in failure && failure.code === "Z_BUF_ERROR";
  return cut
    ? { code: "cut-gzip", offset, sentence: "The gzip-compressed input is cut off; what could be read is used." }
    : {
        code: "bad-gzip",
        offset,
        sentence: "The gzip-compressed input is damaged from here on; what came before is used.",
      };
}

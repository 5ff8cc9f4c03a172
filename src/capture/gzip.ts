import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import type { ByteInput, CompressedInput } from "./byte-input.js";
import { followed } from "./followed.js";
import { gzipHeaderLength } from "./gzip-header.js";
import { FILE_HEADER_BYTES } from "./magic.js";
import type { Damage } from "./sink.js";

/** What zlib inflates into: larger chunks are faster, up to this. */
const OUTPUT_BYTES = 1024 * 1024;
/**
 * What zlib is given at a time. All that comes of it waits in memory, up to 1032 times as much; and where the data are
 * bad, up to OUTPUT_BYTES of it are lost.
 */
const INPUT_BYTES = 64 * 1024;
/** Nobody's file name is longer; a header that goes on and on is none. */
const MAX_HEADER_BYTES = 1024 * 1024;
/** RFC 1952 section 2.3.1: CRC32 and length modulo 2^32 of the uncompressed data, little-endian. */
const TRAILER_BYTES = 8;

/** A member that is being inflated. */
interface Member {
  readonly inflate: InflateRaw;
  checksum: number;
  length: number;
  /** The deflated data are over; what zlib was given beyond them is unused. */
  ended: boolean;
  failure: Error | null;
  /** Ends the wait for zlib. */
  wake: () => void;
}

/**
 * The uncompressed bytes of a gzip input, of one or several members (RFC 1952). What follows the last member and is none
 * is no part of it, such as padding; if it is another capture, `damage` says so. Where it is cut or broken it ends there, and `damage` says so.
 */
export class GzipInput implements CompressedInput {
  damage: Damage | null = null;

  readonly #compressed: ByteInput;
  readonly #buffer = new Uint8Array(INPUT_BYTES);
  /** Compressed bytes that were read and not yet used. */
  #unused: Uint8Array;
  /** Null between members. */
  #member: Member | null = null;
  #members = 0;
  /** Inflated, not yet read. */
  #chunks: Uint8Array[] = [];
  /** Uncompressed bytes given to the caller. */
  #given = 0;
  #ended = false;

  /** @param first bytes that the caller had read before it knew that they are compressed */
  constructor(compressed: ByteInput, first: Uint8Array) {
    this.#compressed = compressed;
    this.#unused = first;
  }

  async read(into: Uint8Array): Promise<number> {
    let chunk = this.#chunks[0];
    while (chunk === undefined) {
      if (this.#ended) return 0;
      await (this.#member === null ? this.#begin() : this.#goOn(this.#member));
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
    this.#member?.inflate.destroy();
    this.#compressed.close();
  }

  /** Reads the header of a member. */
  async #begin(): Promise<void> {
    const length = gzipHeaderLength(this.#unused);
    if (length === "more" && this.#unused.length < MAX_HEADER_BYTES) {
      if (await this.#more()) return;
      // The end, or a single byte behind the last member.
      this.#stop(this.#members > 0 && this.#unused.length < 2 ? null : CUT);
    } else if (typeof length !== "number") {
      while (this.#unused.length < FILE_HEADER_BYTES && (await this.#more()));
      this.#stop(this.#members > 0 ? followed(this.#unused.subarray(0, FILE_HEADER_BYTES), "gzip-compressed") : BAD);
    } else {
      this.#unused = this.#unused.subarray(length);
      this.#member = this.#open();
    }
  }

  #open(): Member {
    const inflate = createInflateRaw({ chunkSize: OUTPUT_BYTES });
    const member: Member = { inflate, checksum: 0, length: 0, ended: false, failure: null, wake: () => undefined };
    inflate.on("data", (chunk: Uint8Array) => {
      member.checksum = crc32(chunk, member.checksum);
      member.length += chunk.length;
      this.#chunks.push(chunk);
    });
    inflate.on("end", () => {
      member.ended = true;
      member.wake();
    });
    inflate.on("error", (error) => {
      member.failure = error;
      member.wake();
    });
    return member;
  }

  /** Gives zlib some more, and waits until it has done with it. */
  async #goOn(member: Member): Promise<void> {
    const over = this.#unused.length === 0 && !(await this.#more());
    const { inflate } = member;
    const piece = this.#unused;
    const before = inflate.bytesWritten;
    await new Promise<void>((resolve) => {
      member.wake = resolve;
      if (over) inflate.end();
      else inflate.write(piece, () => resolve());
    });
    // What zlib has pushed, but not yet announced, comes to the listener by this.
    inflate.read();
    this.#unused = piece.subarray(inflate.bytesWritten - before);
    if (member.ended) await this.#finish(member);
    else if (member.failure !== null) this.#stop(isCut(member.failure) ? CUT : BAD);
  }

  /** Reads the trailer of a member. */
  async #finish(member: Member): Promise<void> {
    while (this.#unused.length < TRAILER_BYTES) {
      if (await this.#more()) continue;
      this.#stop(CUT);
      return;
    }
    const trailer = new DataView(this.#unused.buffer, this.#unused.byteOffset, TRAILER_BYTES);
    const sound = trailer.getUint32(0, true) === member.checksum && trailer.getUint32(4, true) === member.length >>> 0;
    this.#unused = this.#unused.subarray(TRAILER_BYTES);
    this.#member = null;
    this.#members += 1;
    if (!sound) this.#note(WRONG_SUM);
  }

  /** Reads more compressed bytes behind the unused ones; false at the end. */
  async #more(): Promise<boolean> {
    const kept = this.#unused;
    const bytes = kept.length === 0 ? this.#buffer : new Uint8Array(kept.length + INPUT_BYTES);
    const count = await this.#compressed.read(bytes.subarray(kept.length));
    bytes.set(kept);
    this.#unused = bytes.subarray(0, kept.length + count);
    return count > 0;
  }

  #stop(why: Complaint | null): void {
    this.#ended = true;
    if (why !== null) this.#note(why);
  }

  /** The first complaint counts. */
  #note({ code, sentence }: Complaint): void {
    const waiting = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.damage ??= { code, offset: this.#given + waiting, sentence };
  }
}

type Complaint = Omit<Damage, "offset">;

const CUT: Complaint = {
  code: "cut-gzip",
  sentence: "The gzip-compressed input is cut off; what could be read is used.",
};
const BAD: Complaint = {
  code: "bad-gzip",
  sentence: "The gzip-compressed input is damaged from here on; what came before is used.",
};
const WRONG_SUM: Complaint = {
  code: "bad-gzip",
  sentence: "The gzip-compressed input does not have the checksum that it says up to here: something in it is wrong.",
};

function isCut(failure: Error): boolean {
  return "code" in failure && failure.code === "Z_BUF_ERROR";
}

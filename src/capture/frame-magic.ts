import type { Intake } from "./intake.js";

// What frames of zstd (RFC 8878 section 3.1.1) and lz4 (lz4_Frame_format.md) begin with, little-endian.
export const ZSTD_FRAME = 0xfd2fb528;
export const LZ4_FRAME = 0x184d2204;
export const LZ4_LEGACY_FRAME = 0x184c2102;
/** 0x184d2a50 to 0x184d2a5f: of data that decoders pass over, in both (RFC 8878 section 3.1.2). */
const SKIPPABLE_FRAME = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;

export const SKIPPABLE_FRAMES = Array.from({ length: 0x10 }, (_frame, kind) => SKIPPABLE_FRAME + kind);

export const MAGIC_BYTES = 4;
/** The magic number, and the length of what follows (RFC 8878 section 3.1.2). */
const SKIPPABLE_HEADER_BYTES = 8;

/** -1: there are fewer than four bytes. */
export function frameMagic(bytes: Uint8Array): number {
  return bytes.length < MAGIC_BYTES ? -1 : littleEndian32(bytes, 0);
}

/** Whether a frame that holds compressed data begins with it. */
export function isFramed(magic: number): boolean {
  return magic === ZSTD_FRAME || magic === LZ4_FRAME || magic === LZ4_LEGACY_FRAME;
}

export function isSkippable(magic: number): boolean {
  return magic >= 0 && (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_FRAME;
}

/** Passes the skippable frame that comes next; false if the input ends within it. */
export async function skipFrame(intake: Intake): Promise<boolean> {
  const header = await intake.take(SKIPPABLE_HEADER_BYTES);
  return header.length === SKIPPABLE_HEADER_BYTES && intake.skip(littleEndian32(header, MAGIC_BYTES));
}

export function littleEndian32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

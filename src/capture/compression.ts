import { BlocksInput } from "./blocks-input.js";
import type { ByteInput, CompressedInput } from "./byte-input.js";
import { frameMagic, isFramed, isSkippable, MAGIC_BYTES, skipFrame, ZSTD_FRAME } from "./frame-magic.js";
import { isGzip } from "./gzip-header.js";
import { Intake } from "./intake.js";

/** Compressions that are read. */
export type Compression = "gzip" | "lz4" | "zstd";

/** So many bytes tell whether an input is compressed. */
export const TELLING_BYTES = MAGIC_BYTES;

const PIECE_BYTES = 0x1_0000;

export interface Decompressed {
  /** Null: what stood before it is passed, and the rest is read as it is. */
  readonly compression: Compression | null;
  readonly input: CompressedInput;
}

/**
 * Looks through the compression of an input. Decoders are loaded by the first input that needs them.
 *
 * @param first its first bytes, which the caller has read: TELLING_BYTES, unless it has fewer
 * @returns null if it is not compressed, or not in a way that is read; nothing more was read from it then
 */
export async function decompressed(input: ByteInput, first: Uint8Array): Promise<Decompressed | null> {
  if (isGzip(first)) {
    const { GzipInput } = await import("./gzip.js");
    return { compression: "gzip", input: new GzipInput(input, first.slice()) };
  }
  const magic = frameMagic(first);
  return isFramed(magic) || isSkippable(magic) ? framed(new Intake(input, first)) : null;
}

/** zstd and lz4 have the same frames to be skipped: what comes behind these tells which it is. */
async function framed(intake: Intake): Promise<Decompressed> {
  const first = (await intake.peek(MAGIC_BYTES)).slice();
  let magic = frameMagic(first);
  while (isSkippable(magic)) {
    await skipFrame(intake);
    magic = frameMagic(await intake.peek(MAGIC_BYTES));
  }
  if (!isFramed(magic)) return { compression: null, input: new BlocksInput(intake, (behind) => rest(behind, first)) };
  if (magic === ZSTD_FRAME) {
    const { zstdBlocks } = await import("./zstd.js");
    return { compression: "zstd", input: new BlocksInput(intake, await zstdBlocks()) };
  }
  const { lz4Blocks } = await import("./lz4.js");
  return { compression: "lz4", input: new BlocksInput(intake, lz4Blocks) };
}

/** What is there; where nothing is, how the input began: skippable frames alone are no empty input. */
async function* rest(intake: Intake, first: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = await intake.take(PIECE_BYTES);
  if (bytes.length === 0) yield first;
  while (bytes.length > 0) {
    yield bytes;
    bytes = await intake.take(PIECE_BYTES);
  }
}

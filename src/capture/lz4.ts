import { complaintsOf, type Complaint } from "./blocks-input.js";
import { framesOf, type Blocks } from "./compressed-frames.js";
import { frameMagic, isSkippable, littleEndian32, LZ4_FRAME, LZ4_LEGACY_FRAME, MAGIC_BYTES } from "./frame-magic.js";
import type { Intake } from "./intake.js";
import { decodeLz4Block } from "./lz4-block.js";
import { Xxh32, xxh32 } from "./xxh32.js";

const { cut: CUT, bad: BAD, wrongSum: WRONG_SUM } = complaintsOf("lz4");
const DICTIONARY: Complaint = {
  code: "bad-lz4",
  sentence:
    "The lz4-compressed input needs a dictionary that is not in it: decompress it first (lz4 -d -D DICTIONARY).",
};

// The frame descriptor (lz4_Frame_format.md): FLG, BD, and what FLG says of the rest.
const DESCRIPTOR_BYTES = 2;
const VERSION_MASK = 0xc0;
const VERSION_1 = 0x40;
const INDEPENDENT = 0x20;
const BLOCK_SUMS = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_SUM = 0x04;
const RESERVED = 0x02;
const DICTIONARY_ID = 0x01;
/** By the number in BD. */
const BLOCK_BYTES = new Map([
  [4, 0x1_0000],
  [5, 0x4_0000],
  [6, 0x10_0000],
  [7, 0x40_0000],
]);
const WORD_BYTES = 4;
/** In the length of a block: it is stored as it is. */
const STORED = 0x8000_0000;
/** How far a copy reaches back. */
const HISTORY_BYTES = 0x1_0000;

const LEGACY_BLOCK_BYTES = 0x80_0000;
/** LZ4_compressBound of such a block. */
const LEGACY_MOST = LEGACY_BLOCK_BYTES + Math.floor(LEGACY_BLOCK_BYTES / 255) + 16;

/** The frames of an lz4 input, those of the legacy format too. */
export function lz4Blocks(intake: Intake): Blocks {
  return framesOf(intake, "lz4", (magic) => {
    if (magic === LZ4_FRAME) return frameBlocks;
    return magic === LZ4_LEGACY_FRAME ? legacyBlocks : null;
  });
}

interface Descriptor {
  readonly flags: number;
  readonly blockBytes: number;
}

/** One frame; false if what follows cannot be read. */
async function* frameBlocks(intake: Intake): Blocks {
  const descriptor = await readDescriptor(intake);
  if ("code" in descriptor) {
    yield descriptor;
    return false;
  }
  const { flags, blockBytes } = descriptor;
  const target = new Uint8Array(HISTORY_BYTES + blockBytes);
  const content = new Xxh32();
  let at = HISTORY_BYTES;
  let floor = at;
  for (;;) {
    const head = await intake.take(WORD_BYTES);
    if (head.length < WORD_BYTES) break;
    const word = littleEndian32(head, 0);
    if (word === 0) {
      if ((flags & CONTENT_SUM) === 0) return true;
      const sum = await intake.take(WORD_BYTES);
      if (sum.length < WORD_BYTES) break;
      if (littleEndian32(sum, 0) !== content.sum) yield WRONG_SUM;
      return true;
    }
    const stored = word >= STORED;
    const size = stored ? word - STORED : word;
    if (size > blockBytes) {
      yield BAD;
      return false;
    }
    const sumBytes = (flags & BLOCK_SUMS) === 0 ? 0 : WORD_BYTES;
    const taken = await intake.take(size + sumBytes);
    const block = taken.subarray(0, size);
    const cut = taken.length < size + sumBytes;
    if (!cut && sumBytes > 0 && littleEndian32(taken, size) !== xxh32(block)) {
      yield BAD;
      return false;
    }
    if (stored) target.set(block, at);
    const end = stored ? at + block.length : decodeLz4Block(block, target, at, floor, at + blockBytes);
    const bytes = target.subarray(at, end < 0 ? ~end : end);
    if (cut || end < 0) {
      yield bytes;
      yield cut ? CUT : BAD;
      return false;
    }
    if ((flags & CONTENT_SUM) !== 0) content.update(bytes);
    yield bytes;
    if ((flags & INDEPENDENT) !== 0) continue;
    // The next block begins where it can reach what was just written.
    target.copyWithin(0, end - HISTORY_BYTES, end);
    floor = Math.max(0, floor - (end - at));
    at = HISTORY_BYTES;
  }
  yield CUT;
  return false;
}

async function readDescriptor(intake: Intake): Promise<Descriptor | Complaint> {
  const start = await intake.peek(MAGIC_BYTES + DESCRIPTOR_BYTES);
  const [flags = 0, sizes = 0] = start.subarray(MAGIC_BYTES);
  if (start.length < MAGIC_BYTES + DESCRIPTOR_BYTES) return CUT;
  const extra = ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + ((flags & DICTIONARY_ID) === 0 ? 0 : 4);
  const length = MAGIC_BYTES + DESCRIPTOR_BYTES + extra + 1;
  const header = await intake.take(length);
  if (header.length < length) return CUT;
  const blockBytes = BLOCK_BYTES.get((sizes >> 4) & 7);
  const sum = (xxh32(header.subarray(MAGIC_BYTES, length - 1)) >>> 8) & 0xff;
  const sound = (flags & VERSION_MASK) === VERSION_1 && (flags & RESERVED) === 0 && sum === header[length - 1];
  if (!sound || blockBytes === undefined) return BAD;
  return (flags & DICTIONARY_ID) === 0 ? { flags, blockBytes } : DICTIONARY;
}

/** Blocks without sums or an end: it ends with the input, or where another frame begins. */
async function* legacyBlocks(intake: Intake): Blocks {
  await intake.skip(MAGIC_BYTES);
  const target = new Uint8Array(LEGACY_BLOCK_BYTES);
  for (;;) {
    const head = await intake.peek(WORD_BYTES);
    if (head.length === 0) return true;
    const size = frameMagic(head);
    if (size === LZ4_FRAME || size === LZ4_LEGACY_FRAME || isSkippable(size)) return true;
    if (size > LEGACY_MOST) {
      yield BAD;
      return false;
    }
    await intake.skip(WORD_BYTES);
    const block = await intake.take(size);
    const end = decodeLz4Block(block, target, 0, 0, LEGACY_BLOCK_BYTES);
    yield target.subarray(0, end < 0 ? ~end : end);
    if (size < 0 || block.length < size) {
      yield CUT;
      return false;
    }
    if (end < 0) {
      yield BAD;
      return false;
    }
  }
}

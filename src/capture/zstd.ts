import { complaintsOf, type BlockDecoder, type Complaint } from "./blocks-input.js";
import { framesOf, type Blocks } from "./compressed-frames.js";
import { ZSTD_FRAME } from "./frame-magic.js";
import type { Intake } from "./intake.js";
import { BLOCK_HEADER_BYTES, createZstdDecoder, FIRST_BYTES, ZstdError, type ZstdDecoder } from "./zstd-module.js";

const { cut: CUT, bad: BAD, wrongSum: WRONG_SUM } = complaintsOf("zstd");
const DICTIONARY: Complaint = {
  code: "bad-zstd",
  sentence:
    "The zstd-compressed input needs a dictionary that is not in it: decompress it first (zstd -d -D DICTIONARY).",
};
const TOO_MUCH: Complaint = {
  code: "bad-zstd",
  sentence: "The zstd-compressed input needs more than 128 MiB of memory: decompress it first (zstd -d --long=31).",
};

/**
 * What reads the frames of a zstd input.
 *
 * @throws EnvironmentError where there is no memory for it
 */
export async function zstdBlocks(): Promise<BlockDecoder> {
  const decoder = await createZstdDecoder();
  return (intake) =>
    framesOf(intake, "zstd", (magic) => (magic === ZSTD_FRAME ? (frame) => frameBlocks(frame, decoder) : null));
}

/** One frame; false if what follows cannot be read. The decoder verifies its checksum, and keeps to 128 MiB. */
async function* frameBlocks(intake: Intake, decoder: ZstdDecoder): Blocks {
  decoder.begin();
  let wanted = FIRST_BYTES;
  while (wanted > 0) {
    // It asks for the header of the next block as well; were that wrong, the block would be lost with it.
    const piece = await intake.take(wanted > BLOCK_HEADER_BYTES ? wanted - BLOCK_HEADER_BYTES : wanted);
    if (piece.length === 0) {
      yield CUT;
      return false;
    }
    wanted = yield* decoder.decompress(piece);
  }
  if (wanted === 0) return true;
  yield complaintOf(wanted);
  // A checksum is the last of a frame: another may follow.
  return wanted === ZstdError.WRONG_SUM;
}

function complaintOf(error: number): Complaint {
  switch (error) {
    case ZstdError.WRONG_SUM:
      return WRONG_SUM;
    case ZstdError.DICTIONARY:
      return DICTIONARY;
    case ZstdError.WINDOW_TOO_LARGE:
    case ZstdError.MEMORY:
      return TOO_MUCH;
    default:
      return BAD;
  }
}

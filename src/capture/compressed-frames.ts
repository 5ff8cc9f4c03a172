import { complaintsOf, type Complaint } from "./blocks-input.js";
import { followed } from "./followed.js";
import { frameMagic, isSkippable, MAGIC_BYTES, skipFrame } from "./frame-magic.js";
import type { Intake } from "./intake.js";
import { FILE_HEADER_BYTES } from "./magic.js";

/** Decompresses; gives false where what follows cannot be read. A block is valid until the next is asked for. */
export type Blocks = AsyncGenerator<Uint8Array | Complaint, boolean, undefined>;

/**
 * The frames of a compressed input, one after the other, without those to be skipped. What follows the last frame and is
 * none is no part of it, but said if it is another capture.
 *
 * @param decoderOf what reads a frame with that magic number, which is still to be taken; null: this is no frame
 */
export async function* framesOf(
  intake: Intake,
  format: "lz4" | "zstd",
  decoderOf: (magic: number) => ((intake: Intake) => Blocks) | null,
): Blocks {
  for (;;) {
    const magic = frameMagic(await intake.peek(MAGIC_BYTES));
    const decode = decoderOf(magic);
    if (decode !== null) {
      if (!(yield* decode(intake))) return false;
    } else if (!isSkippable(magic)) {
      const complaint = followed(await intake.peek(FILE_HEADER_BYTES), `${format}-compressed`);
      if (complaint !== null) yield complaint;
      return complaint === null;
    } else if (!(await skipFrame(intake))) {
      yield complaintsOf(format).cut;
      return false;
    }
  }
}

import type { Complaint } from "./blocks-input.js";
import { frameMagic, isSkippable, MAGIC_BYTES, skipFrame } from "./frame-magic.js";
import type { Intake } from "./intake.js";

/** Decompresses; gives false where what follows cannot be read. A block is valid until the next is asked for. */
export type Blocks = AsyncGenerator<Uint8Array | Complaint, boolean, undefined>;

/**
 * The frames of a compressed input, one after the other, without those to be skipped. What follows the last frame and is
 * none is no part of it.
 *
 * @param cut what is said where the input ends within a frame to be skipped
 * @param decoderOf what reads a frame with that magic number, which is still to be taken; null: this is no frame
 */
export async function* framesOf(
  intake: Intake,
  cut: Complaint,
  decoderOf: (magic: number) => ((intake: Intake) => Blocks) | null,
): Blocks {
  for (;;) {
    const magic = frameMagic(await intake.peek(MAGIC_BYTES));
    const decode = decoderOf(magic);
    if (decode !== null) {
      if (!(yield* decode(intake))) return false;
    } else if (!isSkippable(magic)) {
      return true;
    } else if (!(await skipFrame(intake))) {
      yield cut;
      return false;
    }
  }
}

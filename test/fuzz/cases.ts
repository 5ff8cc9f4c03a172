import { Conversation } from "./conversation.js";
import { readCorpus, type Recording, type Shot } from "./corpus.js";
import { mutateBytes, mutateShots } from "./mutations.js";
import { noise } from "./noise.js";
import { Random } from "./random.js";
import { writeCapture } from "./writing.js";

/** One input to be read, and the choices of its reader. */
export interface Case {
  readonly kind: "recording" | "conversation" | "noise";
  readonly bytes: Uint8Array;
  /** For choices beyond the bytes: block sizes, cuts, the report's style. */
  readonly random: Random;
}

/** Frames taken of a recording at a time: a whole one takes longer and seldom shows more. */
const MOST_SHOTS = 8;

/** Cases that follow from a seed and their number. */
export class Cases {
  readonly #corpus: readonly Recording[] = readCorpus();

  make(seed: number, number: number): Case {
    const random = new Random(seed, number);
    const kind = random.pick(["recording", "recording", "recording", "conversation", "conversation", "noise"] as const);
    return { kind, bytes: this.#bytes(random, kind), random };
  }

  #bytes(random: Random, kind: Case["kind"]): Uint8Array {
    switch (kind) {
      case "noise":
        return noise(random);
      case "conversation":
        return this.#conversation(random);
      case "recording":
        return random.oneIn(40) ? this.#whole(random) : this.#part(random);
    }
  }

  #conversation(random: Random): Uint8Array {
    const points = random.pick([1, 1, 2, 3]);
    const shots = new Conversation(random, points).play(random.between(1, 5));
    const file = writeCapture(random, random.oneIn(3) ? mutateShots(random, shots) : shots, points);
    return random.oneIn(8) ? mutateBytes(random, file, random.pick(this.#corpus).bytes) : file;
  }

  /** A recording as it is on disk, then spoiled. */
  #whole(random: Random): Uint8Array {
    return mutateBytes(random, random.pick(this.#corpus).bytes, random.pick(this.#corpus).bytes);
  }

  /** A few frames of a recording, or of two, spoiled, written in any format, and spoiled again. */
  #part(random: Random): Uint8Array {
    const shots = this.#excerpt(random);
    if (random.oneIn(10)) shots.push(...this.#excerpt(random));
    const points = random.pick([1, 1, 1, 2]);
    const placed = points === 1 ? shots : shots.map((shot) => ({ ...shot, point: random.below(points) }));
    const file = writeCapture(random, mutateShots(random, placed), points);
    const other = random.oneIn(6) ? writeCapture(random, this.#excerpt(random), 1) : file;
    return mutateBytes(random, file, other);
  }

  #excerpt(random: Random): Shot[] {
    const { shots } = random.pick(this.#corpus);
    const length = random.between(1, MOST_SHOTS);
    const start = random.below(shots.length - length + 1);
    return shots.slice(start, start + length);
  }
}

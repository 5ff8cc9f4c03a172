import type { CompressedInput } from "./byte-input.js";
import type { Intake } from "./intake.js";
import type { Damage } from "./sink.js";

/** What is wrong with compressed data at the place that was reached. */
export type Complaint = Omit<Damage, "offset">;

/** Decompresses block by block; a block is valid until the next is asked for. Complaints end it, or not. */
export type BlockDecoder = (intake: Intake) => AsyncGenerator<Uint8Array | Complaint, unknown, undefined>;

/** The bytes of compressed blocks. Memory: one block, and what the decoder needs. */
export class BlocksInput implements CompressedInput {
  damage: Damage | null = null;

  readonly #intake: Intake;
  readonly #blocks: ReturnType<BlockDecoder>;
  /** Of the current block, not yet read. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Uncompressed bytes given to the caller. */
  #given = 0;

  constructor(intake: Intake, decoder: BlockDecoder) {
    this.#intake = intake;
    this.#blocks = decoder(intake);
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#blocks.next();
      if (done === true) return 0;
      if (value instanceof Uint8Array) this.#rest = value;
      else this.damage ??= { ...value, offset: this.#given };
    }
    const part = this.#rest.subarray(0, into.length);
    into.set(part);
    this.#rest = this.#rest.subarray(part.length);
    this.#given += part.length;
    return part.length;
  }

  close(): void {
    this.#intake.close();
  }
}

/** What is said of data that were compressed by `format`, which is also the name of the program that made them. */
export function complaintsOf(format: string): Readonly<Record<"cut" | "bad" | "wrongSum", Complaint>> {
  const input = `The ${format}-compressed input`;
  return {
    cut: { code: `cut-${format}`, sentence: `${input} is cut off; what could be read is used.` },
    bad: { code: `bad-${format}`, sentence: `${input} is damaged from here on; what came before is used.` },
    wrongSum: {
      code: `bad-${format}`,
      sentence: `${input} does not have the checksum that it says up to here: something in it is wrong.`,
    },
  };
}

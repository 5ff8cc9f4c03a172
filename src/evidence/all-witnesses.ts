import type { Loss, Testimony, Witnesses } from "../findings/testimony.js";
import type { Cycle } from "../lease/cycle.js";
import type { Message } from "../lease/message.js";

/** Several witnesses as one. */
export function allWitnesses(witnesses: readonly Witnesses[]): Witnesses {
  return {
    message: (message: Message) => {
      witnesses.forEach((witness) => {
        witness.message(message);
      });
    },
    clocks: (reference) => witnesses.flatMap((witness) => witness.clocks(reference)),
    testify: (losses: readonly Loss[]) => {
      const all = new Map<Cycle, readonly Testimony[]>();
      for (const [cycle, said] of witnesses.flatMap((witness) => [...witness.testify(losses)])) {
        all.set(cycle, [...(all.get(cycle) ?? []), ...said]);
      }
      return all;
    },
  };
}

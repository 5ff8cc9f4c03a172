import type { Remedy } from "../findings/remedies.js";
import { NEXT_RENEWAL } from "../findings/remedies/next-renewal.js";

/** A way back is a sentence, or a command to type. */
export function isCommand(undo: string): boolean {
  return !undo.endsWith(".");
}

/** Remedies that stand on one page: the test that several share is spelled out with the first of them. */
export function eachSaidOnce(remedies: readonly Remedy[]): Remedy[] {
  const first = remedies.findIndex(({ check }) => check.startsWith(NEXT_RENEWAL));
  return remedies.map((remedy, index) =>
    index > first && remedy.check.startsWith(NEXT_RENEWAL)
      ? { ...remedy, check: `The next renewal, as above.${remedy.check.slice(NEXT_RENEWAL.length)}` }
      : remedy,
  );
}

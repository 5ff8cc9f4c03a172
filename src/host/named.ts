import type { Remedy } from "../findings/remedies.js";

/** Words in capitals that a remedy leaves to be filled in, and what they are on this host; null: not known. */
export type Names = Readonly<Record<"TAP" | "GUEST" | "BRIDGE", string | null>>;

/** Names that a shell takes as they are. */
const PLAIN = /^[A-Za-z0-9_.@:][A-Za-z0-9_.@:-]*$/;

/** A remedy with the names of this host in its command, its undoing and its check. */
export function named(remedy: Remedy, names: Names): Remedy {
  const fill = (text: string): string =>
    text.replace(/\b(TAP|GUEST|BRIDGE)\b/g, (word) => {
      const name = word === "TAP" ? names.TAP : word === "GUEST" ? names.GUEST : names.BRIDGE;
      return name !== null && PLAIN.test(name) ? name : word;
    });
  return {
    ...remedy,
    command: remedy.command === null ? null : fill(remedy.command),
    undo: remedy.undo === null ? null : fill(remedy.undo),
    check: fill(remedy.check),
  };
}

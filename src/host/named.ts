import type { Remedy } from "../findings/remedies.js";

/** Words in capitals that a remedy leaves to be filled in, and what they are on this host; null: not known. */
export type Names = Readonly<Record<"TAP" | "GUEST" | "BRIDGE", string | null>>;

/** Names that a shell takes as they are. */
const PLAIN = /^[A-Za-z0-9_.@:][A-Za-z0-9_.@:-]*$/;

/** A remedy with the names of this host in its command, its undoing and its check. */
export function named(remedy: Remedy, names: Names): Remedy {
  const known = new Map(Object.entries(names).flatMap(([word, name]) => (isPlain(name) ? [[word, name]] : [])));
  const fill = (text: string): string => text.replace(/\b(?:TAP|GUEST|BRIDGE)\b/g, (word) => known.get(word) ?? word);
  return {
    ...remedy,
    command: remedy.command === null ? null : fill(remedy.command),
    // What a word means need not be said of one that is filled in.
    what: fill(
      remedy.what.replace(/ (TAP|GUEST|BRIDGE) is [^.(]*(?:\([^)]*\))?\./g, (all, word: string) =>
        known.has(word) ? "" : all,
      ),
    ),
    undo: remedy.undo === null ? null : fill(remedy.undo),
    check: fill(remedy.check),
  };
}

function isPlain(name: string | null): name is string {
  return name !== null && PLAIN.test(name);
}

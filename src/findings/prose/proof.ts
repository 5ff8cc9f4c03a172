import type { Proof, Reply } from "../../lease/cycle.js";

/** What the client did after a reply that shows that it had ignored it; null: nothing that proves it. */
export function ignoredBecause(proof: Proof): string | null {
  switch (proof) {
    case "asked-again":
      return "it sent the same request again";
    case "still-counting":
      return "its next request went on counting from the same start (secs)";
    case "went-broadcast":
      return "it turned to broadcast (rebinding), long before that reply would have made it do so";
    case "too-early":
      return "it asked again long before the T1 that the reply would have given it";
    case "repeated-retry":
      return "it asked again and again, too early for a lease that it had just renewed";
    case "gave-up":
      return "it began anew with DISCOVER as if its lease had not been renewed";
    case "looped":
      return "it began anew with DISCOVER after each of them";
    case "kept-address":
      return "it went on using its address";
    default:
      return null;
  }
}

/** The proofs of several ignored replies, the most frequent first, each once. */
export function proofsOf(replies: readonly Reply[]): string[] {
  const counts = new Map<string, number>();
  for (const { proof } of replies) {
    const words = ignoredBecause(proof);
    if (words !== null) counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([words]) => words);
}

import type { LossFacts } from "./facts.js";
import { messagesOf } from "./loss.js";
import { all, count } from "./words.js";

/** "all 11 REQUESTs and 2 DISCOVERs", "the first 6 DISCOVERs": those that were lost, beside those that were not. */
export function lostMessages({ finding, lost, others }: LossFacts): string {
  // The REQUEST that follows an OFFER is another question.
  const attempts = finding.diagnoses
    .flatMap(({ cycle }) => cycle.attempts)
    .filter(({ state }) => state !== "SELECTING");
  return messagesOf(lost, howMany);

  /** All of them, where none went well and none was lost otherwise. */
  function howMany(number: number, kind: string): string {
    const [only, second] = attempts.filter(
      ({ message, replies }) => message.kind === kind && replies.some(({ outcome }) => outcome === "accepted"),
    );
    if (only === undefined) return others > 0 ? count(number, kind) : all(number, kind);
    const before = lost.every(({ message }) => message.kind !== kind || message.order < only.message.order);
    if (!before || second !== undefined || others > 0) return count(number, kind);
    return number === 1 ? `the first ${kind}` : `the first ${count(number, kind)}`;
  }
}

import type { Reply } from "../../lease/cycle.js";
import type { LossFacts } from "./facts.js";
import { greatest, latency, latencyRange, least } from "./words.js";

/** How long answers took. Where the program that stamps the frames stood still, only bounds of that are known. */

/** Seconds that the answer took at least, and at most: apart where stamps are late. */
export function latencyBounds({ attempt, message, latency: took }: Reply, { finding, background }: LossFacts): Bounds {
  const { client } = finding.binding;
  const bounds = background.observed?.latencyBounds(client, attempt.message.time, message.time);
  return bounds === undefined || bounds.most - bounds.least < LATE ? { least: took, most: took } : bounds;
}

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A process is not told to have stood still for less, in seconds; what lies below is rounding. */
const LATE = 0.001;

/** "3 to 15 ms"; "at least 2 s and at most 5 s" where no more is known. */
export function latenciesText(replies: readonly Reply[], facts: LossFacts): string {
  const bounds = replies.map((reply) => latencyBounds(reply, facts));
  if (bounds.every(({ least: low, most }) => low === most)) return latencyRange(bounds.map(({ most }) => most));
  const soonest = least(bounds.map((took) => took.least));
  const latest = latency(longestOf(replies, facts));
  return soonest < LATE ? `up to ${latest}` : `at least ${latency(soonest)} and at most ${latest}`;
}

/** Seconds that none of them took longer than. */
export function longestOf(replies: readonly Reply[], facts: LossFacts): number {
  return greatest(replies.map((reply) => latencyBounds(reply, facts).most));
}

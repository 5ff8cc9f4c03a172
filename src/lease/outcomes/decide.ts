import type { Binding, Cycle, Proof, Reply } from "../cycle.js";
import { count, countedAs, newEpisode } from "../episode.js";
import type { Message } from "../message.js";

/** What a client's next step proves about the replies before it. */
export interface Ruling {
  readonly outcome: "accepted" | "ignored" | "unknown";
  readonly proof: Proof;
}

export const UNDECIDED: Ruling = { outcome: "unknown", proof: "nothing" };

export function accepted(proof: Proof): Ruling {
  return { outcome: "accepted", proof };
}

export function ignored(proof: Proof): Ruling {
  return { outcome: "ignored", proof };
}

/** A question repeated so soon after a reply may have crossed it on the way; seconds. */
export const CROSSING = 0.15;

/** Replies of a cycle that nothing has been proved of yet, in order of time. */
export function undecided(cycle: Cycle): readonly Reply[] {
  if (cycle.waiting.length === 0) return NONE;
  cycle.waiting = cycle.waiting.filter(({ outcome, reason }) => outcome === "unknown" && reason === null);
  return [...cycle.waiting].sort((a, b) => a.message.order - b.message.order);
}

const NONE: readonly Reply[] = [];

/** The same without those that `next`, the same question again, may have crossed. */
export function undecidedBefore(cycle: Cycle, next: Message): readonly Reply[] {
  return undecided(cycle).filter(
    ({ message, attempt }) => attempt.message.kind !== next.kind || next.time - message.time >= CROSSING,
  );
}

/** The client took this reply: a run of replies that it had turned down ends with it. */
export function accept(binding: Binding, reply: Reply, proof: Proof): void {
  reply.outcome = "accepted";
  reply.proof = proof;
  reply.message.outcome = "accepted";
  binding.episode.after = reply;
  const { before, ignored: turnedDown } = binding.episode;
  const sum = countedAs(reply);
  if (turnedDown.partial > 0 && before === "partial" && sum === "partial") {
    binding.scattered += 1;
  }
  binding.partialTaken += sum === "partial" ? 1 : 0;
  if (reply.attempt.unreachable.some(({ message }) => message === reply.message)) {
    binding.takesRefused[reply.attempt.message.broadcast ? "broadcast" : "unicast"] = true;
  }
  binding.episode = newEpisode(sum, binding.partialTaken);
  if (binding.cycle !== null) {
    binding.cycle.turnedDown = false;
  }
}

/** The client turned down a reply that came in time; the run of such replies is what causes are judged by. */
export function ignore(binding: Binding, reply: Reply, proof: Proof): void {
  reply.outcome = "ignored";
  reply.proof = proof;
  reply.message.outcome = "ignored";
  if (reply.fault !== null) {
    reply.reason = "malformed";
    return;
  }
  const sum = countedAs(reply);
  reply.reason = sum === "partial" || sum === "bad" ? "checksum" : null;
  reply.episode = binding.episode;
  count(binding.episode, reply);
  if (binding.cycle !== null) {
    binding.cycle.turnedDown = true;
  }
}

/** It did not need this reply any more, or could not take it: nothing that a checksum or a server is to blame for. */
export function setAside(reply: Reply, reason: "duplicate" | "not-chosen" | "late" | "malformed", proof: Proof): void {
  reply.outcome = "ignored";
  reply.reason = reason;
  reply.proof = proof;
  reply.message.outcome = "ignored";
}

/**
 * Of several acceptable replies, the one that the client took: the first, unless it is known to turn down such sums
 * and another is sound.
 */
export function choose(binding: Binding, replies: readonly Reply[]): Reply | undefined {
  if (replies.length < 2) return replies[0];
  const sound = replies.filter(({ fault }) => fault === null);
  const candidates = sound.length > 0 ? sound : replies;
  const { ignored: refused } = binding.episode;
  return candidates.find((reply) => refused[countedAs(reply)] === 0) ?? candidates[0];
}

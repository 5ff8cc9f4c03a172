import type { Instant } from "../capture/instant.js";
import type { Binding, Client, Cycle, Reply } from "../lease/cycle.js";
import { lastSighting } from "../lease/message.js";
import type { Verdict } from "../checksum/checksum.js";
import type { Watcher } from "./session.js";
import type { AskSituation } from "./watch.js";

/** On which occasion a server answered: each takes another way out of many servers, with another checksum. */
export type Occasion = "offer" | "first-ack" | "renewal-ack";

/** A reply to the guest, as it passed the guest's own port. */
export interface SeenReply {
  readonly reply: Reply;
  readonly occasion: Occasion;
  readonly checksum: Verdict;
  /** null: not decided yet. */
  taken: boolean | null;
}

export interface GuestSink {
  /** A reply has passed. */
  seen(reply: SeenReply): void;
  /** What the guest made of it is known. */
  decided(reply: SeenReply, at: Instant): void;
}

/** Watches what becomes of the replies to one guest. */
export class GuestWatch implements Watcher {
  /** In order of time; those of one watch. */
  readonly replies: SeenReply[] = [];
  readonly #known = new Map<Reply["message"], SeenReply>();
  readonly #bindings = new Set<Binding>();

  /** @param macs hardware addresses of the guest, lower case with colons */
  constructor(
    private readonly macs: ReadonlySet<string>,
    private readonly sink: GuestSink,
  ) {}

  touched({ address, bindings }: Client): void {
    if (!this.macs.has(address)) return;
    for (const binding of bindings) this.#bindings.add(binding);
  }

  cycle(cycle: Cycle): void {
    if (this.macs.has(cycle.binding.client.address)) this.#look(cycle, cycle.ended ?? cycle.started);
  }

  advance(ask: AskSituation, until: Instant): void {
    for (const binding of this.#bindings) {
      const { cycle } = binding;
      if (cycle === null) continue;
      this.#look(cycle, until);
      // Silence says it sooner than the next message does.
      const { taken, proven } = ask(binding, [], until).presumption;
      if (taken !== null && proven) this.#decide(this.#known.get(taken.message), true, until);
    }
  }

  lease(): void {
    // What a reply granted is told by the reply.
  }

  forgotten({ bindings }: Client): void {
    for (const binding of bindings) this.#bindings.delete(binding);
  }

  jumped(): void {
    // Times do not matter here.
  }

  declined(): void {
    // The guest took the reply, and not the address.
  }

  clockStep(): void {
    // What a guest does next proves the same by any clock.
  }

  gap(): void {
    // What was not seen is not told; the capture says when it did not watch.
  }

  #look(cycle: Cycle, at: Instant): void {
    for (const { replies } of cycle.attempts) {
      for (const reply of replies) {
        const seen = this.#known.get(reply.message) ?? this.#add(reply, cycle);
        if (reply.outcome !== "unknown" && isTelling(reply)) this.#decide(seen, reply.outcome === "accepted", at);
      }
    }
  }

  #add(reply: Reply, cycle: Cycle): SeenReply | undefined {
    const occasion = occasionOf(reply, cycle);
    if (occasion === null) return undefined;
    const seen: SeenReply = { reply, occasion, checksum: lastSighting(reply.message).checksum.verdict, taken: null };
    this.#known.set(reply.message, seen);
    this.replies.push(seen);
    this.sink.seen(seen);
    return seen;
  }

  #decide(seen: SeenReply | undefined, taken: boolean, at: Instant): void {
    if (seen?.taken !== null) return;
    seen.taken = taken;
    this.sink.decided(seen, at);
  }
}

function occasionOf({ message }: Reply, { kind }: Cycle): Occasion | null {
  if (message.kind === "OFFER") return "offer";
  if (message.kind !== "ACK") return null;
  return kind === "renewal" ? "renewal-ack" : "first-ack";
}

/** That a second reply to one request is not needed, or comes too late, says nothing of its checksum. */
function isTelling({ outcome, reason }: Reply): boolean {
  return outcome === "accepted" || reason === null || reason === "checksum";
}

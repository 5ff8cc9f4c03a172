import type { Instant } from "../capture/instant.js";
import type { InputClock } from "../clocks/input-clock.js";
import type { Attempt, Cycle } from "../lease/cycle.js";
import type { Message } from "../lease/message.js";

/** A line of a text input. */
export interface LineRef {
  readonly input: string;
  /** Counted from 1. */
  readonly line: number;
}

interface Told {
  /** Where it stands; some. */
  readonly lines: readonly LineRef[];
  /** The program that says it, or whose file it is. */
  readonly program: string;
}

/** What a log or a lease file says of one cycle, beyond what packets show. */
export type Testimony =
  /** The client counts replies that it threw away for their checksum, in the time of this cycle. */
  | (Told & { readonly kind: "client-rejected"; readonly bad: number })
  /** The client took a reply that it ignored by all that packets show: one of the two is wrong. */
  | (Told & { readonly kind: "client-took"; readonly reply: Message })
  /** The client sent messages that no frame shows. */
  | (Told & { readonly kind: "client-asked"; readonly messages: number })
  /** The server answered these requests. */
  | (Told & { readonly kind: "server-answered"; readonly requests: readonly Attempt[] })
  /** The server heard these requests and says nothing of an answer. */
  | (Told & { readonly kind: "server-heard"; readonly requests: readonly Attempt[] })
  /** Its log has other messages of that time, and these requests not. */
  | (Told & { readonly kind: "server-unheard"; readonly requests: readonly Attempt[] })
  /** The server took these requests up only at this moment, several at once: it had stood still. */
  | (Told & { readonly kind: "server-late"; readonly requests: readonly Attempt[]; readonly at: Instant })
  /** Why it does not answer these requests, in its own words. */
  | (Told & { readonly kind: "server-said"; readonly requests: readonly Attempt[]; readonly remark: string })
  /** The server counts requests that it threw away for their checksum, in the time of this cycle. */
  | (Told & { readonly kind: "server-rejected"; readonly bad: number })
  /** The server's lease file has the lease renewed at these requests, the last time until `expires`; null: for ever. */
  | (Told & {
      readonly kind: "server-renewed";
      readonly requests: readonly Attempt[];
      readonly file: string;
      readonly expires: Instant | null;
    })
  /** The client's own file has no renewal of that time: its lease ends at `expires`. */
  | (Told & { readonly kind: "client-unrenewed"; readonly file: string; readonly expires: Instant });

/** A cycle, and what of it was lost. */
export interface Loss {
  readonly cycle: Cycle;
  readonly lost: readonly Attempt[];
}

/** Logs and lease files beside the packets. They are heard once all messages were told. */
export interface Witnesses {
  /** Each message, in the order of time. */
  message(message: Message): void;
  /** Of each of these cycles what is said of it. */
  testify(losses: readonly Loss[]): ReadonlyMap<Cycle, readonly Testimony[]>;
  /**
   * Those whose clocks differ from that of the packets; known once they testified.
   *
   * @param reference the input by whose clock times are told
   */
  clocks(reference: string): readonly { readonly input: string; readonly clock: InputClock }[];
}

import type { Instant } from "../capture/instant.js";
import type { LossFinding } from "../findings/finding.js";
import type { Background } from "../findings/prose/facts.js";
import type { Unseen } from "../findings/prose/no-request.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import type { Gap } from "../lease/coverage.js";
import type { Binding, Cycle, Lease, Reply } from "../lease/cycle.js";

/** Why something was lost, as far as is known at that moment. */
export interface Reason {
  /** About the cycle at hand. */
  readonly finding: Omit<LossFinding, "id">;
  /** About all that the client lost for this reason, as far as it is kept. */
  readonly whole: Omit<LossFinding, "id">;
  readonly background: Background;
}

/** Something that an operator may want to know at once. */
export type LiveEvent = ClientEvent | WatchEvent;

/** What happens to a client. */
export type ClientEvent =
  /** Messages to get or renew a lease are being lost; again when more is known of why. */
  | { readonly kind: "trouble"; readonly binding: Binding; readonly reason: Reason }
  /** A lease will be lost at `expires` unless a renewal succeeds. */
  | {
      readonly kind: "forecast";
      readonly binding: Binding;
      readonly lease: Lease;
      readonly expires: Instant;
      /** Seconds from now; above 0. */
      readonly remaining: number;
      readonly occasion: "t2" | "step";
      /** The client has asked for a renewal; else it is known to be there, and silent. */
      readonly asked: boolean;
    }
  | {
      readonly kind: "lost";
      readonly binding: Binding;
      readonly lease: Lease;
      readonly how: "expired" | "refused" | "abandoned";
      /** The expiry, if that was it. */
      readonly lostAt: Instant | null;
      /** It may have been lost before that: the lease may have been renewed while nobody watched. */
      readonly isLatest: boolean;
      /** When nobody watched, though its renewal was due. */
      readonly unseen: Unseen | null;
      readonly reason: Reason | null;
    }
  /** The client has an address again, after so many seconds, counted as the clocks show them. */
  | { readonly kind: "recovered"; readonly binding: Binding; readonly address: number; readonly after: number }
  /** What was in trouble ended well: the cycle succeeded after losses. */
  | {
      readonly kind: "succeeded";
      readonly binding: Binding;
      readonly cycle: Cycle;
      readonly reply: Reply;
      readonly lost: number;
    }
  /** Sound replies are taken where partial ones of the same kind were ignored. */
  | {
      readonly kind: "remedied";
      readonly binding: Binding;
      readonly cycle: Cycle;
      readonly reply: Reply;
      readonly ignored: number;
    }
  /** A client in trouble began anew, or gave its lease back. */
  | { readonly kind: "restarted"; readonly binding: Binding; readonly lease: Lease; readonly released: boolean }
  /** The lease ran out, and its client was not there any more: nothing is wrong. */
  | {
      readonly kind: "left";
      readonly binding: Binding;
      readonly lease: Lease;
      /** When nobody watched, though its renewal was due. */
      readonly unseen: Unseen | null;
    };

/** What happens to the watch itself, whomever that hides. */
export type WatchEvent =
  /** An interface is not watched any more, or is again: see Gap. */
  | {
      readonly kind: "gap";
      readonly interfaceName: string;
      readonly gap: Gap;
      /** It is over, and that it had begun was told before. */
      readonly again: boolean;
    }
  | { readonly kind: "clock-step"; readonly step: ClockStepEvent };

export function isOfClient(event: LiveEvent): event is ClientEvent {
  return "binding" in event;
}

export type TellEvent = (event: LiveEvent, at: Instant) => void;

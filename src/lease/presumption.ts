import type { Instant } from "../capture/instant.js";
import type { Binding, Cycle, Lease, Reply } from "./cycle.js";
import type { Missed, Unrenewed } from "./losing.js";
import { tookAlike } from "./episode.js";
import { undecided } from "./outcomes/decide.js";
import type { Fate, Resolution } from "./resolution.js";
import { termsOf } from "./timers.js";
import { lastSighting, refTo } from "./message.js";

/** How one client stands: what silence up to some moment would decide of it, if the story ended there. */
export interface Presumption {
  /** The reply by which its open cycle has succeeded; null: none yet. */
  readonly taken: Reply | null;
  /** Its silence proves that it took that reply; else nothing speaks against it, and no more is known. */
  readonly proven: boolean;
  /** The lease that it holds, with that reply counted in; null: none that is known. */
  readonly lease: Lease | null;
  /** Of its open renewal. */
  readonly fate: Fate["fate"];
  /** That lease should have been renewed, and it has not asked; null: that is not so. */
  readonly missed: Missed | null;
  /** Its open cycle is all that there was: no clock was set, and nobody looked away, since its last message. */
  readonly timed: boolean;
}

const UNKNOWN: Presumption = { taken: null, proven: false, lease: null, fate: "open", missed: null, timed: false };

/**
 * Changes nothing: later messages may still decide otherwise.
 *
 * @param timed the clock was not set since it was heard last; else there is nothing to presume
 * @param hidden nobody watched for a while since the last attempt of its open cycle
 */
export function presume(
  binding: Binding,
  until: Instant,
  resolution: Resolution,
  unrenewed: Unrenewed,
  timed: boolean,
  hidden: boolean,
): Presumption {
  if (!timed) return UNKNOWN;
  const { cycle } = binding;
  const said = cycle === null ? null : resolution.silenceSays(cycle, until);
  const lease = cycle === null || said === null ? binding.lease : granted(cycle, said);
  const over = cycle?.kind === "renewal" && cycle.attempts.length > 0 && undecided(cycle).length === 0;
  return {
    taken: said?.taken ?? null,
    proven: said?.proven ?? false,
    lease,
    fate: over ? resolution.fateOf(cycle, until).fate : "open",
    missed: lease !== null && (cycle === null || said !== null) ? unrenewed.missedBy(lease, until) : null,
    timed: !hidden,
  };
}

/** The lease as it is once that reply has been taken. */
function granted(cycle: Cycle, { taken, proven }: { readonly taken: Reply; readonly proven: boolean }): Lease {
  const { message, attempt } = taken;
  const vouched = proven || tookAlike(cycle.binding, taken);
  const grant = { granted: attempt.message.instant, terms: termsOf(message), vouched, state: "BOUND" } as const;
  if (cycle.kind === "renewal") return { ...cycle.lease, ...grant };
  return {
    // The ledger gives it a number once it is proved.
    id: cycle.id,
    binding: cycle.binding,
    address: message.dhcp.yiaddr,
    server: message.serverId ?? message.src,
    lostAt: null,
    outage: null,
    untimed: false,
    basis: refTo(lastSighting(message)),
    ...grant,
  };
}

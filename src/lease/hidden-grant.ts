import { toSeconds } from "../capture/instant.js";
import type { Binding, Grant } from "./cycle.js";
import type { Observed } from "./observed.js";
import { renewalDue, TOO_EARLY } from "./schedule.js";
import type { Stretch } from "./watched-points.js";

/** Seconds that a client takes at least to start again and get its lease anew, when no renewal is due. */
const RESTART = 5;

/**
 * The last time, between a grant and `until` (seconds since 1970), in which nobody watched and the client may have been
 * granted its lease anew; null: there was none.
 */
export function hiddenGrant(
  binding: Binding,
  { granted, terms }: Grant,
  until: number,
  observed: Observed,
): Stretch | null {
  const since = toSeconds(granted);
  const mayRenew = Math.min(until, since + TOO_EARLY * renewalDue(binding, terms));
  return (
    observed.lastHidden(binding.client, mayRenew, until, 0) ??
    observed.lastHidden(binding.client, since, mayRenew, RESTART)
  );
}

import { instantAt, shiftOf, toSeconds, type Instant } from "../../capture/instant.js";
import type { Aliveness, RenewalCycle } from "../../lease/cycle.js";
import { deadlines } from "../../lease/timers.js";
import type { LossFacts } from "./facts.js";
import type { Reasons } from "./telling.js";
import type { Clock } from "./words.js";

/** A renewal that was never asked for, as far as was seen. */
export function noRequest(facts: LossFacts): Reasons {
  const cycles = facts.finding.diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const [renewal] = cycles;
  const alive = renewal?.alive ?? "not-observable";
  const unseen = renewal === undefined ? null : unseenRenewal(renewal);
  const lost = lostFrames(facts);
  const due = renewal === undefined ? "" : dueSentence(renewal, facts.clock);
  const silence =
    renewal === undefined || unseen === null
      ? "No DHCP message of the client is seen in that time."
      : silenceAfter(renewal, unseen, facts.clock);
  return {
    because: unseen === null ? ofWatched(facts, alive, lost) : ofUnseen(unseen, alive, facts.clock),
    why: [`${due}${silence}`, ...aliveSentence(alive, unseen === null ? "T2" : "that")],
    also: [],
    not: unseen === null && lost === 0 ? ["Not the server and not a lost reply: no request passed this point."] : [],
    open: [openOf(alive, unseen)],
  };
}

/** From when to when nobody watched. */
export interface Unseen {
  readonly from: Instant;
  readonly to: Instant;
}

/** When nobody watched while a renewal that was never asked for was due, or after that; null: its silence was watched. */
export function unseenRenewal({ unseen, started }: Pick<RenewalCycle, "unseen" | "started">): Unseen | null {
  if (unseen === null || unseen.to <= toSeconds(started)) return null;
  const shift = shiftOf(started.shift ?? 0);
  return { from: { ...instantAt(unseen.from), ...shift }, to: { ...instantAt(unseen.to), ...shift } };
}

function lostFrames({ finding, background }: LossFacts): number {
  const { from, to, binding } = finding;
  return background.observed?.lostFrames(binding.client, toSeconds(from), toSeconds(to)) ?? 0;
}

function ofWatched({ finding }: LossFacts, alive: Aliveness, lost: number): string {
  switch (finding.confidence) {
    case "certain":
      return "the client sent no request at all at T1 or T2, though it was running and used the network";
    case "likely":
      return alive === "seen"
        ? "no request of the client is to be seen at T1 or T2, though it was heard of after that"
        : "the client sent no request at all at T1 or T2, and later began anew";
    case "possible":
      return lost > 0
        ? "no request of the client is to be seen at T1 or T2; it may be among the frames that the capture lost, or the client may have been shut down or moved away"
        : "the client sent no request at T1 or T2; it may have been shut down or moved away";
  }
}

function ofUnseen({ from, to }: Unseen, alive: Aliveness, clock: Clock): string {
  const unknown = `what it did from ${clock(from)} to ${clock(to)} is not known`;
  switch (alive) {
    case "seen":
      return `${unknown}; after that no request of it was seen, though it was heard of`;
    case "returned":
      return `${unknown}; after that no request of it was seen until it began anew`;
    case "gone":
    case "not-observable":
      return `${unknown}; it may have been shut down or moved away`;
  }
}

function dueSentence({ grantedBefore }: RenewalCycle, clock: Clock): string {
  const times = grantedBefore === null ? null : deadlines(grantedBefore.granted, grantedBefore.terms);
  const assumed = grantedBefore?.terms.timers === "defaults" ? " (assumed: half and 7/8 of the lease)" : "";
  return times === null ? "" : `T1 was ${clock(times.t1)}, T2 ${clock(times.t2)}${assumed}. `;
}

/** Its silence counts from when it was watched again: a lease that was renewed before that was due again. */
function silenceAfter({ grantedBefore }: RenewalCycle, { to }: Unseen, clock: Clock): string {
  const again = grantedBefore === null ? null : deadlines(to, grantedBefore.terms);
  return again === null
    ? `No DHCP message of the client is seen after ${clock(to)}.`
    : `Renewed meanwhile, for as long as before, the lease was due again by ${clock(again.t1)}; no DHCP message of the client is seen from ${clock(to)} to ${clock(again.t2)}.`;
}

function aliveSentence(alive: Aliveness, since: string): string[] {
  switch (alive) {
    case "seen":
      return [`After ${since} other frames of it were seen: the guest was alive by then.`];
    case "returned":
      return ["It came back with a DISCOVER later."];
    case "gone":
      return ["No other frame of it was seen after that either: it seems to have been gone."];
    case "not-observable":
      return ["This capture shows nothing but DHCP of it, so its silence does not tell whether it was there."];
  }
}

function openOf(alive: Aliveness, unseen: Unseen | null): string {
  if (alive !== "seen") {
    return "Whether it was switched off, paused or moved to another host, the host's own records tell (virsh list, virsh domstate, the migration log).";
  }
  const then = unseen === null ? "" : " after that time";
  return `Whether its DHCP client was stopped, hung or killed, or the whole guest was paused or moved to another host, the guest and the host's own records tell. If its log shows requests${then}, they were lost before this point.`;
}

import { addSeconds, secondsBetween, type Instant } from "../../capture/instant.js";
import type { AcquisitionCycle, Attempt, Lease, RenewalCycle } from "../../lease/cycle.js";
import { deadlines } from "../../lease/timers.js";
import { formatIpv4 } from "../../wire/addresses.js";
import type { LossFinding } from "../finding.js";
import { unseenRenewal } from "./no-request.js";
import { count, countedSeconds, duration, latency, list, ordinal, times, type Clock } from "./words.js";

/**
 * What the client lost and when, without its name: "lost its address 10.0.0.7 …".
 *
 * @param named whether the address must be said; false: it stands above
 */
export function whatWasLost(finding: LossFinding, clock: Clock, named: boolean): string {
  const renewals = finding.diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const gone = renewals.filter(hasCostTheAddress);
  const [only, second] = gone;
  if (only !== undefined) {
    return second === undefined ? addressLost(only, clock, named) : addressesLost(gone, clock);
  }
  const pending = renewals.find(({ outcome }) => outcome === "pending");
  if (pending !== undefined) return renewalPending(pending, clock, named);
  const [left] = renewals.filter(({ outcome }) => outcome === "left");
  if (left !== undefined) {
    const due = renewalDue(left, clock, named);
    return unseenRenewal(left) === null
      ? `${due} and was not heard of again in time`
      : `${due}, and no request of it was seen in time`;
  }
  const [renewed] = renewals;
  if (renewed !== undefined) return renewedLate(finding, renewed, renewals.length, clock, named);
  return acquisitionTroubled(finding, clock);
}

/** The client was left without its address at the end of this renewal. */
export function hasCostTheAddress({ outcome }: RenewalCycle): boolean {
  return outcome === "expired" || outcome === "refused" || outcome === "abandoned";
}

function addressLost(cycle: RenewalCycle, clock: Clock, named: boolean): string {
  const address = itsAddress(cycle, named);
  const ended = cycle.lease.lostAt ?? cycle.ended;
  // A lease that may have been renewed unseen ended at some time up to the one that is known.
  const times = cycle.unseen === null ? timersOf(cycle) : null;
  const after = outage(cycle, clock, cycle.outcome === "expired" ? (times?.expires ?? null) : null);
  const at = ended === null ? "" : ` at ${clock(ended)}`;
  if (cycle.outcome === "refused") return `was refused ${address} when it asked to renew it${at}${after}`;
  if (cycle.outcome === "abandoned") return `gave up ${address}${at}, before the lease was over,${after}`;
  return times === null
    ? `lost ${address}${ended === null ? "" : `, at the latest${at},`}${after}`
    : `lost ${address} at ${clock(times.expires)}, when the lease ran out,${after}`;
}

function itsAddress({ lease }: RenewalCycle, named: boolean): string {
  return named ? `its address ${formatIpv4(lease.address)}` : "its address";
}

function timersOf({ grantedBefore }: RenewalCycle): ReturnType<typeof deadlines> {
  return grantedBefore === null ? null : deadlines(grantedBefore.granted, grantedBefore.terms);
}

/** @param told when it began, as the words before have it; null: when the address was lost */
function outage({ lease }: RenewalCycle, clock: Clock, told: Instant | null): string {
  if (lease.outage === null) return " and had none by the end of the capture";
  if (lease.outage < 1) return ` and got ${whichAgain(lease)} at once${otherAddress(lease)}`;
  const again = lease.lostAt === null ? null : addSeconds(lease.lostAt, lease.outage);
  const from = told ?? lease.lostAt;
  const without = again === null || from === null ? lease.outage : Math.max(1, countedSeconds(from, again));
  const until = again === null ? "" : `, until ${clock(again)}`;
  return ` and had none for ${duration(without)}${until}${otherAddress(lease)}`;
}

function whichAgain({ address, binding: { lease } }: Lease): string {
  if (lease === null) return "one again";
  return lease.address === address ? "it again" : "another";
}

/** The guest is to be found elsewhere from now on. */
function otherAddress({ address, binding }: Lease): string {
  const { lease } = binding;
  return lease === null || lease.address === address ? "" : `; it has ${formatIpv4(lease.address)} now`;
}

function addressesLost(gone: readonly RenewalCycle[], clock: Clock): string {
  const addresses = [...new Set(gone.map(({ lease }) => formatIpv4(lease.address)))];
  const moments = gone.flatMap(({ lease, ended }) => lease.lostAt ?? ended ?? []);
  const [first, last] = [moments[0], moments.at(-1)];
  const span = first === undefined || last === undefined ? "" : `, first at ${clock(first)}, last at ${clock(last)}`;
  const without = gone.reduce((sum, { lease }) => sum + (lease.outage ?? 0), 0);
  const total = without < 1 ? "" : `, and had none for ${duration(without)} in all`;
  const which = addresses.length <= 3 ? ` (${list(addresses)})` : "";
  return `lost its address ${times(gone.length)}${which}${span}${total}`;
}

function renewalPending(cycle: RenewalCycle, clock: Clock, named: boolean): string {
  const asked = cycle.attempts.length + cycle.dropped;
  if (asked === 0) {
    const due = renewalDue(cycle, clock, named);
    return unseenRenewal(cycle) === null ? `${due} and has not asked yet` : `${due}, and no request of it was seen yet`;
  }
  const requests = count(asked, "request");
  if (cycle.ended !== null) {
    const when = `from ${clock(cycle.started)} to ${clock(cycle.ended)}`;
    return `tried to renew ${itsAddress(cycle, named)} ${when}, with ${requests}; nobody saw how it went on`;
  }
  const end = timersOf(cycle);
  const until = end === null ? "" : `; the lease runs out at ${clock(end.expires)}`;
  return `has been trying to renew ${itsAddress(cycle, named)} since ${clock(cycle.started)}, with ${requests} so far${until}`;
}

function renewalDue(cycle: RenewalCycle, clock: Clock, named: boolean): string {
  const due = timersOf(cycle)?.t1 ?? cycle.started;
  return `was due to renew ${itsAddress(cycle, named)} at ${clock(due)}`;
}

function renewedLate(
  { diagnoses }: LossFinding,
  first: RenewalCycle,
  number: number,
  clock: Clock,
  named: boolean,
): string {
  const lost = diagnoses.reduce((sum, diagnosis) => sum + diagnosis.lost.length, 0);
  const address = itsAddress(first, named);
  const last = diagnoses.at(-1)?.cycle.started ?? first.started;
  if (lost === 0) {
    const which = number > 1 ? `${count(number, "renewal")} from ${clock(first.started)} on` : "its renewal";
    return `kept ${address}, but ${which} had to wait for the broadcast at T2`;
  }
  if (number > 1) {
    const span = `between ${clock(first.started)} and ${clock(last)}`;
    return `kept ${address}, but in ${count(number, "renewal")} ${span} lost ${count(lost, "request")}`;
  }
  const took = first.ended === null ? 0 : secondsBetween(first.started, first.ended);
  const which = ordinal(lost + 1);
  return `kept ${address}, but only the ${which} request renewed it, ${latency(took)} after the first at ${clock(first.started)}`;
}

function acquisitionTroubled({ diagnoses }: LossFinding, clock: Clock): string {
  const cycles = diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "acquisition");
  const [first, last] = [cycles[0], cycles.at(-1)];
  if (first === undefined || last === undefined) return "lost messages";
  if (cycles.length === 1) return acquisitionOnce(first, clock);
  const span = `between ${clock(first.started)} and ${clock(last.ended ?? last.started)}`;
  const end = last.outcome === "bound" ? "and got one in the end" : "and had none in the end";
  return `asked for an address ${times(cycles.length)} ${span} ${end}`;
}

function acquisitionOnce(cycle: AcquisitionCycle, clock: Clock): string {
  const took = cycle.ended === null ? 0 : secondsBetween(cycle.started, cycle.ended);
  const address = cycle.address === null || cycle.address === 0 ? "" : ` ${formatIpv4(cycle.address)}`;
  switch (cycle.outcome) {
    case "bound":
      return `got its address${address} only ${latency(took)} after it first asked at ${clock(cycle.started)}`;
    case "refused":
      return `asked at ${clock(cycle.started)} for the address${address} that it says it had before`;
    case "pending":
      return `has been asking for an address since ${clock(cycle.started)}`;
    case "failed":
      return `asked for an address at ${clock(cycle.started)} and got none`;
  }
}

/** "11 REQUESTs", "11 REQUESTs and 2 DISCOVERs". */
export function messagesOf(attempts: readonly Attempt[], counted = count): string {
  const counts = new Map<string, number>();
  for (const { message } of attempts) {
    counts.set(message.kind, (counts.get(message.kind) ?? 0) + 1);
  }
  return counts.size === 0 ? "no message" : list([...counts].map(([kind, number]) => counted(number, kind)));
}

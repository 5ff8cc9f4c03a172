import { secondsBetween } from "../../capture/instant.js";
import type { AcquisitionCycle, Attempt, RenewalCycle } from "../../lease/cycle.js";
import { deadlines } from "../../lease/timers.js";
import { formatIpv4 } from "../../wire/addresses.js";
import type { Diagnosis } from "../diagnose.js";
import type { LossFinding } from "../finding.js";
import { count, duration, list, ordinal, times, type Clock } from "./words.js";

/** What the client lost and when, without its name: "lost its address 10.0.0.7 …". */
export function whatWasLost(finding: LossFinding, clock: Clock): string {
  const renewals = finding.diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const gone = renewals.filter(
    ({ outcome }) => outcome === "expired" || outcome === "refused" || outcome === "abandoned",
  );
  const [only, second] = gone;
  if (only !== undefined) {
    return second === undefined ? addressLost(only, clock) : addressesLost(gone, clock);
  }
  const pending = renewals.find(({ outcome }) => outcome === "pending");
  if (pending !== undefined) return renewalPending(pending, clock);
  const [left] = renewals.filter(({ outcome }) => outcome === "left");
  if (left !== undefined) return `${renewalDue(left, clock)} and was not heard of again in time`;
  const [renewed] = renewals;
  if (renewed !== undefined) return renewedLate(finding.diagnoses, renewed, renewals.length, clock);
  return acquisitionTroubled(finding.diagnoses, clock);
}

function addressLost(cycle: RenewalCycle, clock: Clock): string {
  const address = formatIpv4(cycle.lease.address);
  const after = outage(cycle);
  const ended = cycle.lease.lostAt ?? cycle.ended;
  const at = ended === null ? "" : ` at ${clock(ended)}`;
  switch (cycle.outcome) {
    case "refused":
      return `was refused its address ${address}${at}${after}`;
    case "abandoned":
      return `gave up its address ${address}${at}, before the lease was over,${after}`;
    default:
      return expires(cycle) === null
        ? `lost its address ${address}, at the latest${at},${after}`
        : `lost its address ${address} when the lease ran out at ${expiry(cycle, clock)}${after}`;
  }
}

function expires({ grantedBefore }: RenewalCycle): ReturnType<typeof deadlines> {
  return grantedBefore === null ? null : deadlines(grantedBefore.granted, grantedBefore.terms);
}

function expiry(cycle: RenewalCycle, clock: Clock): string {
  const times = expires(cycle);
  return times === null ? "a time that this capture does not show" : clock(times.expires);
}

function outage({ lease }: RenewalCycle): string {
  if (lease.outage === null) return " and had none by the end of the capture";
  return lease.outage < 1 ? " and got one again at once" : ` and had none for ${duration(lease.outage)}`;
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

function renewalPending(cycle: RenewalCycle, clock: Clock): string {
  const asked = cycle.attempts.length + cycle.dropped;
  if (asked === 0) return `${renewalDue(cycle, clock)} and has not asked`;
  const end = expires(cycle);
  const until = end === null ? "" : `; the lease runs out at ${clock(end.expires)}`;
  const tries = count(asked, "request");
  return `has been trying to renew ${formatIpv4(cycle.lease.address)} since ${clock(cycle.started)}, ${tries} so far${until}`;
}

function renewalDue(cycle: RenewalCycle, clock: Clock): string {
  const end = expires(cycle);
  const due = end === null ? cycle.started : end.t1;
  return `was due to renew ${formatIpv4(cycle.lease.address)} at ${clock(due)}`;
}

function renewedLate(diagnoses: readonly Diagnosis[], first: RenewalCycle, number: number, clock: Clock): string {
  const lost = diagnoses.reduce((sum, diagnosis) => sum + diagnosis.lost.length, 0);
  const address = formatIpv4(first.lease.address);
  const last = diagnoses.at(-1)?.cycle.started ?? first.started;
  if (number > 1) {
    const span = `between ${clock(first.started)} and ${clock(last)}`;
    return `kept its address ${address}, but ${count(number, "renewal")} ${span} lost ${count(lost, "request")}`;
  }
  const took = first.ended === null ? 0 : secondsBetween(first.started, first.ended);
  const which = ordinal(lost + 1);
  return `kept its address ${address}, but renewed it only with the ${which} request, ${duration(took)} after the first at ${clock(first.started)}`;
}

function acquisitionTroubled(diagnoses: readonly Diagnosis[], clock: Clock): string {
  const cycles = diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "acquisition");
  const lost = diagnoses.flatMap((diagnosis) => diagnosis.lost);
  const [first, last] = [cycles[0], cycles.at(-1)];
  if (first === undefined || last === undefined) return "lost messages";
  const messages = messagesOf(lost);
  if (cycles.length > 1) {
    const span = `between ${clock(first.started)} and ${clock(last.ended ?? last.started)}`;
    const end = last.outcome === "bound" ? "and got one" : "and had none in the end";
    return `asked for an address ${times(cycles.length)} ${span}, lost ${messages}, ${end}`;
  }
  return acquisitionOnce(first, messages, clock);
}

function acquisitionOnce(cycle: AcquisitionCycle, messages: string, clock: Clock): string {
  const took = cycle.ended === null ? 0 : secondsBetween(cycle.started, cycle.ended);
  const address = cycle.address === null || cycle.address === 0 ? "" : ` ${formatIpv4(cycle.address)}`;
  switch (cycle.outcome) {
    case "bound":
      return `got its address${address} only ${duration(took)} after it first asked at ${clock(cycle.started)}, having lost ${messages}`;
    case "refused":
      return `asked at ${clock(cycle.started)} for the address${address} that it had before and was refused`;
    case "pending":
      return `has been asking for an address since ${clock(cycle.started)} and lost ${messages} so far`;
    default:
      return `asked for an address at ${clock(cycle.started)}, lost ${messages} and got none`;
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

import { duration, greatest, least } from "../prose/words.js";
import type { LossFacts } from "../prose/facts.js";
import { latencyBounds } from "../prose/latencies.js";
import { othersAnswered, silencesOf } from "../prose/server-facts.js";
import type { Remedy } from "./remedy.js";

/**
 * How long the lease must be, so that a silence of the server costs nobody the address.
 *
 * A client asks for the first time at T1 and for the last time shortly before its lease ends. The worst silence begins
 * just before T1; it is survived if it ends while the client still asks: T1 + silence + LAST_ASKS <= lease. With T1 as
 * a part of the lease: lease >= (silence + LAST_ASKS) / (1 - part).
 */

/**
 * No known client makes its last attempt earlier than this before its lease ends, in seconds: RFC 2131 section 4.4.5
 * halves what is left down to 60 s (systemd-networkd), NetworkManager asks every 60 to 61 s, dhcpcd every 64 s with one
 * second of chance, dhclient every 22 s at the latest, udhcpc gives up with less than 30 s to go.
 */
export const LAST_ASKS = 65;

/** T1 unless the server says otherwise (RFC 2131 section 4.4.5). */
const HALF = 0.5;

/**
 * The least lease time that outlives a silence whenever it begins, in seconds.
 *
 * @param silence seconds in which the server answers nobody
 * @param t1Part T1 as a part of the lease time, at least 0 and below 1
 */
export function leaseOutliving(silence: number, t1Part = HALF): number {
  return (silence + LAST_ASKS) / (1 - t1Part);
}

/** A stretch without answers. */
export interface SeenSilence {
  /** Seconds; a lower bound where it is not over. */
  readonly seconds: number;
  readonly over: boolean;
}

/** What the advice is computed from; null: not known. */
export interface LeaseTimeFacts {
  readonly silence: SeenSilence | null;
  /** Seconds; those of the latest grant. */
  readonly terms: { readonly leaseTime: number; readonly t1: number } | null;
}

export function leaseTimeFacts(facts: LossFacts): LeaseTimeFacts {
  return { silence: longestSilence(facts), terms: termsOf(facts) };
}

/** The longest that the server of this finding was silent to everybody, took to answer, or left this client waiting. */
function longestSilence(facts: LossFacts): SeenSilence | null {
  const last = facts.lost.at(-1)?.message.time ?? -Infinity;
  const silences = silencesOf(facts).map(({ from, to }): SeenSilence => ({
    seconds: (to ?? Math.max(from, last)) - from,
    over: to !== null,
  }));
  const waits = facts.late.map((reply): SeenSilence => ({ seconds: latencyBounds(reply, facts).least, over: true }));
  const all = [...silences, ...waits, ...inVain(facts)].filter(({ seconds }) => seconds > 0);
  const longest = greatest(all.map(({ seconds }) => seconds));
  return all.find(({ seconds }) => seconds === longest) ?? null;
}

/** From the first to the last request of a cycle that nobody answered; how much longer it was no frame tells. */
function inVain(facts: LossFacts): SeenSilence[] {
  if (othersAnswered(facts) > 0) return [];
  return facts.finding.diagnoses.map(({ lost }) => {
    const times = lost.filter(({ replies }) => replies.length === 0).map(({ message }) => message.time);
    return { seconds: greatest(times) - least(times), over: false };
  });
}

function termsOf({ finding }: LossFacts): LeaseTimeFacts["terms"] {
  const renewals = finding.diagnoses.flatMap(({ cycle }) => (cycle.kind === "renewal" ? [cycle] : []));
  const terms = renewals.flatMap(({ lease, grantedBefore }) => grantedBefore?.terms ?? lease.terms ?? []).at(-1);
  return terms === undefined || terms.leaseTime === Infinity ? null : terms;
}

export function longerLease({ silence, terms }: LeaseTimeFacts): Remedy {
  return {
    id: "longer-lease",
    title: "Give longer leases",
    command:
      "grep -rnE 'lease-time|dhcp-range|valid-lifetime|LeaseTimeSec' /etc/dhcp /etc/dnsmasq.conf /etc/dnsmasq.d /etc/kea /etc/systemd/network",
    what: `${advice(silence, terms)} The command shows where the server has it.`,
    appliesWhen: "the server falls silent for known, bounded times (backups, restarts, failover).",
    limits:
      "Cures the loss of addresses, not the silence: new guests still wait for it. Does nothing against replies that are refused for their checksum, only later. A fixed T1 (option 58) must grow with it. Addresses of guests that are gone come back later. Clients take the new time only at their next renewal.",
    undo: "Set the old lease time again and restart the server.",
    check: "ACKs show the new lease time (option 51).",
  };
}

/** Whether the lease that is given now is too short for what was seen; true where one of them is not known. */
export function isTooShort({ silence, terms }: LeaseTimeFacts): boolean {
  return silence === null || terms === null || terms.leaseTime < leaseFor(silence, terms);
}

function leaseFor(silence: SeenSilence, terms: LeaseTimeFacts["terms"]): number {
  return roundedUp(leaseOutliving(silence.seconds, t1Part(terms)));
}

function advice(silence: SeenSilence | null, terms: LeaseTimeFacts["terms"]): string {
  if (silence === null) {
    return `With T1 at half the lease time, a client survives any silence that is at least ${LAST_ASKS} s shorter than half its lease.`;
  }
  const part = t1Part(terms);
  const at = part === HALF ? "half of it" : `${Math.round(part * 100)} % of it, as now`;
  const seen = silence.over
    ? `The longest silence seen here lasted ${duration(silence.seconds)}`
    : `The silence seen here lasted ${duration(silence.seconds)} at least and was not over`;
  const now =
    terms === null
      ? "."
      : `; the lease of ${duration(terms.leaseTime)} leaves ${duration(window(terms))} from T1 to its end.`;
  const least = silence.over ? "" : " or more";
  return `${seen}${now} A lease of ${duration(leaseFor(silence, terms))}${least}, with T1 at ${at}, outlives it whenever it begins (leasetap explain lease-time).`;
}

/** A server may set T1 later than the half; an earlier one only gives more time. */
function t1Part(terms: LeaseTimeFacts["terms"]): number {
  if (terms === null || terms.leaseTime <= 0) return HALF;
  const part = Math.round((100 * terms.t1) / terms.leaseTime) / 100;
  return Math.min(0.99, Math.max(HALF, part));
}

function window({ leaseTime, t1 }: NonNullable<LeaseTimeFacts["terms"]>): number {
  return Math.max(0, leaseTime - t1);
}

/** Whole minutes, from an hour on whole five minutes, from a day on whole hours. */
function roundedUp(seconds: number): number {
  const step = seconds <= 3600 ? 60 : seconds <= 86_400 ? 300 : 3600;
  return Math.ceil(seconds / step) * step;
}

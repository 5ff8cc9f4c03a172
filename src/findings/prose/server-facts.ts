import { firstAtOrAfter, repliedBetween, type Server, type ServerSilence } from "../../lease/servers.js";
import { formatIpv4 } from "../../wire/addresses.js";
import type { LossFacts } from "./facts.js";
import { least } from "./words.js";

/** What is known of the server that a loss is about: how it treats others, and how fast it usually is. */

export function serverName({ server }: LossFacts): string {
  return server === null ? "the server" : `server ${formatIpv4(server)}`;
}

export function serverFacts({ server, background }: LossFacts): Server | null {
  return background.servers.find((known) => known.server.address === server)?.server ?? null;
}

/** All stretches in which the server answered nobody, whomever they hurt. */
export function silencesOf(facts: LossFacts): readonly ServerSilence[] {
  return facts.background.servers.find(({ server }) => server.address === facts.server)?.silences ?? [];
}

/** The longest stretch in which the server answered nobody, and some of these attempts fall. */
export function silenceOf(facts: LossFacts): ServerSilence | null {
  const inside = (silence: ServerSilence): boolean =>
    facts.lost.some(({ message }) => message.time >= silence.from && message.time <= (silence.to ?? Infinity));
  const known = facts.background.servers.find(({ server }) => server.address === facts.server);
  const longest = [...silencesOf(facts)].filter(inside).sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? null;
  return longest === null || known === undefined ? null : sinceFirstLost(longest, known.server, facts);
}

/** Nothing was heard of the server before it either, from the first of these attempts on. */
function sinceFirstLost(
  silence: ServerSilence,
  server: Server,
  { lost, finding, background }: LossFacts,
): ServerSilence {
  const [first] = lost;
  const from = first?.message.time ?? silence.from;
  if (from >= silence.from || repliedBetween(server, from, silence.from)) return silence;
  const hidden = background.observed?.hidden(finding.binding.client, from, silence.from) ?? null;
  if (hidden !== null) return silence;
  const before = lost.filter(({ message }) => message.time < silence.from);
  return { ...silence, from, requests: silence.requests + before.length };
}

function lengthOf({ from, to }: ServerSilence): number {
  return to === null ? Number.MAX_VALUE : to - from;
}

/** Only this client asked in that time, so that the silence may have been meant for it alone. */
export function nobodyElseAsked(silence: ServerSilence, { finding }: LossFacts): boolean {
  const own = finding.diagnoses
    .flatMap(({ cycle }) => cycle.attempts)
    .filter(({ message }) => message.time >= silence.from && message.time <= (silence.to ?? Infinity));
  return silence.requests <= own.length;
}

/** Less than the difference of any two time stamps, in seconds. */
const INSTANT = 1e-7;

/** Replies that the server sent to others between the first and the last of these attempts. */
export function othersAnswered(facts: LossFacts): number {
  const server = serverFacts(facts);
  const [first, last] = [facts.lost[0], facts.lost.at(-1)];
  // A reply of a transaction that began unseen is none to others.
  if (server === null || !server.severalClients || first === undefined || last === undefined) return 0;
  const within = (time: number): boolean => time >= first.message.time && time <= last.message.time;
  const { replyTimes } = server;
  const until = firstAtOrAfter(replyTimes, last.message.time + INSTANT);
  const all = until - firstAtOrAfter(replyTimes, first.message.time);
  const own = facts.finding.diagnoses
    .flatMap(({ cycle }) => cycle.attempts.flatMap(({ replies }) => replies))
    .filter(({ message }) => within(message.time));
  return Math.max(0, all - own.length);
}

/** The median of the latencies below half of the shortest late one, in seconds; null: none is known. */
export function usualLatency(server: Server | null, late: readonly number[]): number | null {
  const soonest = least(late);
  const usual = (server?.latencies ?? []).filter((value) => value < soonest / 2).sort((a, b) => a - b);
  return usual[Math.floor(usual.length / 2)] ?? null;
}

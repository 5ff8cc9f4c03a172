import type { Binding, Episode, IgnoredCounts, Reply } from "./cycle.js";
import { lastSighting } from "./message.js";

/** A run of ignored replies begins; nothing was ignored yet. */
export function newEpisode(before: Episode["before"], partialBefore: number): Episode {
  return {
    before,
    partialBefore,
    ignored: { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0, "looks-partial": 0 },
    last: null,
    after: null,
  };
}

/** Copies by two relays, and the answers of a server that catches up, come within this, in seconds. */
const ONE_BREATH = 0.15;

/** The client turned down a reply of this run. */
export function count(episode: Episode, reply: Reply): void {
  const sum = countedAs(reply);
  const { time } = reply.message;
  const { last } = episode;
  episode.last = { sum, time };
  if (last?.sum !== sum || time - last.time >= ONE_BREATH) episode.ignored[sum] += 1;
}

/** The reply that the client took last had the same kind of checksum. */
export function tookAlike({ episode }: Binding, reply: Reply): boolean {
  return episode.before === countedAs(reply);
}

/** Under which name a reply is counted: the verdict on its checksum where the client met it. */
export function countedAs(reply: Reply): keyof IgnoredCounts {
  const { verdict, pattern } = lastSighting(reply.message).checksum;
  return pattern === "looks-partial" ? "looks-partial" : verdict;
}

import type { Episode, IgnoredCounts, Reply } from "./cycle.js";
import { lastSighting } from "./message.js";

/** A run of ignored replies begins; nothing was ignored yet. */
export function newEpisode(before: Reply | null, partialBefore: number): Episode {
  return {
    before,
    partialBefore,
    ignored: { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0, "looks-partial": 0 },
    after: null,
  };
}

/** Under which name a reply is counted: the verdict on its checksum where the client met it. */
export function countedAs(reply: Reply): keyof IgnoredCounts {
  const { verdict, pattern } = lastSighting(reply.message).checksum;
  return pattern === "looks-partial" ? "looks-partial" : verdict;
}

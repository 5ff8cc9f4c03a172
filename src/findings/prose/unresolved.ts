import type { FrameRef } from "../../lease/message.js";
import { formatIpv4 } from "../../wire/addresses.js";
import { frameOf, type LossFacts } from "./facts.js";
import { longestOf } from "./latencies.js";
import type { Reasons } from "./telling.js";
import { count, latency } from "./words.js";

/** Nobody answered an ARP request, so that a unicast could not be sent. */

/** The client looked for its server. */
export function serverNotFound(facts: LossFacts): Reasons {
  const asked = questionsOf(facts, "server");
  const server = facts.server === null ? "its server" : formatIpv4(facts.server);
  const broadcast = facts.taken?.attempt.message.broadcast === true ? facts.taken : null;
  return {
    because: `the client could not send its REQUESTs to ${server}: nobody answered its ARP requests for that address`,
    why: [
      "A client renews by unicast from T1 to T2, and before it can send one, it has to find the server's hardware address.",
      ...arpSentence(asked, `for ${server}`, facts),
      ...(broadcast === null
        ? []
        : [
            `Its broadcast (rebinding) was answered within ${latency(longestOf([broadcast], facts))}: a server is there.`,
          ]),
    ],
    also: [],
    not: ["Not a client that forgot to renew: it tried."],
    open: [
      "Either the server identifier (option 54) names an address that nobody has on this network, or something drops ARP on the way: compare it with the addresses of the server.",
    ],
  };
}

/** The server looked for the client that it was about to answer. */
export function clientNotFound(facts: LossFacts): string[] {
  const asked = questionsOf(facts, "client");
  const sentences = arpSentence(asked, "for the client's address", facts, "The server");
  return sentences.length === 0
    ? []
    : [
        ...sentences,
        "So it had the request and could not send its answer: the client does not answer for the address that it renews (not configured on that card, or ARP is dropped).",
      ];
}

function arpSentence(asked: readonly FrameRef[], what: string, facts: LossFacts, who = "The client"): string[] {
  const [first] = asked;
  if (first === undefined) return [];
  const frame = frameOf(first, facts.severalInputs);
  return [
    `${who} sent ${count(asked.length, "ARP request")} ${what}, the first in ${frame} at ${facts.clock(first.instant)}, and no answer is seen.`,
  ];
}

function questionsOf({ finding }: LossFacts, whose: "server" | "client"): FrameRef[] {
  return finding.diagnoses.flatMap(({ cycle }) => (cycle.kind === "renewal" ? cycle.unresolved[whose] : []));
}

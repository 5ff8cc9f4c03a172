import { broadcastIp } from "./frames.js";
import type { CycleLog, Journal, MessageLog, Sighting } from "./journal.js";
import type { Cause } from "./types.js";
import { looksPartial, type View } from "./view.js";
import { verdictOf } from "./datagram.js";

/** The right answer for one lost request, and what else would be right as far as this view goes. */
export interface Blame {
  best: Cause;
  acceptable: readonly Cause[];
  undecidable: boolean;
}

const sure = (best: Cause, ...also: readonly Cause[]): Blame => ({
  best,
  acceptable: [best, ...also],
  undecidable: false,
});
const open = (best: Cause, ...also: readonly Cause[]): Blame => ({
  best,
  acceptable: [best, ...also],
  undecidable: true,
});

/** Points in the order a reply passes them. */
const depth = { bridge: 0, tap: 1, guest: 2 } as const;

function innermost(sightings: readonly Sighting[]): Sighting | null {
  return sightings.reduce<Sighting | null>(
    (best, sighting) => (best === null || depth[sighting.point] > depth[best.point] ? sighting : best),
    null,
  );
}

function outermost(sightings: readonly Sighting[]): Sighting | null {
  return sightings.reduce<Sighting | null>(
    (best, sighting) => (best === null || depth[sighting.point] < depth[best.point] ? sighting : best),
    null,
  );
}

/** A reply that was seen and did not do its work, told from where it was seen last. */
function blameReply(reply: MessageLog, view: View): Blame | null {
  const last = innermost(view.sightings.get(reply.id) ?? []);
  if (last === null) return null;
  const snapped = view.vantage.snaplen > 0;
  const stored = verdictOf(last.datagram);
  const partial = snapped ? looksPartial(last) : stored === "partial";
  const bad = !snapped && stored === "bad";
  const beyond = view.vantage.points.some(({ point }) => depth[point] > depth[last.point]);
  const { droppedOn, reply: fate } = reply;

  if (droppedOn !== null) {
    // with a later point in the same capture the gap itself is the witness
    if (beyond) return sure("not-delivered");
    if (partial) return open("reply-ignored", "offload-partial");
    return bad ? sure("checksum-bad") : sure("reply-ignored", ...(snapped ? (["checksum-bad"] as const) : []));
  }
  switch (fate?.why) {
    case undefined:
      return null;
    case "refused":
      return sure("nak");
    case "checksum": {
      const arrived = verdictOf(reply.last);
      if (partial && arrived === "partial") {
        return sure("offload-partial", ...(snapped ? (["reply-ignored"] as const) : []));
      }
      if (bad) return sure("checksum-bad");
      // what spoils it lies behind the last point
      return partial ? open("reply-ignored", "offload-partial", "checksum-bad") : sure("reply-ignored", "checksum-bad");
    }
    case "wrong-reply":
      return sure("wrong-reply");
    case "late":
      return sure("late-reply", "no-reply");
    case "socket-closed":
    case "hung":
      if (view.quoted.has(reply.id)) return sure("port-unreachable");
      return partial ? open("reply-ignored", "offload-partial") : sure("reply-ignored");
    case "broadcast-unheard":
      return sure("reply-ignored", "nak");
    case "foreign-server":
      return open("no-reply", "wrong-reply", "reply-ignored", "nak");
    case "duplicate":
      return sure("late-reply", "no-reply", "reply-ignored");
    case "granted":
    case "selected":
    case "not-chosen":
    case "off":
    case "dropped":
      return null;
  }
}

export interface Replies {
  /** by request: the replies to it */
  of(request: number): readonly MessageLog[];
}

function repliesIn(journal: Journal): Replies {
  const map = new Map<number, MessageLog[]>();
  for (const message of journal.messages.values()) {
    if (message.answers === null) continue;
    const known = map.get(message.answers);
    if (known === undefined) map.set(message.answers, [message]);
    else known.push(message);
  }
  return { of: (request) => map.get(request) ?? [] };
}

/** What the judging of every request of one view needs to know, found once. */
export interface Scene {
  journal: Journal;
  view: View;
  replies: Replies;
  /** unfinished requests are known, in this view, to be understood by the server */
  understood: boolean;
  /** when the last reply of any server is seen */
  lastReply: number;
  /** when the last request with a whole sum is seen */
  lastSound: number;
}

export function sceneOf(journal: Journal, view: View): Scene {
  const replies = repliesIn(journal);
  const lastReply = view.seen.reduce(
    (last, { time, sighting }) => (sighting?.datagram.direction === "reply" ? Math.max(last, time) : last),
    -1,
  );
  const lastSound = view.seen.reduce(
    (last, { time, sighting }) =>
      sighting?.datagram.direction === "request" && verdictOf(sighting.datagram) === "good"
        ? Math.max(last, time)
        : last,
    -1,
  );
  return { journal, view, replies, understood: partialAnswered(journal, view, replies), lastReply, lastSound };
}

function partialAnswered(journal: Journal, view: View, replies: Replies): boolean {
  for (const message of journal.messages.values()) {
    if (message.answers !== null) continue;
    const seen = outermost(view.sightings.get(message.id) ?? []);
    if (seen === null || verdictOf(seen.datagram) !== "partial") continue;
    if (replies.of(message.id).some((reply) => view.sightings.has(reply.id))) return true;
  }
  return false;
}

function blameRequest(request: MessageLog, { view, understood, lastReply, lastSound }: Scene): Blame {
  const seen = view.sightings.get(request.id) ?? [];
  if (view.quoted.has(request.id)) return sure("port-unreachable");
  const last = outermost(seen);
  const partial = last !== null && looksPartial(last) && verdictOf(last.datagram) !== "good";
  const beyond = last !== null && view.vantage.points.some(({ point }) => depth[point] < depth[last.point]);
  if (request.droppedOn !== null && beyond) return sure("not-delivered");
  const alive = lastReply > request.sent;
  if (request.handling === "checksum") {
    if (partial) {
      return understood
        ? open("request-partial", "no-reply")
        : alive
          ? sure("request-partial", "no-reply")
          : open("request-partial", "no-reply");
    }
    const snapped = view.vantage.snaplen > 0;
    return last !== null && verdictOf(last.datagram) === "bad" && !snapped
      ? sure("request-bad")
      : sure("no-reply", "request-bad");
  }
  // sound requests that stay unanswered as well leave only one explanation
  const silentToAll = !alive && lastSound > request.sent;
  return partial && !understood && !silentToAll ? open("no-reply", "request-partial") : sure("no-reply");
}

/** Why this request was lost. The request is in view. */
export function blame(request: MessageLog, scene: Scene): Blame {
  const blames = scene.replies
    .of(request.id)
    .map((reply) => {
      const answer = blameReply(reply, scene.view);
      if (answer === null || answer.best === "nak" || !scene.view.quoted.has(reply.id)) return answer;
      const acceptable: readonly Cause[] = [...answer.acceptable, "port-unreachable"];
      return { ...answer, acceptable };
    })
    .filter((answer) => answer !== null);
  const refusal = blames.find(({ best }) => best === "nak");
  return refusal ?? blames[0] ?? blameRequest(request, scene);
}

/** All lost requests of one cycle together. */
export function blameCycle(cycle: CycleLog, lost: readonly MessageLog[], scene: Scene): Blame | null {
  const { journal, view, replies } = scene;
  if (lost.length === 0) return null;
  const blames = lost.map((request) => blame(request, scene));
  const unicast = (message: MessageLog): boolean => message.last.destination.ip !== broadcastIp;
  const visible = (request: MessageLog): boolean =>
    replies.of(request.id).some((reply) => view.sightings.has(reply.id));
  const isRescued = ({ attempts }: CycleLog): boolean =>
    attempts.some((id) => {
      const message = journal.messages.get(id);
      return message !== undefined && !unicast(message) && view.sightings.has(id) && visible(message);
    });
  const rescued = isRescued(cycle);
  const silentUnicasts = lost.filter((request) => unicast(request) && !visible(request));
  if (cycle.kind === "renewal" && rescued && silentUnicasts.length === lost.length) {
    const blocked = lost.every((request) => request.droppedOn !== null);
    const partial = blames.some(({ acceptable }) => acceptable.includes("request-partial"));
    const also: readonly Cause[] = partial ? ["request-partial"] : [];
    const gap = blames.find(({ best }) => best === "not-delivered");
    if (gap !== undefined) return sure("not-delivered", "unicast-blocked");
    if (blocked) {
      return partial
        ? open("unicast-blocked", ...also)
        : lost.length > 1
          ? sure("unicast-blocked")
          : sure("unicast-blocked", "no-reply");
    }
    const first = blames[0];
    if (first !== undefined) return open(first.best, "unicast-blocked", ...first.acceptable);
  }
  const counts = new Map<Cause, number>();
  for (const { best } of blames) counts.set(best, (counts.get(best) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const tied = blames.filter(({ best }) => counts.get(best) === most);
  const chosen = tied[tied.length - 1];
  if (chosen === undefined) return null;
  const causes = tied.flatMap(({ acceptable }) => acceptable);
  // it never rebound; that its unicasts are dropped on their way, its other renewals show
  const elsewhere = journal.cycles.some(
    (other) => other !== cycle && other.kind === "renewal" && other.client === cycle.client && isRescued(other),
  );
  const dropped = silentUnicasts.length === lost.length && lost.every((request) => request.droppedOn !== null);
  if (cycle.kind === "renewal" && elsewhere && dropped) causes.push("unicast-blocked");
  // broadcasts are answered, though ignored, and unicasts never
  if (cycle.kind === "renewal" && rescued && silentUnicasts.length > 0) causes.push("unicast-blocked");
  return {
    best: chosen.best,
    acceptable: [...new Set(causes)],
    undecidable: tied.every(({ undecidable }) => undecidable),
  };
}

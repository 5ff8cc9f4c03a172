import { broadcastMac } from "./frames.js";
import type { CycleLog, Journal, MessageLog } from "./journal.js";
import { blameCycle, sceneOf, type Scene } from "./judge.js";
import type { ClientTruth, CycleTruth, ReplyTruth, Severity, Truth } from "./types.js";
import type { View } from "./view.js";

const order: readonly Severity[] = ["none", "note", "warning", "error"];

export function worse(one: Severity, other: Severity): Severity {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

interface Part {
  client: string;
  profile: string;
  role: ClientTruth["role"];
}

/** Requests of a client in view, in the order they were sent. */
function requestsOf(client: string, journal: Journal, view: View): MessageLog[] {
  return [...journal.messages.values()].filter(
    (message) => message.client === client && message.answers === null && view.sightings.has(message.id),
  );
}

/** The first request sent after a moment; they are in order. */
function firstAfter(requests: readonly MessageLog[], time: number): MessageLog | undefined {
  let low = 0;
  let high = requests.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((requests[middle]?.sent ?? Infinity) > time) high = middle;
    else low = middle + 1;
  }
  return requests[low];
}

/**
 * Whether a later frame in view proves what the client did with a reply. The last reply never is; an ACK before a client
 * starts from the beginning says nothing either (a ROM and its system, a reboot), nor one before a renewal forced by hand.
 */
function knowable(reply: MessageLog, requests: readonly MessageLog[], cycles: readonly CycleLog[]): boolean {
  const next = firstAfter(requests, reply.reply?.at ?? reply.sent);
  if (next === undefined) return false;
  if (reply.last.name === "OFFER") return true;
  if (cycles.some((cycle) => cycle.forced && cycle.attempts.includes(next.id))) return false;
  if (cycles.some((cycle) => cycle.rebooting && cycle.attempts[0] === next.id)) return false;
  if (next.last.fields.ciaddr !== 0) return true;
  const renewal = cycles.some(
    (cycle) => cycle.kind === "renewal" && reply.answers !== null && cycle.attempts.includes(reply.answers),
  );
  const lostCycle = cycles.some(
    (cycle) => cycle.kind === "renewal" && cycle.attempts.includes(reply.answers ?? -1) && cycle.outcome !== "renewed",
  );
  if (next.last.name === "RELEASE" || next.last.name === "DECLINE") return true;
  // INIT right after a renewal that was refused or failed tells; after one that was granted it is a restart
  return renewal ? lostCycle : reply.last.name === "NAK" || next.last.name === "REQUEST";
}

function replyTruth(reply: MessageLog, requests: readonly MessageLog[], cycles: readonly CycleLog[]): ReplyTruth {
  const { reply: fate } = reply;
  return {
    outcome: fate?.outcome ?? "ignored",
    knowable: knowable(reply, requests, cycles),
    why: fate?.why ?? (reply.droppedOn === null ? "under-way" : `dropped on ${reply.droppedOn}`),
  };
}

function cycleTruth(cycle: CycleLog, scene: Scene, requests: readonly MessageLog[], epoch: number): CycleTruth | null {
  const { journal, view, replies } = scene;
  const attempts = cycle.attempts
    .map((id) => journal.messages.get(id))
    .filter((message) => message !== undefined && view.sightings.has(message.id))
    .filter((message) => message !== undefined);
  const first = attempts[0];
  const last = attempts[attempts.length - 1];
  if (first === undefined || last === undefined) return null;

  const answered = (request: MessageLog): boolean =>
    replies
      .of(request.id)
      .some(
        (reply) => reply.reply?.outcome === "accepted" && reply.reply.why !== "refused" && reply.reply.at <= view.to,
      );
  // A grant that comes after the view tells nothing of what is in it.
  const grantedAt = attempts.findIndex((request) => request.id === cycle.granted && answered(request));
  // an attempt is overtaken when the answer to an earlier one arrives after it has left
  let latest = -1;
  const overtaken = new Set<number>();
  for (const request of attempts) {
    if (latest > request.sent) overtaken.add(request.id);
    for (const { reply } of replies.of(request.id)) {
      if (reply?.outcome === "accepted" && reply.at <= view.to) latest = Math.max(latest, reply.at);
    }
  }
  const lastOfAll = requests[requests.length - 1]?.sent ?? 0;
  const missed = attempts.filter(
    (request, index) => !answered(request) && (grantedAt < 0 || index < grantedAt) && !overtaken.has(request.id),
  );
  // the last request of the view may still be answered, or its answer judged
  const proven = missed.filter(
    (request) => request.sent < lastOfAll || (cycle.ended !== null && cycle.ended <= view.to),
  );

  const after = requests.find((request) => request.sent > last.sent);
  const seenReply = replies.of(cycle.granted ?? -1).some((reply) => view.sightings.has(reply.id));
  const over = cycle.ended !== null && cycle.ended <= view.to && cycle.outcome !== null;
  const refusedSeen = attempts.some((request) =>
    replies.of(request.id).some((reply) => reply.reply?.why === "refused" && view.sightings.has(reply.id)),
  );
  const witnessed =
    cycle.outcome === "renewed" || cycle.outcome === "bound"
      ? seenReply
      : cycle.outcome === "refused"
        ? refusedSeen || after !== undefined
        : cycle.outcome === "left"
          ? true
          : after !== undefined;
  const outcome = over && witnessed && cycle.outcome !== null ? cycle.outcome : "pending";
  const grantSeen = journal.grants.some(
    (grant) =>
      grant.client === cycle.client &&
      grant.at < cycle.started &&
      grant.request !== null &&
      replies.of(grant.request).some((reply) => view.sightings.has(reply.id)) &&
      grant.expiry === cycle.expiry,
  );

  const also: CycleTruth["alsoOutcomes"][number][] = [];
  const judged = after !== undefined;
  if ((outcome === "renewed" || outcome === "bound") && !judged) also.push("pending");
  if (outcome === "pending" && !judged && proven.length === 0) {
    also.push(cycle.kind === "renewal" ? "renewed" : "bound");
  }
  if (outcome === "expired" || outcome === "abandoned") {
    const near =
      cycle.expiry !== null &&
      cycle.ended !== null &&
      Math.abs(cycle.expiry - cycle.ended) < Math.max(3, 0.05 * (cycle.expiry - cycle.started));
    if (!grantSeen || near) also.push("expired", "abandoned");
  }
  const nakSeen = attempts.some((request) =>
    replies.of(request.id).some((reply) => reply.last.name === "NAK" && view.sightings.has(reply.id)),
  );
  if (outcome === "pending" && !judged && nakSeen) also.push("refused");
  if (cycle.forced) also.push("pending");
  if (outcome === "left") also.push("pending", "abandoned", "expired");
  if (outcome === "refused" && cycle.kind === "acquisition") also.push("bound", "failed", "pending");

  const blamed = proven.length > 0 ? proven : [];
  const answer =
    outcome === "refused" && refusedSeen
      ? blameCycle(
          cycle,
          attempts.filter((request) => replies.of(request.id).some((reply) => reply.reply?.why === "refused")),
          scene,
        )
      : blameCycle(cycle, blamed, scene);
  const started = Math.max(cycle.started, view.from);
  const blind = view.vantage.blind;
  return {
    kind: cycle.kind,
    attempts: attempts.map((request) => view.frames.get(request.id) ?? -1),
    started: epoch + started,
    ended: epoch + Math.min(cycle.ended ?? view.to, view.to),
    outcome,
    alsoOutcomes: blind ? ["pending", "bound", "renewed", "expired", "abandoned", "left", "failed"] : also,
    lost: proven.length,
    doubtful: missed.length - proven.length,
    best: blind ? null : (answer?.best ?? null),
    acceptable: blind ? [] : (answer?.acceptable ?? []),
    undecidable: blind || (answer?.undecidable ?? false),
    optional: blind || outcome === "left",
  };
}

/** A client that stands still sends nothing when it is due. */
function stillness(
  client: string,
  { journal, view, replies }: Scene,
  epoch: number,
): { cycle: CycleTruth; least: Severity; most: Severity } | null {
  const halt = journal.halts.find((candidate) => candidate.client === client && candidate.alive);
  if (halt === undefined) return null;
  const grants = journal.grants.filter((grant) => grant.client === client && grant.at <= halt.at);
  const grant = grants[grants.length - 1];
  if (grant === undefined) return null;
  const known =
    grant.request !== null &&
    view.sightings.has(grant.request) &&
    replies.of(grant.request).some((reply) => view.sightings.has(reply.id));
  const alive = view.alive.get(client) ?? [];
  const due = grant.t1 <= view.to && grant.t1 >= view.from;
  const aliveAfter = (time: number): boolean => alive.some((at) => at > time);
  const margin = 0.03 * (grant.expiry - grant.at) + 5;
  const certain = known && due && aliveAfter(grant.t2 + margin);
  return {
    cycle: {
      kind: "renewal",
      attempts: [],
      started: epoch + grant.t1,
      ended: epoch + Math.min(view.to, grant.expiry),
      outcome: view.to > grant.expiry ? "expired" : "pending",
      alsoOutcomes: ["pending", "left", "expired", "abandoned"],
      lost: 0,
      doubtful: 0,
      best: "no-request",
      acceptable: ["no-request"],
      undecidable: false,
      optional: !certain,
    },
    least: certain ? "error" : "none",
    most: known && aliveAfter(grant.t1) ? "error" : "note",
  };
}

/** How loud a tool has to be, and may be, about one client. */
function loudness(cycles: readonly CycleTruth[]): { least: Severity; most: Severity } {
  let least: Severity = "none";
  let most: Severity = "note";
  const raise = (low: Severity, high: Severity): void => {
    least = worse(least, low);
    most = worse(most, high);
  };
  const recovered = cycles.filter((cycle) => cycle.kind === "renewal" && cycle.outcome === "renewed" && cycle.lost > 0);
  for (const cycle of cycles) {
    const checksum = cycle.best === "offload-partial" || cycle.best === "checksum-bad";
    const rebound =
      cycle.outcome === "refused" && cycles.some((later) => later.started > cycle.started && later.outcome === "bound");
    if (cycle.best === "no-request" || cycle.optional || (cycle.kind === "acquisition" && rebound)) continue; // roaming
    if (cycle.kind === "renewal") {
      if (cycle.outcome === "expired" || cycle.outcome === "abandoned") raise("error", "error");
      else if (cycle.outcome === "refused") raise("warning", "error");
      else if (cycle.outcome === "pending" && cycle.lost >= 2) raise("error", "error");
      else if (cycle.outcome === "pending" && cycle.alsoOutcomes.some((other) => other === "refused")) {
        raise("none", "error");
      } else if (cycle.outcome === "pending" && cycle.lost === 1) {
        raise("none", checksum || cycle.doubtful > 0 ? "error" : "warning");
      } else if (cycle.outcome === "renewed" && cycle.lost >= 2) raise("warning", "warning");
      else if (cycle.outcome === "renewed" && cycle.lost === 1 && (checksum || recovered.length > 1)) {
        raise("none", "warning");
      }
    } else if (cycle.outcome === "pending" && cycle.lost >= 3) raise("error", "error");
    else if (cycle.outcome === "pending" && cycle.lost > 0) raise("none", "error");
    else if (cycle.lost > 0 && cycle.best !== "no-reply" && cycle.best !== "late-reply") raise("none", "warning");
    else if (cycle.lost >= 3) raise("none", "warning");
  }
  return { least, most };
}

/** A client that goes from DISCOVER to REQUEST shows that its replies pass elsewhere; a lone rebinding does not. */
function namesBlindness(requests: readonly MessageLog[]): boolean {
  return requests.some(
    (request, index) =>
      request.last.name === "DISCOVER" &&
      requests[index + 1]?.last.fields.serverId !== null &&
      requests[index + 1] !== undefined,
  );
}

/** What is true of a view: of each frame in it, and of each client. */
export function tell(journal: Journal, view: View, parts: readonly Part[], patient: string, epoch: number): Truth {
  const scene = sceneOf(journal, view);
  const clients: ClientTruth[] = [];
  for (const part of parts) {
    const requests = requestsOf(part.client, journal, view);
    const cycles = journal.cycles.filter((cycle) => cycle.client === part.client);
    for (const { message, truth } of view.seen) {
      if (message?.client !== part.client || message.answers === null) continue;
      truth.reply = replyTruth(message, requests, cycles);
    }
    // at a guest's own port the others show nothing but their broadcasts
    const sidelong = part.client !== patient && view.vantage.points.every(({ point }) => point !== "bridge");
    const told = cycles.map((cycle) => cycleTruth(cycle, scene, requests, epoch)).filter((cycle) => cycle !== null);
    const still = stillness(part.client, scene, epoch);
    const loud = loudness(told);
    const repliesSeen = view.seen.some(
      ({ message, sighting }) =>
        message?.client === part.client &&
        sighting !== null &&
        sighting.datagram.direction === "reply" &&
        sighting.datagram.destination.mac !== broadcastMac,
    );
    // requests that never come by look like a client that sends none
    const mute = cycles.some(
      (cycle) =>
        cycle.kind === "renewal" &&
        cycle.started >= view.from &&
        cycle.started <= view.to &&
        cycle.attempts.length > 0 &&
        cycle.attempts.every((id) => !view.sightings.has(id)),
    );
    const unseen = (sidelong || view.vantage.blind) && !repliesSeen;
    if (still !== null) told.push(still.cycle);
    if (requests.length === 0 && told.length === 0 && !repliesSeen) continue;
    clients.push({
      ...part,
      cycles: unseen ? told.map((cycle) => ({ ...cycle, optional: true })) : told,
      lostAddress:
        !unseen &&
        told.some(
          ({ kind, outcome, optional }) =>
            kind === "renewal" &&
            !optional &&
            (outcome === "expired" || outcome === "abandoned" || outcome === "refused"),
        ),
      least: unseen ? "none" : worse(loud.least, still?.least ?? "none"),
      most: unseen
        ? namesBlindness(requests)
          ? "note"
          : "error"
        : mute
          ? "error"
          : worse(loud.most, still?.most ?? "none"),
    });
  }
  return { frames: view.seen.map(({ truth }) => truth), clients };
}

import type { Cause, Severity } from "../findings/cause.js";
import { pickCapture, watchServer } from "../findings/remedies/capture.js";
import * as checksum from "../findings/remedies/checksum.js";
import * as network from "../findings/remedies/network.js";
import * as path from "../findings/remedies/path.js";
import * as server from "../findings/remedies/server.js";
import type { ClientCycle } from "./client-cycle.js";
import type { ClientLog } from "./client-log.js";
import type { LogFinding } from "./finding.js";
import { tellRefused, tellRejected, tellUnanswered, tellUnicastBlocked, type Told } from "./prose.js";

/** Attempts in a row that are no accident any more. */
const SEVERAL = 2;
/** DISCOVERs without an offer before it counts as trouble; see DESIGN for the same rule on packets. */
const DISCOVERS = 3;

/** Why a cycle of a client was lost, or lost attempts; null: it went well, or nothing can be said. */
export function judgeCycle(cycle: ClientCycle, client: ClientLog): LogFinding | null {
  if (cycle.counted.length > 0 || cycle.rejected.length > 0) return rejectedOf(cycle, client);
  if (cycle.end === "restarted") return null;
  if (cycle.end === "refused") return cycle.kind === "renewal" ? refusedOf(cycle, client) : null;
  if (cycle.kind === "acquisition") return acquisitionOf(cycle, client);
  const lost = lostAttempts(cycle);
  if (lost === 0 && cycle.end !== "lost") return null;
  return isUnicastBlocked(cycle) ? blockedOf(cycle, client) : unansweredOf(cycle, client, lost);
}

/** REQUESTs of a renewal that brought nothing. Where the log has no messages, each announcement stands for one. */
function lostAttempts(cycle: ClientCycle): number {
  const sent = cycle.requests > 0 ? cycle.requests : cycle.announced.length;
  return cycle.end === "granted" ? Math.max(0, sent - 1) : sent;
}

/** Several unicasts in vain, and the first or second broadcast took effect. */
function isUnicastBlocked({ end, unicast, broadcastsInRow }: ClientCycle): boolean {
  return end === "granted" && unicast >= SEVERAL && broadcastsInRow >= 1 && broadcastsInRow <= 2;
}

function rejectedOf(cycle: ClientCycle, client: ClientLog): LogFinding {
  const open: readonly Cause[] = ["offload-partial", "checksum-bad"];
  const ended = cycle.end === "granted";
  const severity: Severity =
    ended || (cycle.kind === "acquisition" && cycle.discovers < DISCOVERS) ? "warning" : "error";
  return {
    ...about(cycle, client, tellRejected(cycle, client)),
    code: "checksum-rejected",
    severity,
    confidence: "certain",
    alternatives: open,
    evidence: inOrder([...cycle.asked, ...cycle.counted.map(({ place }) => place), ...cycle.rejected]),
    remedies: [pickCapture, checksum.fillOnHost, checksum.newClient],
  };
}

function refusedOf(cycle: ClientCycle, client: ClientLog): LogFinding {
  return {
    ...about(cycle, client, tellRefused(cycle)),
    code: "nak",
    severity: "error",
    confidence: "certain",
    alternatives: [],
    evidence: inOrder([...cycle.asked, cycle.last]),
    remedies: [server.refusedAddress, network.oneServer],
  };
}

function acquisitionOf(cycle: ClientCycle, client: ClientLog): LogFinding | null {
  if (cycle.offers > 0 || cycle.end === "granted" || cycle.discovers < DISCOVERS) return null;
  return {
    ...about(cycle, client, tellUnanswered(cycle, client)),
    code: "unanswered",
    severity: "error",
    confidence: "possible",
    alternatives: ["no-reply", "offload-partial", "checksum-bad", "not-delivered"],
    evidence: inOrder(cycle.asked),
    remedies: [pickCapture, watchServer],
  };
}

function blockedOf(cycle: ClientCycle, client: ClientLog): LogFinding {
  return {
    ...about(cycle, client, tellUnicastBlocked(cycle)),
    code: "unicast-blocked",
    severity: "warning",
    confidence: "likely",
    alternatives: ["no-reply", "late-reply", "not-delivered"],
    evidence: inOrder([...cycle.asked, cycle.last]),
    remedies: [path.allowUnicast, path.allowReplies],
  };
}

function unansweredOf(cycle: ClientCycle, client: ClientLog, lost: number): LogFinding {
  const granted = cycle.end === "granted";
  const ongoing = cycle.end === "open" && lost < SEVERAL;
  return {
    ...about(cycle, client, tellUnanswered(cycle, client)),
    code: "unanswered",
    severity: granted ? (lost < SEVERAL ? "note" : "warning") : ongoing ? "note" : "error",
    confidence: "possible",
    alternatives: ["no-reply", "late-reply", "offload-partial", "checksum-bad", "not-delivered", "unicast-blocked"],
    evidence: inOrder([...cycle.asked, ...cycle.announced, cycle.last]),
    remedies: [pickCapture, watchServer],
  };
}

function about(
  cycle: ClientCycle,
  client: ClientLog,
  told: Told,
): Pick<LogFinding, "who" | "from" | "to" | "summary" | "proof" | "open"> {
  return {
    who: {
      role: "client",
      host: client.host,
      device: client.device,
      hardware: client.hardware,
      address: cycle.address ?? client.address,
      program: client.program,
    },
    from: cycle.first,
    to: cycle.last,
    ...told,
  };
}

function inOrder(places: readonly LogFinding["from"][]): LogFinding["from"][] {
  const lines = new Map(places.map((place) => [place.line, place]));
  return [...lines.values()].sort((a, b) => a.line - b.line);
}

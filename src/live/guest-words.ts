import { secondsBetween, type Instant } from "../capture/instant.js";
import type { Verdict } from "../checksum/checksum.js";
import { capital, latency } from "../findings/prose/words.js";
import { lastSighting } from "../lease/message.js";
import { timeOfDay } from "../report/text-time.js";
import { hex16 } from "../report/units.js";
import { UTC } from "../report/zone.js";
import { formatIpv4 } from "../wire/addresses.js";
import type { Occasion, SeenReply } from "./guest-watch.js";

const OCCASIONS: Readonly<Record<Occasion, string>> = {
  offer: "OFFER",
  "first-ack": "ACK to a first request",
  "renewal-ack": "ACK to a renewal",
};

const SUMS: Readonly<Record<Verdict, string>> = {
  good: "good",
  absent: "absent, which IPv4 allows",
  partial: "partial",
  bad: "bad",
  unverified: "not to be verified",
};

/** A reply that has passed: "11:02:04 ACK to a renewal of 10.8.12.150, after 3 ms: UDP checksum partial (0x2dec)." */
export function seenLine({ reply, occasion, checksum }: SeenReply): string {
  const { message, attempt } = reply;
  const { stored } = lastSighting(message).checksum;
  const after = latency(Math.max(0, secondsBetween(attempt.message.instant, message.instant)));
  const value = stored === null ? "" : ` (${hex16(stored)})`;
  return `${timeOfDay(message.instant, UTC)} ${OCCASIONS[occasion]}, ${formatIpv4(message.dhcp.yiaddr)}, after ${after}: UDP checksum ${SUMS[checksum]}${value}.`;
}

/** What became of it. */
export function decidedLine({ reply, occasion, taken }: SeenReply, at: Instant): string {
  const which = `the ${OCCASIONS[occasion]} of ${timeOfDay(reply.message.instant, UTC)}`;
  return `${timeOfDay(at, UTC)} ${capital(which)} was ${taken === true ? "taken" : "ignored"}.`;
}

export type Proved = "works" | "fails" | "not-decided";

/** Whether renewals work: the last one that was decided counts. */
export function verdictOf(replies: readonly SeenReply[]): Proved {
  const last = replies.filter(({ occasion, taken }) => occasion === "renewal-ack" && taken !== null).at(-1);
  return last === undefined ? "not-decided" : last.taken === true ? "works" : "fails";
}

/** What was seen of one occasion, and what was not. */
export function occasionText(replies: readonly SeenReply[], occasion: Occasion): string {
  const own = replies.filter((reply) => reply.occasion === occasion);
  const last = own.findLast(({ taken }) => taken !== null) ?? own.at(-1);
  if (last === undefined) return "not seen: untested";
  const fate = last.taken === null ? "not decided yet whether it was taken" : last.taken ? "taken" : "ignored";
  const behind =
    last.checksum === "partial" && last.taken === true
      ? "; completed behind the port, or the client knows of unfinished sums"
      : "";
  return `checksum ${SUMS[last.checksum]} at its port, ${fate}${behind}`;
}

/**
 * A guest that was started anew sets its card up again, which undoes what ethtool did to its port: tested is that only by
 * a renewal that was taken after a lease was got from the beginning.
 */
export function restartText(replies: readonly SeenReply[]): string {
  const began = replies.findIndex(({ occasion }) => occasion === "first-ack");
  const after = began === -1 ? [] : replies.slice(began + 1).filter(({ occasion }) => occasion === "renewal-ack");
  const decided = after.findLast(({ taken }) => taken !== null);
  if (decided !== undefined) {
    return `its first renewal after it began anew was ${decided.taken === true ? "taken" : "ignored"}`;
  }
  return began === -1
    ? "untested: reboot the guest and watch once more"
    : "it began anew, and has not renewed since: untested";
}

import type { Instant } from "../capture/instant.js";
import type { Severity } from "../findings/cause.js";
import { tell } from "../findings/prose.js";
import { count, countedSeconds, duration, type Clock } from "../findings/prose/words.js";
import { unquoted } from "../findings/prose/foreign-text.js";
import { whoIs } from "../findings/prose/who.js";
import type { Binding } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";
import type { HostView } from "../host/view.js";
import { shortPlace } from "../report/client-host.js";
import { asciiText } from "../report/safe-text.js";
import { paint, type TextStyle, type Tone } from "../report/text-style.js";
import { dayOf, textClock, timeOfDay } from "../report/text-time.js";
import { isOfClient, type ClientEvent, type LiveEvent, type Reason } from "./live-event.js";
import { watchWords } from "./watch-words.js";
import { zoneLabel, type Zone } from "../report/zone.js";

/** How much an event matters; `well` is good news. */
export type Weight = Severity | "well";

export function weightOf(event: LiveEvent): Weight {
  switch (event.kind) {
    case "trouble":
      return event.reason.finding.severity;
    case "forecast":
      return "warning";
    case "lost":
      return event.reason?.finding.severity ?? "error";
    case "recovered":
    case "succeeded":
    case "remedied":
      return "well";
    case "restarted":
    case "left":
    case "gap":
    case "clock-step":
      return "note";
  }
}

const WORDS: Readonly<Record<Weight, string>> = { error: "ERROR", warning: "WARNING", note: "Note", well: "Well" };
const TONES: Readonly<Record<Weight, Tone>> = { error: "error", warning: "warning", note: "label", well: "well" };
const WIDEST = 7;

/**
 * One line, without its end: `2026-11-22 11:02:17 WARNING web1 (52:54:…) loses 10.8.12.34 in 4 min 10 s …`. It stands alone
 * in a log, so each says the offset from UTC where there is one: `12:02:17 +01:00`.
 */
export function eventLine(
  event: LiveEvent,
  at: Instant,
  style: TextStyle,
  zone: Zone,
  view: HostView | null = null,
): string {
  const weight = weightOf(event);
  const label = paint(WORDS[weight].padEnd(WIDEST), TONES[weight], style);
  const clock = textClock(at, zone);
  const said = isOfClient(event)
    ? `${whoIs(event.binding)}${placeOf(event.binding, view)} ${eventWords(event, at, clock)}`
    : watchWords(event, clock);
  const text = unquoted(`${said}.`);
  const offset = zone.label === null ? ` ${zoneLabel(zone, at.seconds)}` : "";
  return `${dayOf(at, zone)} ${timeOfDay(at, zone)}${offset} ${label} ${style.unicode ? text : asciiText(text)}`;
}

function placeOf({ client }: Binding, view: HostView | null): string {
  const found = view?.portOfMac(client.address) ?? null;
  return found === null ? "" : `, ${shortPlace(found)},`;
}

/**
 * What happened to the client, without its name and without a full stop.
 *
 * @param at when that is said
 */
export function eventWords(event: ClientEvent, at: Instant, clock: Clock): string {
  switch (event.kind) {
    case "trouble":
      return reasonWords(event.reason, clock, true);
    case "forecast":
      return forecastWords(event, at, clock);
    case "lost":
      return lostWords(event, clock);
    case "recovered":
      return `has an address again, ${formatIpv4(event.address)}, after ${duration(event.after)} without one`;
    case "succeeded":
      return succeededWords(event);
    case "remedied": {
      const what = event.cycle.kind === "renewal" ? "a renewal" : "an answer";
      return `took ${what} with a complete UDP checksum, where it had ignored ${count(event.ignored, "partial one")}: a remedy works`;
    }
    case "restarted": {
      const address = formatIpv4(event.lease.address);
      return event.released ? `gave ${address} back` : `has begun anew, before its lease of ${address} was over`;
    }
    case "left":
      return leftWords(event, clock);
  }
}

/** @param whole with what is being lost, of which more may come to be known; else only why it was */
function reasonWords({ finding, background }: Reason, clock: Clock, whole: boolean): string {
  const { what, because } = tell({ ...finding, id: "" }, background, clock);
  return whole
    ? `${what}: ${because} (${finding.code}, so far)`
    : `${because} (${finding.code}, ${finding.confidence})`;
}

function forecastWords(event: ClientEvent & { kind: "forecast" }, now: Instant, clock: Clock): string {
  const { lease, expires, occasion, asked } = event;
  const loses = `loses ${formatIpv4(lease.address)} in ${duration(countedSeconds(now, expires))}, at ${clock(expires)}, unless a renewal succeeds`;
  if (!asked) return `${loses}: it is there, and has not asked for one`;
  return occasion === "t2" ? `${loses}: T2 has passed` : loses;
}

/** What it did while nobody watched is not known: its silence counts from then on. */
function leftWords({ lease, unseen }: ClientEvent & { kind: "left" }, clock: Clock): string {
  const address = formatIpv4(lease.address);
  const gone =
    unseen === null
      ? `has not been heard of since its lease of ${address} should have been renewed, and the lease is over`
      : `has not been seen to renew its lease of ${address} since the gap that ended at ${clock(unseen.to)}, for longer than the lease lasts`;
  return `${gone}: it has left, or renews where this capture does not see it`;
}

function lostWords(event: ClientEvent & { kind: "lost" }, clock: Clock): string {
  const { lease, how, lostAt, isLatest, unseen, reason } = event;
  const address = formatIpv4(lease.address);
  const at = lostAt === null ? "" : ` at ${clock(lostAt)}`;
  const silent =
    unseen === null
      ? "it had not asked to renew it"
      : `it is there, and no request of it was seen since the gap that ended at ${clock(unseen.to)}`;
  const because = reason === null ? silent : reasonWords(reason, clock, false);
  switch (how) {
    case "expired":
      return isLatest
        ? `lost ${address}, at the latest${at}: ${because}`
        : `lost ${address} when its lease ran out${at}: ${because}`;
    case "refused":
      return `was refused ${address}${at}: ${because}`;
    case "abandoned":
      return `gave up ${address}${at}, before its lease was over: ${because}`;
  }
}

function succeededWords({ cycle, reply, lost }: ClientEvent & { kind: "succeeded" }): string {
  const took = duration(Math.max(0, countedSeconds(cycle.started, reply.message.instant)));
  const after = `after ${took} and ${count(lost, "lost message")}`;
  return cycle.kind === "renewal"
    ? `renewed ${formatIpv4(cycle.lease.address)} at last, ${after}`
    : `got ${formatIpv4(reply.message.dhcp.yiaddr)} at last, ${after}`;
}

import { formatIpv4 } from "../../wire/addresses.js";
import type { NoteCode, NoteFinding } from "../finding.js";
import { frameOf, type Background } from "./facts.js";
import { partialArithmetic, partialSum } from "./sums.js";
import { whoIs } from "./who.js";
import { quoted, quotedInput } from "./foreign-text.js";
import { filledOnTheWay } from "../legs.js";
import { nameOf } from "../../lease/paths.js";
import { offsetDetail, offsetSentence } from "./clocks.js";
import type { NoteWords } from "./telling.js";
import { dropWords, gapWords } from "./watch.js";
import { capital, count, duration, hex16, list, times, type Clock } from "./words.js";

export function noteWords(finding: NoteFinding, background: Background, clock: Clock): NoteWords {
  return WORDS[finding.code](finding, clock, background);
}

const WORDS: Readonly<Record<NoteCode, (finding: NoteFinding, clock: Clock, background: Background) => NoteWords>> = {
  "partial-seen": (finding) => {
    const [example] = finding.evidence;
    const message = example?.message ?? null;
    const arithmetic =
      example === undefined || message === null ? null : partialArithmetic(message, frameOf(example, false));
    return {
      summary: `${count(finding.count, "reply")} of ${server(finding)} ${finding.count === 1 ? "has a partial UDP checksum (offload) and was" : "have partial UDP checksums (offload) and were"} accepted: normal at this point, nothing to do`,
      detail: [
        ...(arithmetic === null ? [] : [arithmetic]),
        ...(message === null ? [] : partialSum(message)),
        "On a host with checksum offload that is what a capture shows before the sum is completed, or where nobody needs to complete it. It becomes a fault only where a client refuses such replies, and none did here.",
      ],
    };
  },
  blind: (finding) => ({
    summary: `replies to some clients do not pass this capture point (${times(finding.count)} a client went on without an answer in view): of these clients nothing is said`,
    detail: [
      "A client that goes from DISCOVER to REQUEST has had an OFFER, even if none is in the capture. A capture on the bridge with promiscuous mode, or at that guest's own port, shows both directions.",
    ],
  }),
  "two-servers": (finding, clock, background) => ({
    summary: `more than one server makes offers on this network (${count(finding.count, "acquisition")}, first at ${clock(finding.from)})`,
    detail: [
      `Servers heard here: ${serversOf(background)}. Two servers are fine where they share their leases (failover) or have separate pools; otherwise one refuses (NAK) what the other gave.`,
    ],
  }),
  "duplicate-address": (finding, clock) => ({
    summary: `${client(finding)} declined the address that it was given at ${clock(finding.from)}, because somebody else uses it already`,
    detail: [
      `${address(finding)}The client probes a new address with ARP before it uses it; an answer means that another machine has it, by hand, from another server, or as a leftover of an older lease.`,
    ],
  }),
  "odd-timers": (finding) => ({
    summary: `${count(finding.count, "lease")} came with timers out of order (T1, T2 and lease time must rise), which clients replace by the defaults`,
    detail: [
      `The order must be T1, then T2, then the lease time (RFC 2131, section 4.4.5). Here: ${timersOf(finding)}. Half and seven eighths of the lease time stand in.`,
    ],
  }),
  malformed: (finding, clock) => ({
    summary: `${count(finding.count, "frame")} on the DHCP ports could not be decoded to ${finding.count === 1 ? "its" : "their"} end, the first at ${clock(finding.from)}`,
    detail: [`${stopOf(finding)}What could be read of them was used.`],
  }),
  "fragment-overlap": (finding, clock) => ({
    summary: `${count(finding.count, "message")} came in IPv4 fragments that overlap each other, the first at ${clock(finding.from)}: the receiver may have read something else than what is told here`,
    detail: [
      "Told is what came first. Linux keeps that, too, of a fragment that lies within others, and drops the whole message if one overlaps only in part; RFC 791 takes what came last. No sound sender makes such fragments.",
    ],
  }),
  "clock-step": ({ step, count: steps, to, from }, clock) =>
    step === null
      ? {
          summary: `stamps jump forward at ${clock(from)}, and ${count(steps, "client")} did not notice: the clock was set, or the host or the capture stood still`,
          detail: [
            "After a stretch without any frame clients still ask to keep addresses whose leases, by the stamps, ran out long before: by their own clocks they had not. What went by in between is not judged, and no timer is believed across it.",
          ],
        }
      : {
          summary: `${wasSet(step)} ${clock(from)}${steps === 1 ? "" : `; ${times(steps)} in all, the last time at ${clock(to)}`}`,
          detail: [step.frameNumber !== null && step.seconds > 0 ? JUMPED : SET],
        },
  "clock-offset": ({ clock: differing }) => ({
    summary:
      differing === null ? "the clocks of the captures differ" : offsetSentence(differing.input, differing.offset),
    detail:
      differing === null
        ? ["By how much, no message that both captures share tells."]
        : offsetDetail(differing.input, differing.offset),
  }),
  "filled-on-the-way": (finding) => filledWords(finding),
  gap: gapWords,
  drops: dropWords,
  limit: (finding, clock) => ({
    summary: `this is more than is kept: ${count(finding.count, "exchange")} and clients from before ${clock(finding.to)} are not told in detail`,
    detail: [
      "So that no capture can fill the memory, the number of clients, leases and exchanges that are kept is limited. What was let go first is what nobody misses: clients that never got an answer, and what went well.",
    ],
  }),
  flood: (finding, clock) => ({
    summary: `a flood of DHCP messages from more clients than can be followed (${count(finding.count, "client")} that nobody answered had to make room) from ${clock(finding.from)} to ${clock(finding.to)}`,
    detail: [
      "So many requests come from a loop in the network, from a client that cannot be satisfied, or from somebody who wants to use up all addresses.",
    ],
  }),
};

const SET =
  "Stamps must rise. Where they fall, the host's clock was set, a virtual machine was resumed, captures were joined, or records are broken. How much time really passed is not known: no timer is believed across it, and leases go on with their next renewal.";
const JUMPED =
  "The clock was set, captures were joined, or for so long no frame was captured. What clients did in between is not judged: no timer is believed across it, and leases go on with their next renewal.";

function wasSet({ input, seconds, frameNumber }: NonNullable<NoteFinding["step"]>): string {
  const by = duration(Math.abs(seconds));
  if (frameNumber === null) {
    const how = seconds < 0 ? `set back by ${by}` : `set forward by ${by}, or the machine slept so long,`;
    return `the clock of ${quotedInput(input)} was ${how} where it shows`;
  }
  return seconds < 0
    ? `the clock of ${quotedInput(input)} was set back by at least ${by} at frame ${frameNumber}, where it shows`
    : `the stamps of ${quotedInput(input)} jump forward by ${by} at frame ${frameNumber}, to`;
}

function filledWords({ evidence, count: number }: NoteFinding): NoteWords {
  const message = evidence[0]?.message ?? null;
  const leg = message === null ? null : filledOnTheWay(message);
  if (message === null || leg === null) {
    return {
      summary: "partial UDP checksums (offload) were complete at the next capture point: filled in on the way",
      detail: ["The card, the kernel or a rule between the two points did it."],
    };
  }
  const [from, to] = [quoted(nameOf(leg.from.point)), quoted(nameOf(leg.to.point))];
  const what = number === 1 ? `the ${message.kind}` : count(number, message.fromClient ? "request" : "reply");
  const sums = number === 1 ? "a partial UDP checksum" : "partial UDP checksums";
  return {
    summary: `${what} left ${from} with ${sums} (offload) and reached ${to} complete: filled in on the way`,
    detail: [
      `${capital(frameOf(leg.from, true))} has ${hex16(leg.from.checksum.stored ?? 0)}, ${frameOf(leg.to, true)} ${hex16(leg.to.checksum.stored ?? 0)}. Whatever lies behind ${to} gets sums that any receiver takes.`,
    ],
  };
}

function server(finding: NoteFinding): string {
  return finding.server === null ? "a server" : formatIpv4(finding.server);
}

function client({ binding }: NoteFinding): string {
  return binding === null ? "a client" : whoIs(binding);
}

function address({ evidence }: NoteFinding): string {
  const requested = evidence[0]?.message?.requested ?? null;
  return requested === null ? "" : `The address is ${formatIpv4(requested)}. `;
}

function serversOf({ servers }: Background): string {
  const shown = servers.slice(0, MOST_SERVERS).map(({ server: { address: known } }) => formatIpv4(known));
  return list(servers.length > shown.length ? [...shown, `${servers.length - shown.length} more`] : shown);
}

const MOST_SERVERS = 6;

function timersOf({ evidence }: NoteFinding): string {
  const message = evidence[0]?.message ?? null;
  if (message === null) return "not known";
  const value = (seconds: number | null): string => (seconds === null ? "not sent" : `${seconds} s`);
  return `T1 ${value(message.t1)}, T2 ${value(message.t2)}, lease ${value(message.leaseTime)}`;
}

function stopOf({ evidence }: NoteFinding): string {
  const [first] = evidence;
  const stopped = first?.frame.stopped ?? null;
  if (first === undefined || stopped === null) return "";
  return `${frameOf(first, true)} stops in its ${stopped.layer} part at byte ${stopped.offset}: ${stopped.needed} bytes were needed and ${stopped.had} were there. `.replace(
    /^f/,
    "F",
  );
}

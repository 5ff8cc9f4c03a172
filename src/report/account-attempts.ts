import { secondsBetween, type Instant } from "../capture/instant.js";
import type { Checksum } from "../checksum/checksum.js";
import { checksumOf } from "../findings/context.js";
import type { Diagnosis } from "../findings/diagnose.js";
import { ignoredBecause } from "../findings/prose/proof.js";
import { duration, hex16, latency, type Clock } from "../findings/prose/words.js";
import type { Attempt, Binding, Reply } from "../lease/cycle.js";
import type { Message } from "../lease/message.js";
import { deadlines } from "../lease/timers.js";
import { formatIpv4 } from "../wire/addresses.js";
import { identity } from "./account-heading.js";
import type { Block } from "./blocks.js";
import { preciseTime } from "./text-time.js";
import type { Zone } from "./zone.js";

/** Every attempt of every client with every reply, for those who check the conclusions. */
export function* attemptBlocks(diagnoses: readonly Diagnosis[], clock: Clock, zone: Zone): Generator<Block> {
  const byBinding = new Map<Binding, Diagnosis[]>();
  for (const diagnosis of diagnoses) {
    const group = byBinding.get(diagnosis.cycle.binding);
    if (group === undefined) byBinding.set(diagnosis.cycle.binding, [diagnosis]);
    else group.push(diagnosis);
  }
  for (const [binding, cycles] of byBinding) {
    yield { kind: "list", text: `Every attempt of ${identity(binding, []).slice(0, 2).join(", ")}` };
    for (const diagnosis of cycles) {
      yield { kind: "listed", indent: 0, text: cycleWords(diagnosis, clock) };
      for (const attempt of diagnosis.cycle.attempts) yield* attemptLines(attempt, diagnosis, zone);
    }
  }
}

function cycleWords({ cycle }: Diagnosis, clock: Clock): string {
  const end = cycle.ended === null ? "" : ` to ${clock(cycle.ended)}`;
  const span = `${clock(cycle.started)}${end}`;
  return cycle.kind === "renewal"
    ? `Renewal of ${formatIpv4(cycle.lease.address)}, ${span}: ${cycle.outcome}`
    : `New lease (from ${cycle.from}), ${span}: ${cycle.outcome}`;
}

function* attemptLines(attempt: Attempt, { cycle, causes, untimed }: Diagnosis, zone: Zone): Generator<Block> {
  const { message, replies, unreachable } = attempt;
  const before = cycle.kind === "renewal" ? cycle.grantedBefore : null;
  const timers = before === null ? null : deadlines(before.granted, before.terms);
  const cause = causes.get(attempt);
  const parts = [
    `${preciseTime(message.instant, zone)} ${frames(message)} ${message.kind} to ${message.broadcast ? "everybody" : formatIpv4(message.dst)}`,
    ...(timers === null
      ? []
      : [against(message.instant, timers.t1, "T1"), against(message.instant, timers.expires, "expiry")]),
    sumWords(checksumOf(message)),
    ...(cause === undefined ? [] : [`lost: ${cause.cause}`]),
  ];
  yield { kind: "listed", indent: 1, text: parts.join(", ") };
  for (const reply of replies) {
    const known = !untimed.has(reply);
    yield { kind: "listed", indent: 2, text: replyWords(reply, known, zone) };
  }
  for (const { frameNumber, quotes, instant } of unreachable) {
    const text = `${preciseTime(instant, zone)} frame ${frameNumber} ICMP port unreachable, quotes the ${quotes}`;
    yield { kind: "listed", indent: 2, text };
  }
}

/** @param known how long it took */
function replyWords({ message, latency: took, outcome, reason, proof }: Reply, known: boolean, zone: Zone): string {
  const because = outcome === "ignored" ? ignoredBecause(proof) : null;
  const fate = outcome === "unknown" ? "not known whether accepted" : outcome;
  const why = because ?? (reason === null ? null : REASONS[reason]);
  return `${preciseTime(message.instant, zone)} ${frames(message)} ${message.kind} from ${formatIpv4(message.src)} in ${latency(took)}${known ? "" : " by the stamps, which are late"}, ${sumWords(checksumOf(message))}, ${fate}${why === null ? "" : `: ${why}`}`;
}

const REASONS: Readonly<Record<NonNullable<Reply["reason"]>, string>> = {
  duplicate: "a further answer to what had been answered",
  "not-chosen": "another offer was chosen",
  late: "too late",
  checksum: "for its checksum",
  malformed: "it does not fit the request",
};

/** "frame 10", "frames 10 and 12" where it was seen at several points. */
function frames({ sightings }: Message): string {
  const numbers = sightings.map(({ frameNumber }) => frameNumber);
  return `${numbers.length === 1 ? "frame" : "frames"} ${numbers.join("/")}`;
}

/** "2 s before T1" */
function against(instant: Instant, deadline: Instant, name: string): string {
  const after = secondsBetween(deadline, instant);
  return `${duration(Math.abs(after))} ${after < 0 ? "before" : "after"} ${name}`;
}

function sumWords({ verdict, stored, expected }: Checksum): string {
  const value = stored === null ? "" : ` ${hex16(stored)}`;
  switch (verdict) {
    case "good":
      return "checksum good";
    case "absent":
      return "no checksum";
    case "partial":
      return `checksum${value} partial`;
    case "bad":
      return `checksum${value} wrong${expected === null ? "" : ` (right: ${hex16(expected)})`}`;
    case "unverified":
      return "checksum not known";
  }
}

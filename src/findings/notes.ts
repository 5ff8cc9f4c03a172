import { secondsBetween, type Instant } from "../capture/instant.js";
import type { AcquisitionCycle, Binding, Cycle } from "../lease/cycle.js";
import type { Message, Sighting } from "../lease/message.js";
import { termsOf } from "../lease/timers.js";
import type { NoteFinding } from "./finding.js";
import { filledOnTheWay } from "./legs.js";

type Note = Omit<NoteFinding, "id">;

/** Gathers what is worth a note as it passes, in constant memory. */
export class Notes {
  readonly #partial = new Map<number, Tally>();
  /** By the leg on which sums were completed. */
  readonly #filled = new Map<string, Tally>();
  #twoServers: Tally | null = null;
  #blind: Tally | null = null;
  #declined: { binding: Binding; tally: Tally }[] = [];
  #odd: Tally | null = null;
  #malformed: Tally | null = null;
  #overlapped: Tally | null = null;

  /** A cycle that has ended: what its replies looked like. */
  cycle(cycle: Cycle): void {
    const first = cycle.attempts[0]?.message.sightings[0];
    if (cycle.blind && first !== undefined) {
      this.#blind = add(this.#blind, first);
    }
    for (const { message: request, replies } of cycle.attempts) {
      this.#completed(request);
      for (const { message, outcome } of replies) {
        this.#completed(message);
        const sighting = message.sightings.at(-1);
        if (sighting !== undefined && outcome === "accepted" && termsOf(message)?.odd === true) {
          this.#odd = add(this.#odd, sighting);
        }
        if (sighting?.checksum.verdict === "partial" && outcome === "accepted") {
          const server = message.serverId ?? message.src;
          if (this.#partial.size < MOST || this.#partial.has(server)) {
            this.#partial.set(server, add(this.#partial.get(server) ?? null, sighting));
          }
        }
      }
    }
    if (cycle.kind === "acquisition") {
      this.#offers(cycle);
    }
  }

  /** The client found its new address in use (RFC 2131 §4.4.1). */
  declined(binding: Binding, sighting: Sighting): void {
    if (this.#declined.length < MOST) {
      this.#declined.push({ binding, tally: add(null, sighting) });
    }
  }

  /** A frame on DHCP ports that could not be decoded to its end, though it was captured whole. */
  malformed(sighting: Sighting): void {
    this.#malformed = add(this.#malformed, sighting);
  }

  /** A message whose IPv4 fragments overlapped: others may have put it together otherwise. */
  overlapped(sighting: Sighting): void {
    this.#overlapped = add(this.#overlapped, sighting);
  }

  /**
   * @param harmed servers whose partial replies some client turned down: said elsewhere, and worse
   */
  findings(harmed: ReadonlySet<number>): Note[] {
    const partial = [...this.#partial]
      .filter(([server]) => !harmed.has(server))
      .map(([server, tally]) => note("partial-seen", "note", tally, null, server));
    const declined = this.#declined.map(({ binding, tally }) =>
      note("duplicate-address", "warning", tally, binding, null),
    );
    const filled = [...this.#filled.values()].map((tally) => note("filled-on-the-way", "note", tally, null, null));
    const rest = [
      this.#blind === null ? null : note("blind", "note", this.#blind, null, null),
      this.#twoServers === null ? null : note("two-servers", "note", this.#twoServers, null, null),
      this.#odd === null ? null : note("odd-timers", "note", this.#odd, null, null),
      this.#malformed === null ? null : note("malformed", "note", this.#malformed, null, null),
      this.#overlapped === null ? null : note("fragment-overlap", "note", this.#overlapped, null, null),
    ];
    return [...declined, ...partial, ...filled, ...rest.filter((entry) => entry !== null)];
  }

  /** Several points show that its sum was finished on the way. */
  #completed(message: Message): void {
    const filled = filledOnTheWay(message);
    if (filled === null) return;
    const leg = `${filled.from.point.id} ${filled.to.point.id}`;
    if (this.#filled.size < MOST || this.#filled.has(leg)) {
      this.#filled.set(leg, add(this.#filled.get(leg) ?? null, filled.from));
    }
  }

  #offers(cycle: AcquisitionCycle): void {
    for (const { replies } of cycle.attempts) {
      if (replies.length < 2) continue;
      const offering = new Set(
        replies.filter(({ message }) => message.kind === "OFFER").map(({ message }) => message.serverId),
      );
      const sighting = replies[0]?.message.sightings[0];
      if (offering.size > 1 && sighting !== undefined) {
        this.#twoServers = add(this.#twoServers, sighting);
      }
    }
  }
}

/** Kinds of notes are few; what they count is told by strangers. */
const MOST = 256;

interface Tally {
  count: number;
  readonly evidence: Sighting[];
  readonly from: Instant;
  to: Instant;
}

const MOST_EVIDENCE = 20;

function add(tally: Tally | null, sighting: Sighting): Tally {
  if (tally === null) {
    return { count: 1, evidence: [sighting], from: sighting.instant, to: sighting.instant };
  }
  tally.count += 1;
  if (secondsBetween(tally.to, sighting.instant) > 0) {
    tally.to = sighting.instant;
  }
  if (tally.evidence.length < MOST_EVIDENCE) {
    tally.evidence.push(sighting);
  }
  return tally;
}

function note(
  code: NoteFinding["code"],
  severity: NoteFinding["severity"],
  tally: Tally,
  binding: Binding | null,
  server: number | null,
): Note {
  return {
    kind: "note",
    code,
    severity,
    confidence: "certain",
    alternatives: [],
    evidence: tally.evidence,
    from: tally.from,
    to: tally.to,
    binding,
    server,
    count: tally.count,
    step: null,
    clock: null,
  };
}

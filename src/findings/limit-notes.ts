import { secondsBetween, type Instant } from "../capture/instant.js";
import type { Client, Cycle } from "../lease/cycle.js";
import { lastSighting, type Message, type Sighting } from "../lease/message.js";
import type { NoteFinding } from "./finding.js";

const MOST_EVIDENCE = 20;

interface Tally {
  count: number;
  readonly evidence: readonly Sighting[];
  readonly from: Instant;
  to: Instant;
}

/** What was let go because there was too much of it. */
export class LimitNotes {
  /** Messages of new clients, while clients that were never answered had to make room. */
  #flood: Tally | null = null;
  readonly #floodEvidence: Sighting[] = [];
  #letGo: Tally | null = null;

  /** @param latest the message that was one too many */
  forgotten(client: Client, latest: Message): void {
    if (client.bindings.some(({ answered }) => answered.unicast || answered.broadcast)) {
      this.#letGo = add(this.#letGo, latest.instant, []);
      return;
    }
    if (this.#floodEvidence.length < MOST_EVIDENCE) this.#floodEvidence.push(lastSighting(latest));
    this.#flood = add(this.#flood, latest.instant, this.#floodEvidence);
  }

  cycle({ started, ended }: Cycle): void {
    this.#letGo = add(this.#letGo, ended ?? started, []);
  }

  findings(): Omit<NoteFinding, "id">[] {
    return [
      ...(this.#flood === null ? [] : [note("flood", "warning", this.#flood)]),
      ...(this.#letGo === null ? [] : [note("limit", "note", this.#letGo)]),
    ];
  }
}

function add(tally: Tally | null, at: Instant, evidence: readonly Sighting[]): Tally {
  if (tally === null) return { count: 1, evidence, from: at, to: at };
  tally.count += 1;
  if (secondsBetween(tally.to, at) > 0) tally.to = at;
  return tally;
}

function note(code: "flood" | "limit", severity: "warning" | "note", tally: Tally): Omit<NoteFinding, "id"> {
  const { count, evidence, from, to } = tally;
  return {
    ...{ kind: "note", code, severity, confidence: "certain", alternatives: [], evidence, from, to, count },
    ...{ binding: null, server: null, step: null, clock: null },
  };
}

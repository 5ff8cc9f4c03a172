import { secondsBetween, type Instant } from "../capture/instant.js";
import type { InputClock } from "../clocks/input-clock.js";
import type { Client } from "../lease/cycle.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import { lastSighting, type Message, type Sighting } from "../lease/message.js";
import type { NoteFinding } from "./finding.js";

/** Inputs of which it is told how often their clock was set in a direction. */
const MOST_INPUTS = 64;
const MOST_EVIDENCE = 20;

interface Steps {
  readonly first: ClockStepEvent;
  to: Instant;
  count: number;
}

/** What stamps say of the clocks that made them: that they were set, and by how much they differ. */
export class ClockNotes {
  readonly #steps = new Map<string, Steps>();
  readonly #ahead: Sighting[] = [];
  /** Whose those are: each is counted once, as long as it is known. */
  readonly #unaware = new WeakSet<Client>();
  #unawareCount = 0;
  readonly #offsets: Omit<NoteFinding, "id">[] = [];

  step(event: ClockStepEvent): void {
    const key = `${event.seconds < 0 ? "back" : "ahead"} ${event.input}`;
    const known = this.#steps.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.to = event.instant;
    } else if (this.#steps.size < MOST_INPUTS) {
      this.#steps.set(key, { first: event, to: event.instant, count: 1 });
    }
  }

  /** A client that asks to keep an address whose lease, by the stamps, has long run out. */
  jumped(client: Client, message: Message): void {
    if (!this.#unaware.has(client)) this.#unawareCount += 1;
    this.#unaware.add(client);
    if (this.#ahead.length < MOST_EVIDENCE) this.#ahead.push(lastSighting(message));
  }

  /** The clock of an input differs from the one that times are told by. */
  offset(input: string, offset: InputClock, from: Instant, to: Instant): void {
    if (this.#offsets.length < MOST_INPUTS) {
      this.#offsets.push({ ...note(from, to, offset.messages, "clock-offset"), clock: { input, offset } });
    }
  }

  findings(): Omit<NoteFinding, "id">[] {
    return [...this.#offsets, ...this.#set()];
  }

  #set(): Omit<NoteFinding, "id">[] {
    const steps = [...this.#steps.values()].map(({ first, to, count }) => ({
      ...note(first.instant, to, count),
      step: { input: first.input, frameNumber: first.frameNumber, seconds: first.seconds },
    }));
    const [first] = this.#ahead;
    if (first === undefined) return steps;
    const last = this.#ahead.at(-1) ?? first;
    return [...steps, { ...note(first.instant, last.instant, this.#unawareCount), evidence: this.#ahead }];
  }
}

function note(
  from: Instant,
  last: Instant,
  count: number,
  code: "clock-step" | "clock-offset" = "clock-step",
): Omit<NoteFinding, "id"> {
  const to = secondsBetween(from, last) < 0 ? from : last;
  return {
    kind: "note",
    code,
    severity: "note",
    confidence: "certain",
    alternatives: [],
    evidence: [],
    from,
    to,
    binding: null,
    server: null,
    count,
    step: null,
    clock: null,
  };
}

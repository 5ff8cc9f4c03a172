import type { Instant } from "../capture/instant.js";
import type { Attempt } from "./cycle.js";
import type { Message } from "./message.js";

/** An ICMP port unreachable as it was captured, with what it quotes. */
export interface UnreachableEvent {
  readonly kind: "unreachable";
  readonly instant: Instant;
  readonly time: number;
  readonly input: string;
  readonly frameNumber: number;
  /** IP id and addresses of the datagram that could not be delivered. */
  readonly quoted: { readonly id: number; readonly src: number; readonly dst: number; readonly srcPort: number | null };
}

interface Expected {
  readonly message: Message;
  readonly attempt: Attempt;
  readonly quotes: "request" | "reply";
}

/** An ICMP error follows what it quotes within this, in seconds. */
const WITHIN = 5;
const RECENT = 256;

/** Finds the message that an ICMP error quotes: by IP id and addresses, for the time alone would blame a wrong one. */
export class Unreachables {
  readonly #recent: Expected[] = [];
  #next = 0;

  expect(message: Message, attempt: Attempt, quotes: "request" | "reply"): void {
    this.#recent[this.#next] = { message, attempt, quotes };
    this.#next = (this.#next + 1) % RECENT;
  }

  match(event: UnreachableEvent): void {
    const { quoted } = event;
    const hit = this.#recent
      .filter(
        ({ message }) =>
          // Behind a relay it is another datagram than before it.
          message.sightings.some(
            ({ frame: { ip } }) => ip?.id === quoted.id && ip.src === quoted.src && ip.dst === quoted.dst,
          ) &&
          event.time >= message.time &&
          event.time - message.time <= WITHIN,
      )
      .sort((a, b) => b.message.time - a.message.time)[0];
    hit?.attempt.unreachable.push({
      message: hit.message,
      quotes: hit.quotes,
      instant: event.instant,
      input: event.input,
      frameNumber: event.frameNumber,
    });
  }
}

/**
 * When interfaces of one input were watched, in seconds since 1970, by what the capture itself says (pcapng interface
 * statistics). A frame that is missing at that time did not pass there; before and after it proves nothing.
 */
export class Watches {
  readonly #from: number[] = [];
  readonly #until: { time: number; frames: number }[] = [];

  beganAt(interfaceIndex: number, time: number): void {
    this.#from[interfaceIndex] = Math.min(this.#from[interfaceIndex] ?? Infinity, time);
  }

  /** @param frames frames of the input that came before this was said */
  endedAt(interfaceIndex: number, time: number, frames: number): void {
    const before = this.#until[interfaceIndex]?.time ?? -Infinity;
    this.#until[interfaceIndex] = { time: Math.max(before, time), frames };
  }

  /** The input is over; later frames than those of its last statistics show that somebody went on watching. */
  end(frames: number, last: number): void {
    for (const until of this.#until.filter((said) => said.frames < frames)) until.time = Math.max(until.time, last);
  }

  /** Null: it does not say. */
  from(interfaceIndex: number): number | null {
    return this.#from[interfaceIndex] ?? null;
  }

  until(interfaceIndex: number): number | null {
    return this.#until[interfaceIndex]?.time ?? null;
  }
}

import type { InputClock } from "../clocks/input-clock.js";

/** What became of one log. */
export interface PlacedLog {
  readonly input: string;
  /** Lines that have their message among the packets. */
  readonly messages: number;
  /**
   * Seconds by which its clock is ahead of that of the packets, by half a day at most where its lines have no days; null:
   * nothing in it is about them.
   */
  readonly ahead: number | null;
  /** Stamps of its first and last line, seconds since 1970; NaN: it has none, or the day is not known. */
  readonly first: number;
  readonly last: number;
  /** Hardware addresses of the clients whose own log it is. */
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** It says something of what was lost. */
  readonly testifies: boolean;
}

/** The clock of a log as that of any input; null: it agrees with that of the packets, as far as its stamps tell. */
export function logClock({ ahead, messages }: PlacedLog, reference: string): InputClock | null {
  if (ahead === null || Math.abs(ahead) < AGREES) return null;
  const spans = [{ from: 1, ahead, at: 0, drift: 0 }];
  return { reference, messages, example: null, spans, ordered: false };
}

/** Seconds; most logs have whole ones, and write a little late. */
const AGREES = 2;

/** The clock of an input from one of its frames on, against that of another input. */
export interface ClockSpan {
  /** Number of the first frame that it holds for. */
  readonly from: number;
  /** Seconds by which stamps are later than the other clock shows, at the stamp `at`. */
  readonly ahead: number;
  /** Seconds since 1970. */
  readonly at: number;
  /** Seconds gained in a second. */
  readonly drift: number;
}

/** How the clock of one input differs from that of the others, which all times are told by. */
export interface InputClock {
  /** The input by whose clock times are told. */
  readonly reference: string;
  /** How many messages, seen in both, tell it. */
  readonly messages: number;
  /** One of them: its frame here, and where else it was seen; null for what has no frames. */
  readonly example: { readonly frame: number; readonly otherInput: string; readonly otherFrame: number } | null;
  /** Never empty; in the order of frames, the first from frame 1 on. */
  readonly spans: readonly ClockSpan[];
  /**
   * Requests and replies were seen in both, so that the time on the way is not in it: which of two points a message met
   * first can be told.
   */
  readonly ordered: boolean;
}

/** Seconds to be taken off a stamp within a span. */
export function aheadAt({ ahead, at, drift }: ClockSpan, stamp: number): number {
  return drift === 0 ? ahead : ahead + drift * (stamp - at);
}

/** Milliseconds between calls: capture processes say as often how far they are. */
export const CALL = 2000;
/** Milliseconds by which an answer, or the call itself, may be late. */
const LATE = 1000;
/** So often in a row nothing may have come of one. */
const MOST_MISSED = 4;

/** Somebody of whom something should come with each call. Times are milliseconds of a clock that only goes on. */
export interface Called {
  /** When something came of it last, or nothing had to. */
  heard: number;
  /** Calls in a row at which nothing had come of it for too long. */
  missed: number;
}

/** Finds out who does not answer any more. A call that is late itself counts for nothing: the whole machine stood still. */
export class RollCall {
  #called = 0;

  /** @returns those of whom nothing has come for so long, each of them once */
  call<One extends Called>(all: Iterable<One>, now: number): One[] {
    const isLate = now - this.#called > CALL + LATE;
    this.#called = now;
    return [...all].filter((one) => {
      one.missed = isLate || now - one.heard <= CALL + LATE ? 0 : one.missed + 1;
      return one.missed === MOST_MISSED;
    });
  }
}

export function isGivenUp({ missed }: Called): boolean {
  return missed >= MOST_MISSED;
}

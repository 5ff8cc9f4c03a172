/** A beat that goes on until it is stopped. */
export interface SteadyBeat {
  stop(): void;
}

/**
 * Calls `act` at the whole multiples of `period` on CLOCK_MONOTONIC. All processes of the machine have that clock: those
 * that watch together wake up together, and once, since waking up is most of what they do while nothing happens.
 *
 * @param period milliseconds
 */
export function beatSteadily(period: number, act: () => void): SteadyBeat {
  let timer = setTimeout(turn, untilNext(period));
  function turn(): void {
    timer = setTimeout(turn, untilNext(period));
    act();
  }
  return {
    stop: () => {
      clearTimeout(timer);
    },
  };
}

/** Timers may be a little early, which must not make two beats of one. */
function untilNext(period: number): number {
  const [seconds, nanos] = process.hrtime();
  const now = seconds * 1000 + nanos / 1e6;
  return Math.ceil(now / period + 0.5) * period - now;
}

import type { Cycle } from "./cycle.js";
import type { Observed } from "./observed.js";

/** Nobody watched for a while between the last attempt of a cycle and `until` (seconds since 1970). */
export function wasHidden(cycle: Cycle | null, until: number, observed: Observed): boolean {
  return cycle !== null && observed.hidden(cycle.binding.client, lastTime(cycle, until), until) !== null;
}

/** The same, or the capture lost frames. */
export function mayHaveMissed(cycle: Cycle, until: number, observed: Observed): boolean {
  return observed.mayHaveMissed(cycle.binding.client, lastTime(cycle, until), until);
}

function lastTime({ attempts }: Cycle, otherwise: number): number {
  return attempts.at(-1)?.message.time ?? otherwise;
}

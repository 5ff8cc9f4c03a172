import type { Rules } from "./facts.js";

/** How far the counter of a rule or a filter has moved. */
export interface Moved {
  readonly what: string;
  /** Packets; null: not counted, or the rule is new or gone. */
  readonly packets: number | null;
}

/** Rules and filters that complete checksums, and how many packets each has met between two looks. */
export function movedBetween(before: Rules, after: Rules): Moved[] {
  const earlier = new Map(countersOf(before));
  return countersOf(after).map(([what, now]) => {
    const then = earlier.get(what) ?? null;
    // A counter that is lower was begun anew.
    return { what, packets: then === null || now === null || now < then ? null : now - then };
  });
}

function countersOf({ fill, recompute }: Rules): [string, number | null][] {
  return [
    ...(fill ?? []).map(({ text, packets }): [string, number | null] => [`CHECKSUM rule ${text}`, packets]),
    ...(recompute ?? []).map(({ device, at, text, packets }): [string, number | null] => [
      `tc filter on ${device} (${at}) ${text}`,
      packets,
    ]),
  ];
}

/** Of some measurements, in the unit that they have: the middle one, and those that a quarter is below and above. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** "280 ms (250 to 310)". */
export function milliseconds({ median, lower, upper }: Spread): string {
  return `${median.toFixed(0)} ms (${lower.toFixed(0)} to ${upper.toFixed(0)})`;
}

/** "1.52 (1.40 to 1.61)". */
export function ratio({ median, lower, upper }: Spread): string {
  return `${median.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
}

/** A small seeded generator (mulberry32): the same seed tells the same story, on every machine. */
export interface Random {
  /** uniform in [0, 1) */
  unit(): number;
  /** uniform in [low, high) */
  between(low: number, high: number): number;
  /** an integer from 0 to count - 1 */
  below(count: number): number;
  /** 32 random bits, unsigned */
  word(): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** an independent generator, so that one part's draws do not move another's */
  fork(): Random;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const unit = (): number => word() / 0x1_0000_0000;
  const below = (count: number): number => Math.floor(unit() * count);
  return {
    unit,
    word,
    below,
    between: (low, high) => low + unit() * (high - low),
    chance: (probability) => unit() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    fork: () => createRandom(word()),
  };
}

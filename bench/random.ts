/** Gives whole numbers from 0 up to below `count`; the same ones for the same seed. xorshift32 (Marsaglia, 2003). */
export type Random = (count: number) => number;

export function createRandom(seed: number): Random {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * count);
  };
}

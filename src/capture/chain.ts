/** What looking for sound records gave. */
export const Found = { NONE: 0, HERE: 1, MORE: 2 } as const;
export type Found = (typeof Found)[keyof typeof Found];

/** Where looking for sound records ended, and why. */
export interface Chain {
  readonly found: Found;
  /** With HERE, where they begin; with MORE, from where on more bytes are needed; all before it is ruled out. */
  readonly at: number;
}

/** Tells sound records from anything else, in one format. */
export interface ChainRule {
  /** More bytes than these it never needs from an offset to decide. */
  readonly window: number;
  /**
   * Whether several records in a row, or the last ones of the stream, or another capture file, begin at this offset.
   *
   * @param last nothing follows `end`
   * @returns MORE if that takes bytes beyond `end`; never if `last`
   */
  chainAt(view: DataView, at: number, end: number, last: boolean): Found;
}

/** Looks for a chain from `from` on and before `until`. Work is linear: each offset costs a bounded number of looks. */
export function findChain(
  rule: ChainRule,
  view: DataView,
  from: number,
  until: number,
  end: number,
  last: boolean,
): Chain {
  for (let at = from; at < until; at += 1) {
    const found = rule.chainAt(view, at, end, last);
    if (found !== Found.NONE) return { found, at };
  }
  return { found: Found.NONE, at: Math.max(from, until) };
}

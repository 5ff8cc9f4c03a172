/** The options of one message after a bounded walk: PAD, END, overload (52) and joined parts (RFC 3396). */
export interface Options {
  /** The joined value; null if the option is absent. */
  get(code: number): Uint8Array | null;
  /** Codes in order of first appearance. */
  codes(): number[];
  /** An option whose length runs past its field; the walk ended there. */
  readonly malformed: boolean;
}

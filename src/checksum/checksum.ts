export type Verdict = "good" | "absent" | "partial" | "bad" | "unverified";
/** What kind of bad, where the bytes tell; `looks-partial` goes with `unverified`: stored equals the pseudo-header sum. */
export type Pattern = "no-pseudo-header" | "header-only" | "bit-flip" | "outer-of-partial" | "looks-partial";

/** A stored checksum and what it should have been; both 16 bits as on the wire, null where not known. */
export interface Checksum {
  readonly verdict: Verdict;
  readonly stored: number | null;
  readonly expected: number | null;
  readonly pattern: Pattern | null;
}

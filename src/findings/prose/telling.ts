/**
 * What there is to say of a finding, in the parts that an account of it is put together from. Plain text, but for the
 * marks around the words of strangers (`foreign-text.ts`).
 */
export interface Telling {
  /** What happened, without its subject and full stop: "lost its address …". */
  readonly what: string;
  /** Why, a clause without its full stop that can be a sentence of its own. */
  readonly because: string;
  /** The evidence that decides, whole sentences. */
  readonly why: readonly string[];
  /** Further evidence, for those who check the conclusion. */
  readonly also: readonly string[];
  /** What it was not, whole sentences that begin with "Not". */
  readonly not: readonly string[];
  /** What this capture cannot tell, and which one would. */
  readonly open: readonly string[];
}

export type Reasons = Omit<Telling, "what">;

/** What there is to say of a note: a sentence without its full stop, and what stands behind it. */
export interface NoteWords {
  readonly summary: string;
  readonly detail: readonly string[];
}

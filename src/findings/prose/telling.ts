/** What there is to say of a finding, in the parts that an account of it is put together from. Plain text throughout. */
export interface Telling {
  /** What happened, without its subject and full stop: "lost its address …". */
  readonly what: string;
  /** Why, a clause that goes after a colon. */
  readonly because: string;
  /** The evidence, whole sentences. */
  readonly why: readonly string[];
  /** What it was not, whole sentences that begin with "Not". */
  readonly not: readonly string[];
  /** What this capture cannot tell, and which one would. */
  readonly open: readonly string[];
}

export type Reasons = Omit<Telling, "what">;

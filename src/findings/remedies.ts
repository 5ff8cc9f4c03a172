import type { Finding } from "./finding.js";

/** What an operator can do; all words plain text. */
export interface Remedy {
  /** null where no command does it. */
  readonly command: string | null;
  readonly what: string;
  readonly appliesWhen: string;
  readonly limits: string;
  readonly undo: string | null;
  /** How to see that it helped. */
  readonly check: string;
}

/** The remedies for a finding, the one that fits best first. */
export function remediesFor(_finding: Finding): Remedy[] {
  return [];
}

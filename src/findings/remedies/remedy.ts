/** What an operator can do; all words plain text. Names in capitals within a command are for the operator to fill in. */
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

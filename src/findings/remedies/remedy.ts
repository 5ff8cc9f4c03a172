/** What an operator can do; all words plain text. Names in capitals within a command are for the operator to fill in. */
export interface Remedy {
  /** Names it for ever: in records, in docs/remedies.md and for `leasetap explain`. */
  readonly id: string;
  /** A few words in the imperative, without a full stop. */
  readonly title: string;
  /** null where no command does it. */
  readonly command: string | null;
  readonly what: string;
  /** Goes on from "if": begins in lower case. */
  readonly appliesWhen: string;
  /** What it does not do. */
  readonly limits: string;
  /** null: it only looks and changes nothing. */
  readonly undo: string | null;
  /** How to see that it helped. */
  readonly check: string;
}

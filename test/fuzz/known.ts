/** A failure that is known and waits for its mending: counted, and not a failure of the run. */
interface Known {
  /** What is wrong, and where. */
  readonly what: string;
  readonly message: RegExp;
  /** The input in regressions/ that shows it. */
  readonly regressions: readonly string[];
}

/** To be emptied: whoever mends one takes its entry out. */
export const KNOWN: readonly Known[] = [];

export function isKnown(error: unknown): boolean {
  return error instanceof Error && KNOWN.some(({ message }) => message.test(error.message));
}

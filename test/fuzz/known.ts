/** A failure that is known and waits for its mending: counted, and not a failure of the run. */
interface Known {
  /** What is wrong, and where. */
  readonly what: string;
  readonly message: RegExp;
  /** The input in regressions/ that shows it. */
  readonly regressions: readonly string[];
}

/** To be emptied: whoever mends one takes its entry out. */
export const KNOWN: readonly Known[] = [
  {
    what: `What a capture says that it lost (pcapng isb_ifdrop, isb_osdrop), or that it stood still, comes behind the frames
      of that time. It counts for what is judged afterwards, and that hangs on how much was read at once.`,
    message: /^late loss: /,
    regressions: ["losses-told-behind-their-frames", "stall-told-behind-its-frames"],
  },
];

export function isKnown(error: unknown): boolean {
  return error instanceof Error && KNOWN.some(({ message }) => message.test(error.message));
}

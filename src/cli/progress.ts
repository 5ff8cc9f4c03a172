import type { Progress } from "../progress.js";
import { ProgressLine } from "./progress-line.js";
import { errorStream } from "./standard-error.js";

/** What is done sooner than this needs no progress; in milliseconds. */
const PATIENCE = 1000;
/** How often the line is rewritten, in milliseconds. */
const PERIOD = 250;

/** Back to the first column, and all from there on is blank (ECMA-48 EL). */
const ERASE = "\r\u001b[K";

/** Nothing loads or asks for the terminal unless the work takes long. */
export interface ProgressScreen {
  /** Whether a line may be rewritten there, by a person's wish and by what the terminal can do. */
  readonly isWanted: () => boolean;
  readonly columns: () => number;
  readonly write: (text: string) => void;
}

/**
 * While `work` takes longer than a second, shows how far it has come, in one line that is erased at the end.
 *
 * @param work is given a callback for `onProgress`
 */
export async function withProgress<T>(
  screen: ProgressScreen,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const line = new ProgressLine(screen.columns);
  let progress: Progress | null = null;
  let period: NodeJS.Timeout | undefined;
  const show = (): void => {
    if (progress !== null) screen.write(ERASE + line.text(progress, performance.now() / 1000));
  };
  const patience = setTimeout(() => {
    if (!screen.isWanted()) return;
    show();
    period = setInterval(show, PERIOD);
  }, PATIENCE);
  try {
    return await work((latest) => {
      progress = latest;
    });
  } finally {
    clearTimeout(patience);
    clearInterval(period);
    if (period !== undefined) screen.write(ERASE);
  }
}

/** Standard error, unless its reader is no person: then a line that is rewritten is noise. */
export function errorScreen(quiet: boolean): ProgressScreen {
  return {
    isWanted: () => !quiet && errorStream().isTTY && process.env["TERM"] !== "dumb",
    // A serial console may know of no width.
    columns: () => errorStream().columns || 80,
    write: (text) => void errorStream().write(text),
  };
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * While `work` runs, the first Ctrl-C (or SIGTERM) only asks it to come to an end. From then on, and once it is done,
 * signals do what they always do: a second Ctrl-C ends the program even where it waits for the reader of its output.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  const interrupt = (): void => {
    release();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}

/** How long reading may keep signals and timers waiting, in seconds. */
const MAX_BUSY = 0.05;

/**
 * There is one event loop, whatever is read. By process.uptime, which is a clock that nobody sets, and is there without
 * loading anything.
 */
let lastPause = process.uptime();

/** Reading files never waits, so it has to let signals in by itself: whether it is time to. */
export function isPauseDue(): boolean {
  return process.uptime() - lastPause >= MAX_BUSY;
}

/** Lets signals and timers in. */
export async function pause(): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
  lastPause = process.uptime();
}

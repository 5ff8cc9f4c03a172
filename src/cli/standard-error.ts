import { writeSync } from "node:fs";
import { codeOf } from "../capture/errors.js";

const STANDARD_ERROR = 2;

/** Writes to standard error. Its reader may be gone; then nobody needs it, and the exit code says it too. */
export function writeError(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(STANDARD_ERROR, bytes, written);
  } catch (error) {
    if (codeOf(error) === "EAGAIN") errorStream().write(bytes.subarray(written));
  }
}

/** The same for whoever must not be kept waiting, or asks what standard error is. */
export function errorStream(): NodeJS.WriteStream {
  const { stderr } = process;
  if (stderr.listenerCount("error") === 0) {
    stderr.on("error", () => {
      // Nobody reads it.
    });
  }
  return stderr;
}

import { writeSync } from "node:fs";
import { codeOf } from "../capture/errors.js";
import { chunksOf, throwUnlessClosed, write } from "./output.js";

const STANDARD_OUTPUT = 1;

/**
 * Writes lines to standard output and returns when it has taken all, or its reader has gone. Where nothing else is to be
 * done meanwhile, it may wait in the system call: Node's streams take longer to load than a small capture to be read.
 *
 * @throws EnvironmentError if they cannot be written, for example on a full disk
 */
export async function printLines(lines: Iterable<string>): Promise<void> {
  for (const chunk of chunksOf(lines)) {
    if (!(await print(Buffer.from(chunk)))) return;
  }
}

/** Returns whether there still is a reader. */
async function print(bytes: Uint8Array): Promise<boolean> {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(STANDARD_OUTPUT, bytes, written);
    return true;
  } catch (error) {
    // Another process that has the same pipe or terminal may have asked that nobody be kept waiting there.
    if (codeOf(error) === "EAGAIN") return write(process.stdout, bytes.subarray(written));
    throwUnlessClosed(error);
    return false;
  }
}

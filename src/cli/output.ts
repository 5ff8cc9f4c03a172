import { codeOf, EnvironmentError } from "../capture/errors.js";

/** Lines are gathered to this many characters before they are written. */
const CHUNK = 65_536;

/** Lines with their ends, in texts of a size that is worth a system call. */
export function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/** What went wrong with each stream. One listener stays on it: an error may be reported after the last write. */
const failures = new WeakMap<NodeJS.WriteStream, unknown[]>();

/**
 * Writes lines to a stream no faster than its reader takes them, and returns when the stream has taken all. A reader
 * that goes away (`| head -1`) has seen what it wanted: that ends the writing and is no error.
 *
 * @returns whether there still is a reader
 * @throws EnvironmentError if the stream cannot take them, for example on a full disk
 */
export async function writeLines(stream: NodeJS.WriteStream, lines: Iterable<string>): Promise<boolean> {
  for (const chunk of chunksOf(lines)) {
    if (!(await write(stream, chunk))) return false;
  }
  return true;
}

/** The same for text or UTF-8. */
export async function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<boolean> {
  const failed = failuresOf(stream);
  if (failed.length === 0) await taken(stream, data);
  const [failure] = failed;
  if (failure !== undefined) throwUnlessClosed(failure);
  return failed.length === 0;
}

function failuresOf(stream: NodeJS.WriteStream): unknown[] {
  const known = failures.get(stream);
  if (known !== undefined) return known;
  const fresh: unknown[] = [];
  stream.on("error", (error: Error) => fresh.push(error));
  failures.set(stream, fresh);
  return fresh;
}

/** Returns once the stream took the data, or reported that it will not. */
function taken(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  return new Promise((settle) => {
    stream.write(data, (error) => {
      if (error) failuresOf(stream).push(error);
      settle();
    });
  });
}

/** @throws EnvironmentError unless it says only that the reader has gone */
export function throwUnlessClosed(error: unknown): void {
  const code = codeOf(error);
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  if (code === null) throw error;
  throw new EnvironmentError(
    code,
    code === "ENOSPC"
      ? "The output cannot be written, its disk is full."
      : `The output cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    error,
  );
}

import { EnvironmentError } from "../capture/errors.js";

/** Lines are gathered to this many characters before they are written. */
const CHUNK = 65_536;

/** What went wrong with each stream. One listener stays on it: an error may be reported after the last write. */
const failures = new WeakMap<NodeJS.WriteStream, Error[]>();

/**
 * Writes lines to a stream no faster than its reader takes them, and returns when the stream has taken all. A reader
 * that goes away (`| head -1`) has seen what it wanted: that ends the writing and is no error.
 *
 * @returns whether there still is a reader
 * @throws EnvironmentError if the stream cannot take them, for example on a full disk
 */
export async function writeLines(stream: NodeJS.WriteStream, lines: Iterable<string>): Promise<boolean> {
  const failed = failuresOf(stream);
  let chunk = "";
  for (const line of lines) {
    if (failed.length > 0) break;
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    await write(stream, chunk);
    chunk = "";
  }
  if (failed.length === 0 && chunk !== "") await write(stream, chunk);
  const [failure] = failed;
  if (failure !== undefined) throwUnlessClosed(failure);
  return failure === undefined;
}

function failuresOf(stream: NodeJS.WriteStream): Error[] {
  const known = failures.get(stream);
  if (known !== undefined) return known;
  const fresh: Error[] = [];
  stream.on("error", (error: Error) => fresh.push(error));
  failures.set(stream, fresh);
  return fresh;
}

/** Returns once the stream took the text, or reported that it will not. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((settle) => {
    stream.write(text, (error) => {
      if (error) failuresOf(stream).push(error);
      settle();
    });
  });
}

function throwUnlessClosed(error: Error): void {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  throw new EnvironmentError(
    code,
    code === "ENOSPC"
      ? "The output cannot be written, its disk is full."
      : `The output cannot be written: ${error.message}.`,
    error,
  );
}

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { EnvironmentError, inputError, inputName } from "../capture/errors.js";

/** Longer lines are cut: no log line that matters comes near it. In UTF-16 units. */
export const MOST_CHARACTERS = 16_384;

const NEW_LINE = 10;
/** So many bytes tell whether it is text. */
const HEAD = 512;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The lines of a log, without their ends; gzip is told by content. Bytes that are no UTF-8 become U+FFFD.
 *
 * @param path "-" is standard input
 * @throws EnvironmentError if it cannot be read; `cut` is called instead if compressed data end too early
 */
export async function* readLines(path: string, cut: (sentence: string) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunksOf(path, cut)) {
    let start = 0;
    for (let end = chunk.indexOf(NEW_LINE); end !== -1; end = chunk.indexOf(NEW_LINE, start)) {
      yield lineOf(rest + decoder.decode(chunk.subarray(start, end), { stream: true }));
      rest = "";
      start = end + 1;
    }
    const tail = decoder.decode(chunk.subarray(start), { stream: true });
    if (rest.length < MOST_CHARACTERS) rest += tail;
  }
  rest += decoder.decode();
  if (rest !== "") yield lineOf(rest);
}

function lineOf(text: string): string {
  return (text.endsWith("\r") ? text.slice(0, -1) : text).slice(0, MOST_CHARACTERS);
}

async function* chunksOf(path: string, cut: (sentence: string) => void): AsyncGenerator<Uint8Array> {
  const plain: Readable = path === "-" ? process.stdin : createReadStream(path);
  try {
    const chunks = plain[Symbol.asyncIterator]();
    const first: unknown = (await chunks.next()).value;
    if (!(first instanceof Uint8Array)) return;
    // Text has no zero bytes, and no capture is without.
    if (first.subarray(0, HEAD).includes(0) && first[0] !== GZIP_MAGIC[0]) {
      throw new EnvironmentError("EINVAL", `${inputName(path)} is no text. If it is a capture: leasetap analyze.`);
    }
    if (!GZIP_MAGIC.every((byte, index) => first[index] === byte)) {
      yield first;
      yield* bytesOf(chunks);
      return;
    }
    yield* inflated(first, chunks, cut);
  } catch (error) {
    throw inputError(error, path);
  } finally {
    if (path !== "-") plain.destroy();
  }
}

async function* bytesOf(chunks: AsyncIterator<unknown>): AsyncGenerator<Uint8Array> {
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    if (next.value instanceof Uint8Array) yield next.value;
  }
}

async function* inflated(
  first: Uint8Array,
  chunks: AsyncIterator<unknown>,
  cut: (sentence: string) => void,
): AsyncGenerator<Uint8Array> {
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield first;
    yield* bytesOf(chunks);
  };
  const gunzip = createGunzip();
  // The failure is that of the loop below.
  pipeline(Readable.from(whole()), gunzip, () => undefined);
  try {
    yield* bytesOf(gunzip[Symbol.asyncIterator]());
  } catch (error) {
    if (!isZlibError(error)) throw error;
    cut("The gzip data end too early or are damaged.");
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
}

/** Seconds since 1970 at which a log was last written; now for standard input. */
export async function lastWritten(path: string): Promise<number> {
  if (path === "-") return Date.now() / 1000;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new EnvironmentError("EISDIR", `${inputName(path)} is a directory: name the log files in it.`);
    }
    return stats.mtimeMs / 1000;
  } catch (error) {
    throw inputError(error, path);
  }
}

import { createReadStream, statSync } from "node:fs";
import { fill, type ByteInput } from "../capture/byte-input.js";
import { ChunkInput } from "../capture/chunk-input.js";
import { decompressed, TELLING_BYTES, type Compression } from "../capture/compression.js";
import { EnvironmentError, inputError, inputName } from "../capture/errors.js";
import type { Damage } from "../capture/sink.js";

/** Longer lines are cut: no log line that matters comes near it. In UTF-16 units. */
export const MOST_CHARACTERS = 16_384;

const NEW_LINE = 10;
/** So many bytes tell whether it is text. */
const HEAD = 512;
const CHUNK_BYTES = 0x1_0000;

/** Told once all lines are: how they were compressed, and why compressed data could not be read to their end. */
export type LinesEnd = (compression: Compression | null, damage: Damage | null) => void;

/**
 * The lines of a log, without their ends; compression is told by content. Bytes that are no UTF-8 become U+FFFD.
 *
 * @param path "-" is standard input
 * @throws EnvironmentError if it cannot be read
 */
export async function* readLines(path: string, end: LinesEnd): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunksOf(path, end)) {
    let start = 0;
    for (let at = chunk.indexOf(NEW_LINE); at !== -1; at = chunk.indexOf(NEW_LINE, start)) {
      // A character that is cut by the end of its line is none of the next line.
      yield lineOf(rest + decoder.decode(chunk.subarray(start, at)));
      rest = "";
      start = at + 1;
    }
    const tail = decoder.decode(chunk.subarray(start), { stream: true });
    if (rest.length < MOST_CHARACTERS) rest += tail;
  }
  rest += decoder.decode();
  if (rest !== "") yield lineOf(rest);
}

/** Where a machine went down while it wrote, a run of zero bytes stands before the next line. */
function lineOf(text: string): string {
  return (text.endsWith("\r") ? text.slice(0, -1) : text).replace(/^\0+/, "").slice(0, MOST_CHARACTERS);
}

async function* chunksOf(path: string, end: LinesEnd): AsyncGenerator<Uint8Array> {
  let input: ByteInput = new ChunkInput(path === "-" ? process.stdin : createReadStream(path));
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const first = await fill(input, chunk.subarray(0, TELLING_BYTES));
    const opened = await decompressed(input, chunk.subarray(0, first));
    if (opened !== null) input = opened.input;
    const kept = opened === null ? first : 0;
    let count = kept + (await input.read(chunk.subarray(kept)));
    // Text has no zero bytes, and no capture is without.
    if (chunk.subarray(0, Math.min(count, HEAD)).includes(0)) {
      throw new EnvironmentError("EINVAL", `${inputName(path)} is no text. If it is a capture: leasetap analyze.`);
    }
    for (; count > 0; count = await input.read(chunk)) yield chunk.subarray(0, count);
    end(opened?.compression ?? null, opened?.input.damage ?? null);
  } catch (error) {
    throw inputError(error, path);
  } finally {
    input.close();
  }
}

/** Seconds since 1970 at which a log was last written; now for standard input. */
export function lastWritten(path: string): number {
  if (path === "-") return Date.now() / 1000;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      throw new EnvironmentError("EISDIR", `${inputName(path)} is a directory: name the log files in it.`);
    }
    return stats.mtimeMs / 1000;
  } catch (error) {
    throw inputError(error, path);
  }
}

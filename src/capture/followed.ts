import type { Complaint } from "./blocks-input.js";
import { frameMagic, isFramed, isSkippable } from "./frame-magic.js";
import { isGzip } from "./gzip-header.js";
import { captureStart, Start } from "./magic.js";

const DEFLATE = 8;

/**
 * What is said of what stands behind a capture: of another capture, plain or compressed otherwise, that it is not
 * read. Null: it is nothing of that kind, such as padding, and no part of the input.
 *
 * @param rest its first FILE_HEADER_BYTES, or all if there are fewer
 * @param kind of the capture before it: "gzip-compressed", "uncompressed"
 */
export function followed(rest: Uint8Array, kind: string): Complaint | null {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
  const magic = frameMagic(rest);
  const compressed = isFramed(magic) || isSkippable(magic) || (isGzip(rest) && rest[2] === DEFLATE);
  if (!compressed && captureStart(view, 0, rest.length) !== Start.YES) return null;
  const sentence = `Behind the ${kind} capture another one begins, which is not read: give it a file of its own.`;
  return { code: "another-capture", sentence };
}

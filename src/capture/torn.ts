import type { Complaint } from "./blocks-input.js";
import { followed } from "./followed.js";
import { isFramed, isSkippable } from "./frame-magic.js";
import { gzipHeaderLength } from "./gzip-header.js";
import { captureStart, FILE_HEADER_BYTES, Start } from "./magic.js";

/** Another capture that begins where a record claims the bytes for itself: the one before it was cut, and put in front. */
export interface Swallowed {
  readonly at: number;
  /** Why it is not read; null: it can be. */
  readonly complaint: Complaint | null;
}

/** No tcpdump takes longer frames, and a search through longer ones would take too long. */
const MOST = 262_144;

/**
 * Looks for the beginning of another capture. Only for records that are in doubt: a sound frame may well carry a capture,
 * or be compressed.
 *
 * @param bytes the same memory as `view`
 * @returns null if none begins from `from` on and before `until`; "more" if bytes beyond `end` must tell
 */
export function findSwallowed(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  until: number,
  end: number,
): Swallowed | "more" | null {
  const stop = Math.min(until, from + MOST);
  for (let at = from; at < stop && end - at >= 4; at += 1) {
    const start = captureStart(view, at, end);
    if (start === Start.YES) return { at, complaint: null };
    if (start === Start.MORE) return "more";
    if (!mayBeCompressed(view, at)) continue;
    const first = bytes.subarray(at, Math.min(end, at + FILE_HEADER_BYTES));
    const complaint = gzipHeaderLength(first) === null && isGzipLike(view, at) ? null : followed(first, "uncompressed");
    if (complaint !== null) return { at, complaint };
  }
  return null;
}

function mayBeCompressed(view: DataView, at: number): boolean {
  const magic = view.getUint32(at, true);
  return isGzipLike(view, at) || isFramed(magic) || isSkippable(magic);
}

function isGzipLike(view: DataView, at: number): boolean {
  return view.getUint16(at) === 0x1f8b;
}

import type { Complaint } from "./blocks-input.js";
import { followed } from "./followed.js";
import { LZ4_FRAME, LZ4_LEGACY_FRAME, SKIPPABLE_FRAMES, ZSTD_FRAME } from "./frame-magic.js";
import { gzipHeaderLength, isGzip } from "./gzip-header.js";
import { Found } from "./chain.js";
import { reaches } from "./capture-reach.js";
import * as magic from "./magic.js";

/** Another capture that begins where a record claims the bytes for itself: the one before it was cut, and put in front. */
export interface Swallowed {
  readonly at: number;
  /** Why it is not read; null: it can be. */
  readonly complaint: Complaint | null;
}

/** No tcpdump takes longer frames, and a search through longer ones would take too long. */
const MOST = 262_144;

/** Captures within a frame that are followed to see whether they end there: each may take as long as the frame is. */
const MOST_CARRIED = 8;

/** What captures begin with, also compressed ones. */
const MAGICS: readonly (readonly number[])[] = [
  ...[magic.MICROSECONDS, magic.NANOSECONDS, magic.KUZNETZOV].flatMap((word) => [octets(word), octets(word).reverse()]),
  ...[magic.SECTION_HEADER, magic.SNOOP[0]].map(octets),
  ...[ZSTD_FRAME, LZ4_FRAME, LZ4_LEGACY_FRAME, ...SKIPPABLE_FRAMES].map((word) => octets(word).reverse()),
  [0x1f, 0x8b],
];

/** Whether one of them begins with this byte. */
const BEGINS = new Uint8Array(0x100);
for (const [first = 0] of MAGICS) BEGINS[first] = 1;

/**
 * Looks for the beginning of another capture. Only for records that are in doubt: a sound frame may well carry a capture,
 * or be compressed.
 *
 * @param bytes the same memory as `view`
 * @param end where the bytes end that are there
 * @param last nothing follows `end`
 * @param until where the record ends. A capture that goes on there is no frame's
 * @returns null if none begins from `from` on and before `until`; "more" if bytes beyond `end` must tell, never if `last`
 */
export function findSwallowed(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  until: number,
  end: number,
  last: boolean,
): Swallowed | "more" | null {
  const stop = Math.min(until, end, from + MOST);
  let carried = 0;
  for (let at = from; at < stop; at += 1) {
    if (BEGINS[bytes[at] ?? 0] === 0 || !mayBegin(bytes, at, end)) continue;
    if (end - at < magic.FILE_HEADER_BYTES && !last) return "more";
    if (magic.captureStart(view, at, end) === magic.Start.YES) {
      const found = reaches(view, at, until, end, last);
      if (found === Found.MORE) return "more";
      if (found === Found.HERE) return { at, complaint: null };
      carried += 1;
      if (carried === MOST_CARRIED) return null;
      continue;
    }
    const complaint = compressed(bytes.subarray(at, Math.min(end, at + magic.FILE_HEADER_BYTES)));
    if (complaint !== null) return { at, complaint };
  }
  return null;
}

function mayBegin(bytes: Uint8Array, at: number, end: number): boolean {
  return MAGICS.some((octetsOf) => octetsOf.every((octet, index) => at + index >= end || bytes[at + index] === octet));
}

function compressed(first: Uint8Array): Complaint | null {
  return isGzip(first) && gzipHeaderLength(first) === null ? null : followed(first, "uncompressed");
}

/** Of a word of 32 bits, in network order. */
function octets(word: number): number[] {
  return [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
}

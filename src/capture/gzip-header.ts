// RFC 1952 section 2.3: what stands before the deflated data of a gzip member.
const FIXED_BYTES = 10;
const METHOD = 2;
const FLAGS = 3;
const DEFLATE = 8;
// Section 2.3.1, FLG.
const HEADER_CRC = 0x02;
const EXTRA = 0x04;
const NAME = 0x08;
const COMMENT = 0x10;
const RESERVED = 0xe0;

/** Whether an input that begins with these bytes is gzip-compressed (section 2.3.1). */
export function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b;
}

/**
 * The length of the header that these bytes begin with.
 *
 * @returns "more" if it is not all there; null if this is no header
 */
export function gzipHeaderLength(bytes: Uint8Array): number | "more" | null {
  if (bytes.length >= 2 && !isGzip(bytes)) return null;
  if (bytes.length < FIXED_BYTES) return bytes.length === 1 && bytes[0] !== 0x1f ? null : "more";
  const flags = bytes[FLAGS] ?? 0;
  if (bytes[METHOD] !== DEFLATE || (flags & RESERVED) !== 0) return null;
  let length = FIXED_BYTES;
  if ((flags & EXTRA) !== 0) {
    if (bytes.length < length + 2) return "more";
    length += 2 + (bytes[length] ?? 0) + 0x100 * (bytes[length + 1] ?? 0);
  }
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, length);
    if (end < 0) return "more";
    length = end + 1;
  }
  if ((flags & HEADER_CRC) !== 0) length += 2;
  return length <= bytes.length ? length : "more";
}

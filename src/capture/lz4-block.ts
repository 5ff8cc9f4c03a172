// lz4_Block_format.md: sequences of literals, and of copies of what stands shortly before.
const LENGTH_MASK = 15;
const MORE_LENGTH = 255;
const SHORTEST_COPY = 4;

/**
 * Decompresses one block.
 *
 * @param target takes the bytes from `from` on, up to `limit`; copies reach back to `floor`
 * @returns where the bytes end in `target`; negative: the block is cut or not sound, and what could be read of it ends at
 *   the complement (`~`)
 */
export function decodeLz4Block(
  source: Uint8Array,
  target: Uint8Array,
  from: number,
  floor: number,
  limit: number,
): number {
  const end = source.length;
  let read = 0;
  let write = from;
  while (read < end) {
    const token = source[read++] ?? 0;
    let literals = token >> 4;
    if (literals === LENGTH_MASK) {
      let more = MORE_LENGTH;
      while (more === MORE_LENGTH && read < end) literals += more = source[read++] ?? 0;
    }
    const there = Math.min(literals, end - read, limit - write);
    for (const stop = read + there; read < stop;) target[write++] = source[read++] ?? 0;
    if (there < literals) return ~write;
    // The last sequence has no copy.
    if (read === end) return write;
    if (end - read < 2) return ~write;
    const offset = (source[read] ?? 0) | ((source[read + 1] ?? 0) << 8);
    read += 2;
    let length = token & LENGTH_MASK;
    if (length === LENGTH_MASK) {
      let more = MORE_LENGTH;
      while (more === MORE_LENGTH && read < end) length += more = source[read++] ?? 0;
    }
    length += SHORTEST_COPY;
    if (offset === 0 || offset > write - floor || length > limit - write) return ~write;
    // One by one: what is copied may only just have been written.
    for (const stop = write + length; write < stop; write += 1) target[write] = target[write - offset] ?? 0;
  }
  return ~write;
}

/** What disks and file systems lose is lost in multiples of this many bytes, from such an offset on. */
const SECTOR_BYTES = 512;

/**
 * Where the zeros begin that may stand in place of the end of a frame, after a crash or on a full disk: at a sector of the
 * file, and up to the end of the frame. Only for frames with nothing but zeros behind them: many are padded with some.
 *
 * @param from where the frame begins, in these bytes
 * @param next where it ends
 * @param origin what to add to an offset for its position in the file
 * @returns `next` if none begins within the frame
 */
export function holeStart(bytes: Uint8Array, from: number, next: number, origin: number): number {
  let zeros = next;
  while (zeros > from && bytes[zeros - 1] === 0) zeros -= 1;
  const sector = Math.ceil((origin + zeros) / SECTOR_BYTES) * SECTOR_BYTES - origin;
  return zeros > from && sector < next ? sector : next;
}

/** Whether all of these bytes are zero, and there are any. */
export function isZeros(bytes: Uint8Array, from: number, until: number): boolean {
  for (let at = from; at < until; at += 1) if (bytes[at] !== 0) return false;
  return until > from;
}

/**
 * Whether a hole ends within the first bytes of a record, so that its time, which stands there, is not what it was.
 *
 * @param at where the record begins
 * @param length of its header
 * @param origin what to add to an offset for its position in the file
 */
export function holeEnds(bytes: Uint8Array, at: number, length: number, origin: number): boolean {
  const sector = Math.ceil((origin + at + 1) / SECTOR_BYTES) * SECTOR_BYTES - origin;
  return sector < at + length && isZeros(bytes, at - 1, sector);
}

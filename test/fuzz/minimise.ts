import { concat } from "./bytes.js";
import { recordStarts } from "./records.js";

/** Milliseconds; a smaller input is a convenience, not the point. */
const PATIENCE = 4000;

/** A smaller input for which `fails` still holds: whole records are left out first, then ranges of bytes. */
export function minimise(bytes: Uint8Array, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  const until = performance.now() + PATIENCE;
  const still = (candidate: Uint8Array): boolean => performance.now() < until && fails(candidate);
  return withoutRanges(withoutRecords(bytes, still), still);
}

function withoutRecords(bytes: Uint8Array, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  let best = bytes;
  for (let index = recordStarts(best).length - 1; index >= 0; index -= 1) {
    const starts = recordStarts(best);
    const start = starts[index];
    if (start === undefined) continue;
    const candidate = concat([best.subarray(0, start), best.subarray(starts[index + 1] ?? best.length)]);
    if (fails(candidate)) best = candidate;
  }
  return best;
}

function withoutRanges(bytes: Uint8Array, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  let best = bytes;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = best.length - size; at >= 0; at -= size) {
      const candidate = concat([best.subarray(0, at), best.subarray(at + size)]);
      if (fails(candidate)) best = candidate;
      else best = zeroed(best, at, size, fails);
    }
  }
  return best;
}

function zeroed(bytes: Uint8Array, at: number, size: number, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  if (bytes.subarray(at, at + size).every((byte) => byte === 0)) return bytes;
  const candidate = bytes.slice();
  candidate.fill(0, at, at + size);
  return fails(candidate) ? candidate : bytes;
}

import { concat, viewOf } from "./bytes.js";
import type { Shot } from "./corpus.js";
import { fragments } from "./fragments.js";
import { recordStarts } from "./records.js";
import type { Random } from "./random.js";

const YEAR = 31_557_600;
const NUMBERS = [0, 1, 2, 4, 7, 8, 12, 16, 20, 28, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x40000, 0xfffffff, 0x7fffffff];
const ODD_OCTETS = [0, 1, 2, 3, 8, 16, 17, 0x40, 0x45, 0x46, 0x4f, 0x55, 0x81, 0x88, 0xfe, 0xff];

/** What may befall frames before they are written: lost, doubled, out of order, cut, fragmented, their time or their fields wrong. */
export function mutateShots(random: Random, shots: readonly Shot[]): Shot[] {
  const result = [...shots];
  for (let changes = random.below(5); changes > 0; changes -= 1) {
    const index = random.below(result.length);
    const shot = result[index];
    if (shot === undefined) break;
    switch (random.below(9)) {
      case 0:
        result.splice(index, 1);
        break;
      case 1:
        result.splice(random.below(result.length + 1), 0, ...new Array<Shot>(random.pick([1, 1, 2, 5])).fill(shot));
        break;
      case 2: {
        const other = random.below(result.length);
        result[index] = result[other] ?? shot;
        result[other] = shot;
        break;
      }
      case 3:
        result.splice(index, result.length - index, ...shiftAll(random, result.slice(index)));
        break;
      case 4:
        result[index] = shifted(shot, jump(random));
        break;
      case 5:
        result[index] = cut(shot, random.below(shot.bytes.length + 1));
        break;
      case 6:
        result.splice(index, 1, ...fragments(random, shot));
        break;
      default:
        result[index] = { ...shot, bytes: mutateFrame(random, shot.bytes) };
    }
  }
  if (random.oneIn(12)) {
    const snapLength = random.pick([0, 14, 34, 42, 60, 96, 282, 300]);
    return result.map((shot) => cut(shot, snapLength));
  }
  return result;
}

function cut(shot: Shot, length: number): Shot {
  return { ...shot, bytes: shot.bytes.subarray(0, length) };
}

function shiftAll(random: Random, shots: readonly Shot[]): Shot[] {
  const by = jump(random);
  return shots.map((shot) => shifted(shot, by));
}

/** Seconds by which a clock is set. */
function jump(random: Random): number {
  return random.pick([
    -0.3,
    0.7,
    -1,
    -4,
    -6,
    30,
    -30,
    600,
    -3600,
    86_400,
    YEAR,
    -YEAR,
    20 * YEAR,
    -60 * YEAR,
    1e8,
    -1e9,
  ]);
}

function shifted(shot: Shot, by: number): Shot {
  if (shot.seconds === null) return shot;
  const total = shot.nanos + Math.round((by - Math.floor(by)) * 1e9);
  const seconds = shot.seconds + Math.floor(by) + (total >= 1e9 ? 1 : 0);
  return { ...shot, seconds: Math.max(0, seconds), nanos: total % 1e9 };
}

/** Offsets in an untagged frame with a plain IPv4 header where lengths, types and options stand. */
const TELLING = [
  12, 13, 14, 16, 17, 20, 21, 23, 34, 35, 36, 37, 38, 39, 40, 41, 42, 44, 46, 50, 54, 58, 66, 70, 86, 150, 278,
];
const OPTIONS = 282;

function mutateFrame(random: Random, frame: Uint8Array): Uint8Array {
  const bytes = frame.slice();
  for (let changes = random.between(1, 4); changes > 0; changes -= 1) {
    const at = random.below(3) === 0 ? OPTIONS + random.below(bytes.length - OPTIONS) : random.pick(TELLING);
    const where = random.oneIn(5) || at >= bytes.length ? random.below(bytes.length) : at;
    if (where < bytes.length) bytes[where] = random.oneIn(2) ? random.pick(ODD_OCTETS) : random.below(256);
  }
  if (random.oneIn(10) && bytes.length > 14) {
    const tag = Uint8Array.of(random.pick([0x81, 0x88]), random.pick([0, 0xa8]), random.below(256), random.below(256));
    return concat([bytes.subarray(0, 12), tag, bytes.subarray(12)]);
  }
  return bytes;
}

/** What may befall a file: flipped bits, ranges gone, doubled or moved in, lengths that lie, an end too early. */
export function mutateBytes(random: Random, original: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let changes = random.pick([0, 1, 1, 1, 2, 3, 6]); changes > 0; changes -= 1) {
    bytes = mutateOnce(random, bytes, other);
  }
  return bytes;
}

function mutateOnce(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = random.pick([1, 2, 3, 4, 8, 16, 60, 300]);
  switch (random.below(12)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return concat([bytes.subarray(0, at), random.bytes(length), bytes.subarray(at)]);
    case 2:
      return concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 3:
      return concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 4:
      return concat([bytes, other]);
    case 5:
      return concat([bytes.subarray(0, at), other.subarray(random.below(other.length))]);
    case 6:
    case 7:
    case 8:
      return withHeaderField(random, bytes);
    case 9:
      return withLongerHeaders(random, bytes);
    default:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
  }
}

/** As patched libpcaps wrote their files. */
function withLongerHeaders(random: Random, bytes: Uint8Array): Uint8Array {
  const more = random.bytes(random.pick([4, 8, 12]));
  const starts = recordStarts(bytes);
  const records = starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
  const longer = records.flatMap((record) => [record.subarray(0, 16), more, record.subarray(16)]);
  return concat([bytes.subarray(0, starts[0]), ...longer]);
}

/** One of the numbers in a file's, a record's or a block's header, or shortly behind it, becomes something else. */
function withHeaderField(random: Random, bytes: Uint8Array): Uint8Array {
  const start = random.pick([0, ...recordStarts(bytes)]);
  const at = start + 4 * random.below(12);
  if (at + 4 > bytes.length) return bytes;
  const view = viewOf(bytes);
  const littleEndian = random.oneIn(2);
  const now = view.getUint32(at, littleEndian);
  const next = random.pick([
    random.pick(NUMBERS),
    random.uint32(),
    bytes.length - start,
    now + random.pick([-4, -1, 1, 4, 16, 256]),
    now * 2,
    0xffffffff - random.below(16),
  ]);
  view.setUint32(at, next >>> 0, littleEndian);
  return bytes;
}

import { viewOf, wordSum } from "./bytes.js";
import type { Shot } from "./corpus.js";
import type { Random } from "./random.js";

const ETHERNET = 14;
const MORE_FRAGMENTS = 0x2000;
/** Octets that fragments are counted in. */
const UNIT = 8;

/** The frame's IPv4 datagram in fragments, mostly all of them and in order; the frame itself where it holds none. */
export function fragments(random: Random, shot: Shot): Shot[] {
  const { bytes } = shot;
  const view = viewOf(bytes);
  let ip = ETHERNET;
  while (ip + 20 <= bytes.length && [0x8100, 0x88a8].includes(view.getUint16(ip - 2))) ip += 4;
  if (ip + 20 > bytes.length || view.getUint16(ip - 2) !== 0x0800) return [shot];
  const payload = ip + 4 * (view.getUint8(ip) & 0x0f);
  const length = Math.min(bytes.length, ip + view.getUint16(ip + 2)) - payload;
  if (payload < ip + 20 || length <= UNIT) return [shot];
  const units = Math.ceil(length / UNIT);
  const step = UNIT * random.between(Math.ceil(units / 6), units - 1);
  const parts: Shot[] = [];
  for (let start = 0; start < length; start += step) {
    // Now and then one reaches into the next, with the same octets or with others.
    const end = Math.min(length, start + step + (random.oneIn(12) ? UNIT * random.between(1, 3) : 0));
    const part = new Uint8Array(payload + end - start);
    part.set(bytes.subarray(0, payload));
    part.set(bytes.subarray(payload + start, payload + end), payload);
    if (random.oneIn(40)) part[part.length - 1] = random.below(256);
    const header = viewOf(part);
    header.setUint16(ip + 2, part.length - ip);
    header.setUint16(ip + 6, start / UNIT + (end < length ? MORE_FRAGMENTS : 0));
    header.setUint16(ip + 10, 0);
    header.setUint16(ip + 10, 0xffff - wordSum(part, ip, payload));
    parts.push({ ...shot, bytes: part, original: part.length });
  }
  const one = random.below(parts.length);
  if (random.oneIn(6)) parts.splice(one, 1);
  if (random.oneIn(6)) parts.push(...parts.slice(one, one + 1));
  if (random.oneIn(4)) parts.reverse();
  return parts;
}

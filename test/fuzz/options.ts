import { concat } from "./bytes.js";
import { hostileText } from "./hostile.js";
import type { Random } from "./random.js";

/** Codes and values of a message, before they become bytes. */
export type OptionList = (readonly [code: number, value: Uint8Array])[];

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

const TIMES = [0, 1, 2, 10, 60, 119, 120, 600, 3600, 86_400, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Seconds, often of the kind that computing with times goes wrong at. */
export function someTime(random: Random): number {
  return random.oneIn(4) ? random.uint32() : random.pick(TIMES);
}

/** Those that the program reads, and neighbours. */
const CODES = [1, 3, 6, 12, 15, 28, 42, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 77, 80, 81, 82, 121, 160, 254];

/** Up to `most` options of any code and length; lengths often fit their type. */
export function randomOptions(random: Random, most: number): OptionList {
  return Array.from({ length: random.below(most + 1) }, (): [number, Uint8Array] => {
    const code = random.oneIn(5) ? random.between(1, 254) : random.pick(CODES);
    return [code, randomValue(random, code)];
  });
}

function randomValue(random: Random, code: number): Uint8Array {
  if (random.oneIn(8)) return random.bytes(random.below(20));
  if ([12, 15, 56, 60, 61, 77, 81].includes(code)) return hostileText(random);
  if (code === 53) return Uint8Array.of(random.oneIn(3) ? random.below(256) : random.between(0, 19));
  if (code === 52) return Uint8Array.of(random.below(5));
  return random.oneIn(3) ? u32(random.uint32()) : u32(someTime(random));
}

export interface Encoded {
  readonly options: Uint8Array;
  readonly sname: Uint8Array;
  readonly file: Uint8Array;
}

const END = Uint8Array.of(255);
const NOTHING = new Uint8Array(0);

/** Lays options out as RFC 2131 §4.1 and RFC 3396 allow, and now and then as they do not. */
export function encode(random: Random, list: OptionList): Encoded {
  const overload = random.oneIn(12) ? random.between(0, 4) : 0;
  const parts = list.flatMap((option) => split(random, option));
  if (random.oneIn(20)) parts.reverse();
  const main: Uint8Array[] = overload > 0 ? [Uint8Array.of(52, 1, overload)] : [];
  const sname: Uint8Array[] = [];
  const file: Uint8Array[] = [];
  for (const part of parts) {
    const place = random.below(3);
    if (overload > 1 && place === 1) sname.push(part);
    else if (overload > 0 && place === 2) file.push(part);
    else main.push(part);
    if (random.oneIn(30)) main.push(new Uint8Array(random.below(9)));
  }
  const ended = random.oneIn(12) ? NOTHING : END;
  const more = random.oneIn(20) ? random.bytes(random.below(12)) : NOTHING;
  return {
    options: concat([...main, ended, more]),
    sname: overload > 1 ? concat([...sname, ended]) : garnish(random),
    file: overload > 0 ? concat([...file, ended]) : garnish(random),
  };
}

function garnish(random: Random): Uint8Array {
  return random.oneIn(10) ? hostileText(random, 64) : NOTHING;
}

/** One option as bytes; in parts if it is long, or at will; its length octet now and then a lie. */
function split(random: Random, [code, value]: readonly [number, Uint8Array]): Uint8Array[] {
  const step = random.oneIn(15) ? random.between(1, 8) : 255;
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < value.length; at += step) {
    const part = value.subarray(at, at + step);
    const length = random.oneIn(150) ? random.below(256) : part.length;
    const bytes = new Uint8Array(2 + part.length);
    bytes[0] = code;
    bytes[1] = length;
    bytes.set(part, 2);
    parts.push(bytes);
  }
  return parts;
}

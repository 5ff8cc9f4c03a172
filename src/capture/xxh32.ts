// The checksum of lz4 frames: XXH32 of xxhash_spec.md, with seed 0.
const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
const STRIPE_BYTES = 16;

/** The sum of bytes that come in pieces. */
export class Xxh32 {
  readonly #lanes = Int32Array.of(PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1);
  readonly #stripe = new Uint8Array(STRIPE_BYTES);
  /** Bytes of an unfinished stripe. */
  #waiting = 0;
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#waiting > 0) {
      at = Math.min(STRIPE_BYTES - this.#waiting, bytes.length);
      this.#stripe.set(bytes.subarray(0, at), this.#waiting);
      this.#waiting += at;
      if (this.#waiting < STRIPE_BYTES) return;
      this.#consume(this.#stripe, 0, STRIPE_BYTES);
      this.#waiting = 0;
    }
    const whole = bytes.length - ((bytes.length - at) % STRIPE_BYTES);
    this.#consume(bytes, at, whole);
    this.#stripe.set(bytes.subarray(whole));
    this.#waiting = bytes.length - whole;
  }

  /** 32 bits, unsigned. */
  get sum(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let sum = this.#length < STRIPE_BYTES ? PRIME_5 : turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);
    sum = (sum + this.#length) | 0;
    let at = 0;
    for (; at + 4 <= this.#waiting; at += 4) {
      sum = Math.imul(turn((sum + Math.imul(word(this.#stripe, at), PRIME_3)) | 0, 17), PRIME_4);
    }
    for (; at < this.#waiting; at += 1) {
      sum = Math.imul(turn((sum + Math.imul(this.#stripe[at] ?? 0, PRIME_5)) | 0, 11), PRIME_1);
    }
    sum = Math.imul(sum ^ (sum >>> 15), PRIME_2);
    sum = Math.imul(sum ^ (sum >>> 13), PRIME_3);
    return (sum ^ (sum >>> 16)) >>> 0;
  }

  #consume(bytes: Uint8Array, from: number, to: number): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    for (let at = from; at < to; at += STRIPE_BYTES) {
      a = round(a, word(bytes, at));
      b = round(b, word(bytes, at + 4));
      c = round(c, word(bytes, at + 8));
      d = round(d, word(bytes, at + 12));
    }
    this.#lanes.set([a, b, c, d]);
  }
}

export function xxh32(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.sum;
}

function round(lane: number, input: number): number {
  return Math.imul(turn((lane + Math.imul(input, PRIME_2)) | 0, 13), PRIME_1);
}

function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

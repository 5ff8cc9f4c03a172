import type { Stopped } from "./stopped.js";

/** The options of one message after a bounded walk: PAD, END, overload (52) and joined parts (RFC 3396). */
export interface Options {
  /** The joined value; null if the option is absent. */
  get(code: number): Uint8Array | null;
  /** Codes in order of first appearance. */
  codes(): number[];
  /** An option whose length runs past its field; the walk ended there. */
  readonly malformed: boolean;
}

const PAD = 0;
const END = 255;
const OVERLOAD = 52;

/** What the walk of one field met at its end. */
interface Field {
  /** END was there. */
  readonly ended: boolean;
  /** The option that runs past the field. */
  readonly overrun: Stopped | null;
}

const ENDED: Field = { ended: true, overrun: null };
const UNENDED: Field = { ended: false, overrun: null };

/**
 * An index into the message's own bytes: three numbers per part, nothing cut out until it is asked for.
 * A code that appears several times is one option in parts, whatever stands between them (RFC 3396 §7).
 */
class OptionIndex implements Options {
  malformed = false;
  /** Code, offset of the value, length of the value; and again. */
  readonly #parts: number[] = [];
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get(code: number): Uint8Array | null {
    const parts = this.#parts;
    let first: Uint8Array | null = null;
    let more: Uint8Array[] | null = null;
    for (let index = 0; index < parts.length; index += 3) {
      if (parts[index] !== code) continue;
      const start = parts[index + 1] ?? 0;
      const part = this.#bytes.subarray(start, start + (parts[index + 2] ?? 0));
      if (first === null) first = part;
      else (more ??= [first]).push(part);
    }
    return more === null ? first : join(more);
  }

  codes(): number[] {
    return [...new Set(this.#parts.filter((_, index) => index % 3 === 0))];
  }

  /** Takes in the options of one field, `start` up to `end`. Each turn moves on by at least one octet. */
  walk(start: number, end: number): Field {
    const bytes = this.#bytes;
    let at = start;
    while (at < end) {
      const code = bytes[at] ?? END;
      if (code === END) return ENDED;
      if (code === PAD) {
        at += 1;
        continue;
      }
      const length = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
      const next = at + 2 + length;
      if (next > end) {
        return { ended: false, overrun: { layer: "option", offset: end, needed: next - at, had: end - at } };
      }
      this.#parts.push(code, at + 2, length);
      at = next;
    }
    return UNENDED;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where a message keeps its options, as offsets into its bytes. */
export interface OptionFields {
  /** From behind the magic cookie … */
  readonly start: number;
  /** … to the end of the bytes at hand. */
  readonly end: number;
  /** The message goes on where the bytes end: what runs past `end` is cut, not malformed. */
  readonly truncated: boolean;
  /** 64 octets, used for options if option 52 says so. */
  readonly sname: number;
  /** 128 octets, likewise. */
  readonly file: number;
}

export interface WalkedOptions {
  readonly options: Options;
  /** The bytes ended before END was seen, though the message went on. */
  readonly cut: boolean;
  /** The first option that runs past its field or past the bytes at hand. */
  readonly stopped: Stopped | null;
}

/**
 * Walks the options field and, as option 52 bids (RFC 2132 §9.3: 1 file, 2 sname, 3 both), the two others.
 * Parts are joined in the order options, file, sname (RFC 3396 §5). Option 52 counts in the options field only.
 */
export function walkOptions(bytes: Uint8Array, fields: OptionFields): WalkedOptions {
  const options = new OptionIndex(bytes);
  const main = options.walk(fields.start, fields.end);
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  const file = overload === 1 || overload === 3 ? options.walk(fields.file, fields.file + 128) : ENDED;
  const sname = overload === 2 || overload === 3 ? options.walk(fields.sname, fields.sname + 64) : ENDED;
  const cut = fields.truncated && !main.ended;
  options.malformed = (main.overrun !== null && !cut) || file.overrun !== null || sname.overrun !== null;
  const runsOut = cut ? { layer: "option", offset: fields.end, needed: 1, had: 0 } : null;
  return { options, cut, stopped: main.overrun ?? runsOut ?? file.overrun ?? sname.overrun };
}

/** For messages that have no options, or none within reach. */
export const NO_OPTIONS: Options = { get: () => null, codes: () => [], malformed: false };

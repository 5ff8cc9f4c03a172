import fc from "fast-check";

/** Bytes that stand in place of others, as after a crash, a bad disk, or a stranger's hand. */
export interface Damage {
  /** Where it begins, as a part of the file from 0 to 1. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
}

/** Where bytes of the original were changed; `to` is behind the last. */
export interface Wound {
  readonly from: number;
  readonly to: number;
}

const encoder = new TextEncoder();

/** Text that does harm where a program believes it: huge numbers, what ends strings and blocks, what terminals obey. */
const HOSTILE = [
  "\0".repeat(512),
  "9".repeat(400),
  "4294967295",
  "-1",
  "1e308",
  '"',
  '\\"',
  "{",
  "}",
  ";",
  "#",
  ",",
  "\n",
  "\r",
  "\n\n",
  "\u001b[2J\u001b]0;x\u0007",
  "\u202e\u2066",
  "\u2028",
  "x".repeat(20_000),
  "(".repeat(20_000),
].map((text) => encoder.encode(text));

const at = fc.double({ min: 0, max: 1, noNaN: true });

/** One change: bytes flipped, cut out, put in between. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .uint8Array({ minLength: 1, maxLength: 8 })
    .chain((inserted) => at.map((place) => ({ at: place, removed: inserted.length, inserted }))),
  fc.record({ at, removed: fc.nat(200), inserted: fc.constant(new Uint8Array()) }),
  fc.record({ at, removed: fc.nat(20), inserted: fc.constantFrom(...HOSTILE) }),
);

/** The end is missing. */
export const cut: fc.Arbitrary<Damage> = at.map((place) => ({
  at: place,
  removed: Number.MAX_SAFE_INTEGER,
  inserted: new Uint8Array(),
}));

export function damaged(bytes: Uint8Array, { at: place, removed, inserted }: Damage): [Uint8Array, Wound] {
  const from = Math.floor(place * bytes.length);
  const to = Math.min(bytes.length, from + removed);
  return [Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(to)]), { from, to }];
}

/** Lines twice, in another order, or missing. */
export function shuffled(text: string, kind: "double" | "swap" | "remove", one: number, other: number): string {
  const lines = text.split("\n");
  const [first, second] = [one % lines.length, other % lines.length];
  const [a = "", b = ""] = [lines[first], lines[second]];
  if (kind === "double") lines.splice(second, 0, a);
  if (kind === "remove") lines.splice(first, 1);
  if (kind === "swap") [lines[first], lines[second]] = [b, a];
  return lines.join("\n");
}

/** How lines may be shuffled. */
export const shuffle = fc.tuple(fc.constantFrom("double", "swap", "remove"), fc.nat(10_000), fc.nat(10_000));

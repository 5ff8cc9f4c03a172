import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEthernet } from "../../src/wire/decode.js";
import type { Options } from "../../src/wire/options.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import { bootp, END, ethernet, ipv4, option, PAD, reply, udp } from "./packets.js";
import type { BootpFields } from "./packets.js";

function optionsOf(options: readonly number[], fields: BootpFields = {}): Options {
  const frame = reply(options, fields);
  return decodeEthernet(frame, frame.length).dhcp?.options ?? NO_OPTIONS;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("the options field", () => {
  it("gives each value by its code, and codes in order of appearance", () => {
    const options = optionsOf([...option(53, [2]), ...option(51, [0, 0, 0, 120]), ...option(12, []), END]);
    expect(options.codes()).toEqual([53, 51, 12]);
    expect(options.get(51)).toEqual(bytes(0, 0, 0, 120));
    expect(options.get(12)).toEqual(bytes());
    expect(options.get(54)).toBeNull();
    expect(options.malformed).toBe(false);
  });

  it("PAD is one octet, wherever it stands", () => {
    const options = optionsOf([PAD, PAD, ...option(53, [2]), PAD, ...option(1, [9]), PAD, END]);
    expect(options.codes()).toEqual([53, 1]);
    expect(options.get(1)).toEqual(bytes(9));
  });

  it("nothing behind END counts", () => {
    const options = optionsOf([...option(53, [2]), END, ...option(51, [0, 0, 0, 120])]);
    expect(options.codes()).toEqual([53]);
  });

  it("END may be missing where the message ends", () => {
    const options = optionsOf(option(53, [2]));
    expect(options.codes()).toEqual([53]);
    expect(options.malformed).toBe(false);
  });

  it.each([
    ["a length beyond the field", [...option(53, [2]), 51, 4, 0, 0]],
    ["a code without a length", [...option(53, [2]), 51]],
    ["a length of 255 at the end", [...option(53, [2]), 51, 255]],
  ])("%s is malformed, and ends the walk", (_, field) => {
    const options = optionsOf(field);
    expect(options.codes()).toEqual([53]);
    expect(options.malformed).toBe(true);
  });

  it("an empty field has no options", () => {
    expect(optionsOf([]).codes()).toEqual([]);
  });
});

describe("options in parts (RFC 3396)", () => {
  it("are joined in order, with others in between", () => {
    const options = optionsOf([...option(56, [1, 2]), ...option(53, [6]), ...option(56, [3]), END]);
    expect(options.get(56)).toEqual(bytes(1, 2, 3));
    expect(options.codes()).toEqual([56, 53]);
  });

  it("are joined across the fields: options, file, sname", () => {
    const options = optionsOf([...option(56, [1]), ...option(52, [3]), ...option(53, [6]), END], {
      sname: [...option(56, [3]), END],
      file: [...option(56, [2]), END],
    });
    expect(options.get(56)).toEqual(bytes(1, 2, 3));
  });

  it("may be longer than one option can be", () => {
    const half = new Array<number>(200).fill(7);
    expect(optionsOf([...option(121, half), ...option(121, half), END]).get(121)).toHaveLength(400);
  });
});

describe("overload (option 52)", () => {
  const sname = [...option(54, [10, 8, 12, 1]), END];
  const file = [...option(51, [0, 0, 0, 120]), END];
  const codes = (overload: number[]): number[] =>
    optionsOf([...overload, ...option(53, [5]), END], { sname, file })
      .codes()
      .filter((code) => code !== 52 && code !== 53);

  it.each([
    ["1: file", option(52, [1]), [51]],
    ["2: sname", option(52, [2]), [54]],
    ["3: both, file first", option(52, [3]), [51, 54]],
    ["absent: neither", [], []],
    ["4: unknown, so neither", option(52, [4]), []],
    ["empty: neither", option(52, []), []],
  ])("%s", (_, overload, expected) => {
    expect(codes(overload)).toEqual(expected);
  });

  it("counts wherever it stands in the options field", () => {
    expect(optionsOf([...option(53, [5]), ...option(52, [2]), END], { sname }).get(54)).toEqual(bytes(10, 8, 12, 1));
  });

  it("within file or sname leads no further", () => {
    const nested = [...option(52, [3]), END];
    expect(optionsOf([...option(52, [1]), END], { file: nested, sname }).get(54)).toBeNull();
  });

  it("a message type may stand in sname", () => {
    const frame = reply([...option(52, [2]), END], { sname: [...option(53, [6]), END] });
    expect(decodeEthernet(frame, frame.length).dhcp?.type).toBe(6);
  });

  it.each([
    ["sname", 2, { sname: [...new Array<number>(60).fill(PAD), 51, 4, 0, 0] }],
    ["file", 1, { file: [...new Array<number>(124).fill(PAD), 51, 4, 0, 0] }],
  ])("an option that runs out of %s is malformed", (_, overload, fields) => {
    const options = optionsOf([...option(53, [5]), ...option(52, [overload]), END], fields);
    expect(options.malformed).toBe(true);
    expect(options.get(51)).toBeNull();
  });

  it("fields that are full to their last octet need no END", () => {
    const full = option(51, new Array<number>(62).fill(1));
    const options = optionsOf([...option(52, [2]), END], { sname: full });
    expect(options.get(51)).toHaveLength(62);
    expect(options.malformed).toBe(false);
  });
});

/** The walk as the RFCs tell it, with copies and a map: slow, and short enough to be seen to be right. */
function naiveWalk(message: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const walk = (field: readonly number[]): void => {
    let rest = [...field];
    while (rest.length > 0) {
      const [code = END, length = 0] = rest;
      if (code === END) return;
      if (code === PAD) {
        rest = rest.slice(1);
        continue;
      }
      if (rest.length < 2 + length) return;
      found.set(code, [...(found.get(code) ?? []), ...rest.slice(2, 2 + length)]);
      rest = rest.slice(2 + length);
    }
  };
  walk(message.slice(240));
  const overload = found.get(52)?.[0];
  if (overload === 1 || overload === 3) walk(message.slice(108, 236));
  if (overload === 2 || overload === 3) walk(message.slice(44, 108));
  return found;
}

describe("any field of options", () => {
  const code = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(PAD, 52, 53, 51, 56, END) }, fc.nat(255));
  const whole = fc.tuple(code, fc.array(fc.nat(255), { maxLength: 12 })).map(([c, value]) => option(c, value));
  const overload = fc.nat(4).map((value) => option(52, [value]));
  const noise = fc.array(code, { maxLength: 4 });
  const field = (maxLength: number): fc.Arbitrary<number[]> =>
    fc.array(fc.oneof(whole, overload, noise), { maxLength: 20 }).map((parts) => parts.flat().slice(0, maxLength));

  it("reads like the naive walk", () => {
    fc.assert(
      fc.property(field(300), field(64), field(128), (options, sname, file) => {
        const message = bootp({ sname, file }, options);
        const frame = ethernet(ipv4(udp(message)));
        const { dhcp } = decodeEthernet(frame, frame.length);
        const expected = naiveWalk(message);
        expect(dhcp?.options.codes()).toEqual([...expected.keys()]);
        for (const [number, value] of expected) expect(Array.from(dhcp?.options.get(number) ?? [])).toEqual(value);
        expect(dhcp?.type).toBe(expected.get(53)?.[0] ?? null);
      }),
      { numRuns: 5_000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complement, fold, pseudoHeaderSum, sameSum, sumIpv4Addresses, sumWords } from "../../src/checksum/internet.js";
import { parseIpv4 } from "../../src/wire/addresses.js";
import { slowSum } from "./reference.js";

function sumOf(bytes: Uint8Array): number {
  return fold(sumWords(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length));
}

describe("sums of words", () => {
  it("RFC 1071 §3: 00 01 f2 03 f4 f5 f6 f7 gives ddf2", () => {
    expect(sumOf(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(0xddf2);
  });

  it("an odd last byte is the high half of a word", () => {
    expect(sumOf(Uint8Array.of(0x00, 0x01, 0xf2))).toBe(0xf201);
    expect(sumOf(Uint8Array.of(0x80))).toBe(0x8000);
  });

  it("nothing is 0, and only nothing or zeros are", () => {
    expect(sumOf(new Uint8Array(0))).toBe(0);
    expect(sumOf(new Uint8Array(64))).toBe(0);
    expect(sumOf(Uint8Array.of(0xff, 0xff))).toBe(0xffff);
    expect(sumOf(Uint8Array.of(0xff, 0xfe, 0x00, 0x01))).toBe(0xffff);
  });

  it("agree with the RFC's slow way for any bytes, wherever they begin and end in memory", () => {
    const cases = fc.tuple(fc.uint8Array({ maxLength: 700 }), fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(cases, ([bytes, before, after]) => {
        const block = new Uint8Array(before + bytes.length + after).fill(0xa5);
        block.set(bytes, before);
        const sum = fold(sumWords(new DataView(block.buffer), before, before + bytes.length));
        expect(sum).toBe(slowSum(Array.from(bytes)));
      }),
      { numRuns: 5_000 },
    );
  });

  it("hold for the longest datagram of the largest words", () => {
    const bytes = new Uint8Array(65_535).fill(0xff);
    expect(sumOf(bytes)).toBe(slowSum(Array.from(bytes)));
  });
});

describe("folding", () => {
  it.each([
    [0, 0],
    [1, 1],
    [0xffff, 0xffff],
    [0x10000, 1],
    [0x1fffe, 0xffff],
    [0x2ddf0, 0xddf2],
    [0xffffffff, 0xffff],
    [0x1_0000_0000, 1],
    [2 ** 53 - 1, 0x1f],
  ])("%i folds to %i", (sum, expected) => {
    expect(fold(sum)).toBe(expected);
  });

  it("keeps the value modulo 0xffff", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (sum) => {
        const folded = fold(sum);
        expect(folded).toBeLessThanOrEqual(0xffff);
        expect(sameSum(folded, sum)).toBe(true);
        expect(folded === 0).toBe(sum === 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it("the complement of a sum adds up with it to 0xffff", () => {
    expect(complement(0xddf2)).toBe(0x220d);
    expect(complement(0)).toBe(0xffff);
    expect(complement(0xffff)).toBe(0);
  });
});

describe("pseudo-header sums that people have published", () => {
  it.each([
    ["harvester #5160", "192.168.48.77", "255.255.255.255", 333, 0xf253],
    ["docker-openwrt #4", "192.168.18.2", "192.168.18.150", 308, 0xa72e],
    ["virtio-win #1630", "192.168.10.1", "192.168.10.215", 329, 0x9783],
  ])("%s", (_, src, dst, length, expected) => {
    const addresses = sumIpv4Addresses(parseIpv4(src) ?? 0, parseIpv4(dst) ?? 0);
    expect(pseudoHeaderSum(addresses, 17, length)).toBe(expected);
  });

  it("IPv6 takes the words of its addresses the same way", () => {
    const addresses = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x91, 0x54, 0xc6, 0x6f, 0x8d, 0x0e, 0x33, 0xcb];
    const group = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2];
    const bytes = Uint8Array.from([...addresses, ...group]);
    const sum = sumWords(new DataView(bytes.buffer), 0, 32);
    const header = [...bytes, 0, 0, 0, 99, 0, 0, 0, 17];
    expect(pseudoHeaderSum(sum, 17, 99)).toBe(slowSum(header));
  });
});

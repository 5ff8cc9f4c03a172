import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pattern } from "../../src/checksum/checksum.js";
import { udpChecksum } from "../../src/checksum/udp.js";
import { CLIENT, SERVER, udp } from "../wire/packets.js";
import { ack, frameWith, partialSum, pseudoHeader, rightChecksum } from "./datagrams.js";
import { slowChecksum } from "./reference.js";

const LENGTH = ack().length + 8;
const RIGHT = rightChecksum(udp(ack()));

function patternOf(stored: number, data = ack()): Pattern | null {
  const checksum = udpChecksum(frameWith(stored, data));
  expect(checksum?.verdict).toBe("bad");
  return checksum?.pattern ?? null;
}

describe("no-pseudo-header", () => {
  it("nftables clears the field, a device sums what it finds from the UDP header on", () => {
    expect(patternOf(slowChecksum(udp(ack(), { checksum: 0 })))).toBe("no-pseudo-header");
  });

  it("for odd data too", () => {
    const data = ack([0x61]);
    expect(patternOf(slowChecksum(udp(data)), data)).toBe("no-pseudo-header");
  });
});

describe("header-only", () => {
  const header = udp(ack()).slice(0, 8);

  it("the sum stops at the end of the UDP header", () => {
    expect(patternOf(slowChecksum([...pseudoHeader(LENGTH), ...header]))).toBe("header-only");
  });

  it("the same with the partial sum in the field that is summed, and no pseudo-header beside it", () => {
    const partialInField = udp(ack(), { checksum: partialSum(LENGTH) }).slice(0, 8);
    expect(patternOf(slowChecksum(partialInField))).toBe("header-only");
  });

  it("with the 8 bytes that were summed as the pseudo-header's length", () => {
    expect(patternOf(slowChecksum([...pseudoHeader(8), ...header]))).toBe("header-only");
  });

  it("does not depend on the message", () => {
    const stored = slowChecksum([...pseudoHeader(LENGTH), ...header]);
    const other = ack().with(4, 0xaa).with(5, 0xbb);
    expect(patternOf(stored, other)).toBe("header-only");
  });
});

describe("bit-flip", () => {
  it("any one bit of the data", () => {
    const data = ack();
    for (let at = 0; at < data.length; at += 1) {
      for (let bit = 1; bit < 256; bit *= 2) {
        expect(patternOf(RIGHT, data.with(at, (data[at] ?? 0) ^ bit))).toBe("bit-flip");
      }
    }
  });

  it("any one bit of the checksum itself", () => {
    for (let bit = 1; bit < 0x10000; bit *= 2) expect(patternOf(RIGHT ^ bit)).toBe("bit-flip");
  });

  it("the top bit, which leaves one's complement arithmetic little room", () => {
    const data = ack().with(100, 0x80);
    expect(patternOf(RIGHT, data)).toBe("bit-flip");
  });

  it("two bits of different worth are none", () => {
    expect(patternOf(RIGHT, ack().with(100, 0x41))).toBeNull();
  });
});

describe("chance", () => {
  it("of all wrong values a handful fit: 1, 2 and 32 of 65 533", () => {
    const counts = new Map<Pattern | null, number>();
    for (let stored = 1; stored <= 0xffff; stored += 1) {
      const checksum = udpChecksum(frameWith(stored));
      if (checksum?.verdict !== "bad") continue;
      counts.set(checksum.pattern, (counts.get(checksum.pattern) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      "no-pseudo-header": 1,
      "header-only": 2,
      "bit-flip": 32,
      null: 65_533 - 35,
    });
  });

  it("where a flip and an exact mistake give the same value, the exact mistake is named", () => {
    // Addresses chosen so that the pseudo-header sums to 0x4000.
    const data = ack();
    const src = 0x4000 - 17 - LENGTH;
    const stored = slowChecksum(udp(data));
    expect(partialSum(LENGTH, src, 0)).toBe(0x4000);
    expect(udpChecksum(frameWith(stored, data, {}, { src, dst: 0 }))?.pattern).toBe("no-pseudo-header");
  });
});

describe("a pattern goes with bad only", () => {
  it("or, as looks-partial, with unverified", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(400), (stored, captured) => {
        const checksum = udpChecksum(frameWith(stored, ack(), captured > 200 ? { length: 4_000 } : {}));
        const { verdict = "good", pattern = null } = checksum ?? {};
        if (pattern === "looks-partial") expect(verdict).toBe("unverified");
        else if (pattern !== null) expect(verdict).toBe("bad");
      }),
      { numRuns: 1_000 },
    );
  });

  it("never with an absent, a good or a partial sum", () => {
    for (const stored of [0, RIGHT, partialSum(LENGTH, SERVER, CLIENT)]) {
      expect(udpChecksum(frameWith(stored))?.pattern).toBeNull();
    }
  });
});

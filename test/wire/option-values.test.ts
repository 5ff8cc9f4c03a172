import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { formatHex, formatIpv4 } from "../../src/wire/addresses.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import * as read from "../../src/wire/option-readers.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import type { OptionDecoder } from "../../src/wire/option-values.js";
import { loadOptionDecoder } from "../../src/wire/option-values.js";
import { option, reply, text } from "./packets.js";

let decode: OptionDecoder;

beforeAll(async () => {
  decode = await loadOptionDecoder();
});

const ADDRESS = [1, 28, 54];
const ADDRESSES = [3, 6, 42];
const SECONDS = [51, 58, 59];
const TEXT = [12, 15];

function optionOf(code: number, value: readonly number[]): typeof NO_OPTIONS {
  const frame = reply(option(code, value));
  return decodeEthernet(frame, frame.length).dhcp?.options ?? NO_OPTIONS;
}

describe("the package and our own readers agree on any value of", () => {
  const value = fc.array(fc.nat(255), { maxLength: 12 });

  it.each(ADDRESS)("option %i, an address", (code) => {
    fc.assert(
      fc.property(value, (octets) => {
        const ours = read.readAddress(optionOf(code, octets), code);
        const theirs = decode(code, Uint8Array.from(octets));
        if (ours === null) expect(theirs.kind).toBe("hex");
        else expect(theirs).toMatchObject({ kind: "address", value: formatIpv4(ours) });
      }),
      { numRuns: 300 },
    );
  });

  it.each(ADDRESSES)("option %i, addresses", (code) => {
    fc.assert(
      fc.property(value, (octets) => {
        const ours = read.readAddresses(optionOf(code, octets), code);
        const theirs = decode(code, Uint8Array.from(octets));
        if (ours === null) expect(theirs.kind).toBe("hex");
        else expect(theirs).toMatchObject({ kind: "addresses", value: ours.map(formatIpv4) });
      }),
      { numRuns: 300 },
    );
  });

  it.each(SECONDS)("option %i, seconds", (code) => {
    fc.assert(
      fc.property(value, (octets) => {
        const ours = read.readUint32(optionOf(code, octets), code);
        const theirs = decode(code, Uint8Array.from(octets));
        if (ours === null) expect(theirs.kind).toBe("hex");
        else expect(theirs).toMatchObject({ kind: "number", value: ours });
      }),
      { numRuns: 300 },
    );
  });

  it.each(TEXT)("option %i, text", (code) => {
    const letters = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(letters, (octets) => {
        const ours = read.readText(optionOf(code, octets), code);
        expect(decode(code, Uint8Array.from(octets))).toMatchObject({ kind: "text", value: ours });
      }),
      { numRuns: 300 },
    );
  });
});

describe("a value is shown", () => {
  it.each([
    ["a lease time", 51, [0, 1, 0x51, 0x80], { kind: "number", name: "IP Address Lease Time", value: 86400 }],
    ["a negative time offset", 2, [0xff, 0xff, 0xf1, 0xf0], { kind: "number", name: "Time Offset", value: -3600 }],
    ["an MTU", 26, [5, 0xdc], { kind: "number", name: "Interface MTU", value: 1500 }],
    [
      "two routers",
      3,
      [10, 8, 12, 1, 10, 8, 12, 2],
      { kind: "addresses", name: "Router", value: ["10.8.12.1", "10.8.12.2"] },
    ],
    ["a host name with a NUL", 12, [...text("guest"), 0], { kind: "text", name: "Host Name", value: "guest" }],
    ["a request list", 55, [1, 3], { kind: "numbers", name: "Parameter Request List", value: [1, 3] }],
    ["rapid commit", 80, [], { kind: "flag", name: "Rapid Commit", value: true }],
  ])("%s", (_, code, octets, expected) => {
    expect(decode(code, Uint8Array.from(octets))).toEqual(expected);
  });
});

describe("hex is the way out where the package", () => {
  it.each([
    ["throws", 54, [10, 8, 12]],
    ["throws on an odd length", 6, [10, 8, 12, 1, 10]],
    ["leaves octets unread", 51, [0, 0, 0, 9, 9]],
    ["would read nothing", 3, []],
    ["knows no such option", 224, [1, 2]],
    ["knows the option as its own setting", 1001, [1]],
    ["drops the high bit of a letter", 12, [0x67, 0xe9]],
    ["ends a text at an inner NUL", 12, [0x61, 0, 0x62]],
    ["takes a binary identifier for text", 61, [1, 0x52, 0x54, 0, 0x12, 0x65, 0x64]],
    ["takes routes for addresses", 121, [24, 10, 8, 12, 10, 8, 12, 1]],
    ["gives a flag an octet", 20, [1]],
  ])("%s", (_, code, octets) => {
    const bytes = Uint8Array.from(octets);
    expect(decode(code, bytes)).toMatchObject({ kind: "hex", value: formatHex(bytes) });
  });

  it("never throws, whatever the code and the octets", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 1100 }), fc.uint8Array({ maxLength: 300 }), (code, octets) => {
        expect(typeof decode(code, octets).kind).toBe("string");
      }),
      { numRuns: 2_000 },
    );
  });
});

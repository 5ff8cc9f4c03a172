import { describe, expect, it } from "vitest";
import { decodeEthernet } from "../../src/wire/decode.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import * as read from "../../src/wire/option-readers.js";
import { END, option, reply, text } from "./packets.js";

function optionsOf(...values: number[][]): typeof NO_OPTIONS {
  const frame = reply([...values.flat(), END]);
  return decodeEthernet(frame, frame.length).dhcp?.options ?? NO_OPTIONS;
}

describe("numbers", () => {
  it("are unsigned and in network order", () => {
    const options = optionsOf(option(51, [0xff, 0xff, 0xff, 0xff]), option(57, [0x05, 0xdc]), option(52, [3]));
    expect(read.readUint32(options, 51)).toBe(0xffffffff);
    expect(read.readUint16(options, 57)).toBe(1500);
    expect(read.readUint8(options, 52)).toBe(3);
  });

  it("are null where the option is absent", () => {
    expect(read.readUint8(NO_OPTIONS, 52)).toBeNull();
    expect(read.readUint16(NO_OPTIONS, 57)).toBeNull();
    expect(read.readUint32(NO_OPTIONS, 51)).toBeNull();
  });

  it.each([[[]], [[0, 0, 1]], [[0, 0, 0, 0, 120]]])("are null where the length is wrong: %j", (value) => {
    const options = optionsOf(option(51, value), option(57, value), option(52, value));
    expect(read.readUint32(options, 51)).toBeNull();
    expect(read.readUint16(options, 57)).toBeNull();
    expect(read.readUint8(options, 52)).toBeNull();
  });

  it("may stand in two parts", () => {
    expect(read.readUint32(optionsOf(option(51, [0, 0]), option(51, [1, 2])), 51)).toBe(0x0102);
  });
});

describe("addresses", () => {
  it("one", () => {
    expect(read.readAddress(optionsOf(option(54, [10, 8, 12, 1])), 54)).toBe(0x0a080c01);
  });

  it("several", () => {
    expect(read.readAddresses(optionsOf(option(6, [10, 8, 12, 1, 255, 255, 255, 255])), 6)).toEqual([
      0x0a080c01, 0xffffffff,
    ]);
  });

  it.each([[[]], [[10, 8, 12]], [[10, 8, 12, 1, 10]]])("null for octets that are no addresses: %j", (value) => {
    expect(read.readAddresses(optionsOf(option(6, value)), 6)).toBeNull();
  });
});

describe("text", () => {
  it.each([
    ["as it stands", text("guest-1"), "guest-1"],
    ["without NULs at its end", [...text("guest"), 0, 0], "guest"],
    ["in UTF-8", [...Buffer.from("büro")], "büro"],
    ["empty", [], ""],
    ["without what steers a terminal", [0x1b, ...text("[2J"), 0x07, 0x7f, 0xc2, 0x9b], "\ufffd[2J\ufffd\ufffd\ufffd"],
    ["with octets that are no UTF-8 replaced", [0x61, 0xff, 0x62], "a\ufffdb"],
    ["with a NUL inside replaced", [0x61, 0, 0x62], "a\ufffdb"],
  ])("%s", (_, value, expected) => {
    expect(read.readText(optionsOf(option(12, value)), 12)).toBe(expected);
  });

  it("null where the option is absent", () => {
    expect(read.readText(NO_OPTIONS, 12)).toBeNull();
  });
});

describe("the parameter request list", () => {
  it("is a list of codes", () => {
    expect(read.readCodes(optionsOf(option(55, [1, 28, 3])), 55)).toEqual([1, 28, 3]);
    expect(read.readCodes(NO_OPTIONS, 55)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { formatHex, formatIpv4, formatMac, parseHex, parseIpv4, parseMac, readMac } from "../../src/wire/addresses.js";

describe("IPv4 addresses", () => {
  it.each([
    [0, "0.0.0.0"],
    [0x0a080c01, "10.8.12.1"],
    [0xffffffff, "255.255.255.255"],
    [0x80000000, "128.0.0.0"],
  ])("%i is %s, both ways", (number, text) => {
    expect(formatIpv4(number)).toBe(text);
    expect(parseIpv4(text)).toBe(number);
  });

  it.each([
    "",
    "10.8.12",
    "10.8.12.1.2",
    "10.8.12.256",
    "10.8.12.",
    "10.8.12.-1",
    "10.8.12.1 ",
    "0x0a.8.12.1",
    "a.b.c.d",
  ])("refuses %j", (text) => {
    expect(parseIpv4(text)).toBeNull();
  });
});

describe("hardware addresses", () => {
  it.each([
    [0x525400126564, "52:54:00:12:65:64"],
    [0, "00:00:00:00:00:00"],
    [0xffffffffffff, "ff:ff:ff:ff:ff:ff"],
  ])("%i is %s, both ways", (number, text) => {
    expect(formatMac(number)).toBe(text);
    expect(parseMac(text)).toBe(number);
  });

  it("reads dashes and capitals, as Windows writes them", () => {
    expect(parseMac("52-54-00-12-65-AB")).toBe(0x5254001265ab);
  });

  it.each(["", "52:54:00:12:65", "52:54:00:12:65:64:00", "525400126564", "52:54:00:12:65:6g"])("refuses %j", (text) => {
    expect(parseMac(text)).toBeNull();
  });

  it("are read from six octets in network order", () => {
    const bytes = Uint8Array.of(0xaa, 0x52, 0x54, 0x00, 0x12, 0x65, 0x64);
    expect(readMac(new DataView(bytes.buffer), 1)).toBe(0x525400126564);
  });
});

describe("octets in hex", () => {
  it("have colons between them and two digits each", () => {
    expect(formatHex(Uint8Array.of(1, 0xab, 0))).toBe("01:ab:00");
    expect(formatHex(new Uint8Array(0))).toBe("");
  });

  it("are read with and without colons", () => {
    expect(parseHex("01:ab:00")).toEqual(Uint8Array.of(1, 0xab, 0));
    expect(parseHex("01ab00")).toEqual(Uint8Array.of(1, 0xab, 0));
    expect(parseHex("")).toEqual(new Uint8Array(0));
  });

  it.each(["1", "01:", ":01", "01::02", "0g", "01:a"])("refuses %j", (text) => {
    expect(parseHex(text)).toBeNull();
  });
});

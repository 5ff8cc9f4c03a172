import { expect, it } from "vitest";
import { linkTypeName } from "../../src/wire/link-names.js";

// https://www.tcpdump.org/linktypes.html
it.each([
  [109, "link type ENC (109)"],
  [249, "link type USBPCAP (249)"],
  [147, "link type USER0 (147)"],
  [162, "link type USER15 (162)"],
  [65_000, "link type 65000"],
])("link type %i is called by its name where it has one", (number, words) => {
  expect(linkTypeName(number)).toBe(words);
});

import type { Options } from "./options.js";

/*
 * Typed readings of option values, RFC 2132. Each gives null if the option is absent or has a length that its type
 * does not allow: an odd value is never stretched or cut to fit.
 */

/** One octet: 52 overload, 53 message type. */
export function readUint8(options: Options, code: number): number | null {
  const value = options.get(code);
  return value?.length === 1 ? (value[0] ?? null) : null;
}

/** Two octets: 57 maximum message size. */
export function readUint16(options: Options, code: number): number | null {
  const value = options.get(code);
  return value?.length === 2 ? uint16(value, 0) : null;
}

/** Four octets: 51 lease, 58 T1, 59 T2, all in seconds, 0xffffffff for infinity (RFC 2131 §3.3). */
export function readUint32(options: Options, code: number): number | null {
  const value = options.get(code);
  return value?.length === 4 ? uint32(value, 0) : null;
}

/** An IPv4 address as a number: 50 requested address, 54 server identifier, 1 subnet mask. */
export function readAddress(options: Options, code: number): number | null {
  return readUint32(options, code);
}

/** One or more IPv4 addresses: 3 routers, 6 name servers, 42 time servers. */
export function readAddresses(options: Options, code: number): number[] | null {
  const value = options.get(code);
  if (value === null || value.length === 0 || value.length % 4 !== 0) return null;
  return Array.from({ length: value.length / 4 }, (_, index) => uint32(value, 4 * index));
}

/** The octets as numbers: 55 parameter request list. */
export function readCodes(options: Options, code: number): number[] | null {
  const value = options.get(code);
  return value === null ? null : Array.from(value);
}

/**
 * Text fit for printing: 12 host name, 56 message, 60 vendor class. UTF-8, of which ASCII is a part; NULs at the end
 * are dropped (RFC 2132 §2), other control characters and what is no UTF-8 show as U+FFFD.
 */
export function readText(options: Options, code: number): string | null {
  const value = options.get(code);
  return value === null ? null : decodeText(value);
}

/** The same for octets that come from elsewhere. */
export function decodeText(value: Uint8Array): string {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end -= 1;
  const text = decoder.decode(value.subarray(0, end));
  // Control characters of ASCII and Latin-1 could steer the terminal that they are printed on.
  return /^[ -~]*$/.test(text) ? text : text.replace(/\p{Cc}/gu, "\ufffd");
}

const decoder = new TextDecoder();

function uint16(value: Uint8Array, at: number): number {
  return (value[at] ?? 0) * 0x100 + (value[at + 1] ?? 0);
}

function uint32(value: Uint8Array, at: number): number {
  return uint16(value, at) * 0x1_0000 + uint16(value, at + 2);
}

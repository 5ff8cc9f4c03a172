import type packageOptions from "dhcp/lib/options.js";
import type SeqBuffer from "dhcp/lib/seqbuffer.js";
import { formatHex } from "./addresses.js";

/** A value as it is printed. `name` is the package's name of the option, null if it knows none. */
export type OptionValue =
  | { readonly kind: "number"; readonly name: string; readonly value: number }
  | { readonly kind: "text"; readonly name: string; readonly value: string }
  | { readonly kind: "flag"; readonly name: string; readonly value: boolean }
  | { readonly kind: "address"; readonly name: string; readonly value: string }
  | { readonly kind: "addresses"; readonly name: string; readonly value: readonly string[] }
  | { readonly kind: "numbers"; readonly name: string; readonly value: readonly number[] }
  | { readonly kind: "hex"; readonly name: string | null; readonly value: string };

/**
 * What an option says, given its number and its joined value. Never throws.
 */
export type OptionDecoder = (code: number, bytes: Uint8Array) => OptionValue;

/**
 * A decoder by the table of the npm package dhcp, which is loaded here, so that start-up does not pay for it. The package
 * is given only a value that has been cut out of the message already, and is believed only if it reads that value to its
 * last octet; else the octets are shown in hex.
 */
export async function loadOptionDecoder(): Promise<OptionDecoder> {
  const [table, reader] = await Promise.all([import("dhcp/lib/options.js"), import("dhcp/lib/seqbuffer.js")]);
  return (code, bytes) => decodeWith(table.default, reader.default, code, bytes);
}

function decodeWith(
  table: typeof packageOptions,
  Reader: typeof SeqBuffer,
  code: number,
  bytes: Uint8Array,
): OptionValue {
  const description = table.opts[String(code)];
  const hex: OptionValue = { kind: "hex", name: description?.name ?? null, value: formatHex(bytes) };
  if (description === undefined || MISREAD.has(code)) return hex;
  if (bytes.length === 0 && description.type !== "Bool") return hex;
  const reader = new Reader(null, bytes.length);
  reader._data.set(bytes);
  try {
    const value = read(reader, description.name, description.type, bytes);
    return value !== null && reader._r === bytes.length ? value : hex;
  } catch {
    return hex;
  }
}

/** Options that the package's table gives a wrong type: 68 addresses as text, 121 routes (RFC 3442) as addresses. */
const MISREAD: ReadonlySet<number> = new Set([68, 121]);

function read(reader: SeqBuffer, name: string, type: string | undefined, bytes: Uint8Array): OptionValue | null {
  switch (type) {
    case "UInt8":
      return { kind: "number", name, value: reader.getUInt8() };
    case "UInt16":
      return { kind: "number", name, value: reader.getUInt16() };
    case "UInt32":
      return { kind: "number", name, value: reader.getUInt32() };
    case "Int32":
      return { kind: "number", name, value: reader.getInt32() };
    case "Bool":
      return { kind: "flag", name, value: reader.getBool() };
    case "IP":
      return { kind: "address", name, value: reader.getIP() };
    case "IPs":
      return { kind: "addresses", name, value: reader.getIPs(bytes.length) };
    case "UInt8s":
      return { kind: "numbers", name, value: reader.getUInt8s(bytes.length) };
    case "UInt16s":
      return { kind: "numbers", name, value: reader.getUInt16s(bytes.length) };
    case "ASCII":
      return isPlainText(bytes) ? { kind: "text", name, value: reader.getASCII(bytes.length) } : null;
    default:
      return null;
  }
}

/** Printable ASCII, and NULs at the end: of anything else the package would drop bits or whole characters. */
function isPlainText(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end).every((octet) => octet >= 0x20 && octet < 0x7f);
}

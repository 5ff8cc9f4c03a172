/** Addresses as numbers (unsigned, network order) and as text. */

/** 10.8.12.1 for 0x0a080c01. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

/** The number for a dotted quad; null if the text is anything else. */
export function parseIpv4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let address = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part)) return null;
    const octet = Number(part);
    if (octet > 255) return null;
    address = address * 256 + octet;
  }
  return address;
}

/** 52:54:00:12:65:64 for 0x525400126564. */
export function formatMac(address: number): string {
  const [high, low] = [Math.floor(address / 0x1_0000_0000), address >>> 0];
  return formatHex([high >>> 8, high & 0xff, low >>> 24, (low >>> 16) & 0xff, (low >>> 8) & 0xff, low & 0xff]);
}

/** The number for six hexadecimal octets with colons or dashes between them; null if the text is anything else. */
export function parseMac(text: string): number | null {
  if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)) return null;
  return Number.parseInt(text.replace(/[:-]/g, ""), 16);
}

/** Six octets at `offset` as one number; the caller has made sure that they are there. */
export function readMac(view: DataView, offset: number): number {
  return view.getUint16(offset) * 0x1_0000_0000 + view.getUint32(offset + 2);
}

/** Lower-case octets with colons between them: client identifiers, chaddr of any length, unknown options. */
export function formatHex(bytes: ArrayLike<number>): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 1) text += `${at === 0 ? "" : ":"}${OCTETS[bytes[at] ?? 0] ?? ""}`;
  return text;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** The octets of text as formatHex writes it, also without the colons; null if the text is anything else. */
export function parseHex(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2}(:?[0-9a-f]{2})*)?$/i.test(text)) return null;
  const digits = text.replace(/:/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

/** The 48-bit number of six bytes in network order. */
export function macOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** The same 32 bits with their octets in reverse order, as a signed number. */
export function reversed(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

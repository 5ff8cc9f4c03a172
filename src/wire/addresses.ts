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
  const digits = address.toString(16).padStart(12, "0");
  return digits.replace(/(..)(?!$)/g, "$1:");
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
export function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

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

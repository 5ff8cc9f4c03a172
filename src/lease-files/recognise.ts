import { isUdhcpd, readDhcpcdLease, readUdhcpdLeases } from "./binaries.js";
import { readDhclientLeases } from "./dhclient.js";
import { readDhcpdLeases } from "./dhcpd.js";
import type { KnownLease, LeaseFile } from "./known-lease.js";
import { readDnsmasqLeases, readKeaLeases, readNetworkdLease } from "./tables.js";

const BOOTREPLY = 2;
const MAGIC_COOKIE = 0x63825363;
const COOKIE = 236;
/** Enough to know a text file by. */
const HEAD = 64 * 1024;

/**
 * The leases in a file, whose form is told by its content.
 *
 * @param written seconds since 1970 at which it was last written
 * @returns null if it has no form that is known; an empty file of dnsmasq or dhcpcd cannot be told from any other
 */
export function leasesOf(bytes: Uint8Array, written: number): Pick<LeaseFile, "form" | "leases"> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === BOOTREPLY && bytes.length >= COOKIE + 4 && view.getUint32(COOKIE) === MAGIC_COOKIE) {
    return { form: "dhcpcd", leases: readDhcpcdLease(bytes, written) };
  }
  if (isUdhcpd(bytes)) return { form: "udhcpd", leases: readUdhcpdLeases(bytes) };
  const text = new TextDecoder().decode(bytes);
  const head = text.slice(0, HEAD);
  for (const [form, sign, read] of FORMS) {
    if (sign.test(head)) return { form, leases: read(text, written) };
  }
  return null;
}

type Form = readonly [
  form: LeaseFile["form"],
  sign: RegExp,
  read: (text: string, written: number) => readonly KnownLease[],
];

const FORMS: readonly Form[] = [
  ["dhclient", /^[ \t]*lease[ \t]*\{/m, readDhclientLeases],
  ["dhcpd", /^[ \t]*lease[ \t]+\d+\.\d+\.\d+\.\d+[ \t]*\{|^authoring-byte-order\b/m, readDhcpdLeases],
  ["kea", /^address,hwaddr,client_id,valid_lifetime,expire,/, readKeaLeases],
  ["networkd", /^ADDRESS=\d/m, readNetworkdLease],
  ["dnsmasq", /^\d+ (?:[0-9a-f]{2}-)?[0-9a-f]{2}(?::[0-9a-f]{2})+ \d+\.\d+\.\d+\.\d+ \S+/im, readDnsmasqLeases],
];

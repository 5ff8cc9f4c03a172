import { formatHex, formatMac, readMac } from "../wire/addresses.js";
import { decodeDhcp, MessageType } from "../wire/dhcp.js";
import { leaseTimeOf, type KnownLease } from "./known-lease.js";

const LEASE_TIME = 51;
const SERVER_IDENTIFIER = 54;
const RENEWAL_TIME = 58;
const REBINDING_TIME = 59;
const BOOTREPLY = 2;

/**
 * dhcpcd's lease: the ACK as it came, without UDP header. Its age is that of the file.
 *
 * @param written seconds since 1970
 */
export function readDhcpcdLease(bytes: Uint8Array, written: number): KnownLease[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { dhcp } = decodeDhcp(bytes, view, 0, bytes.length, false);
  if (dhcp?.op !== BOOTREPLY || dhcp.type !== MessageType.ACK) return [];
  const number = (code: number): number | null => {
    const value = dhcp.options.get(code);
    return value?.length === 4 ? new DataView(value.buffer, value.byteOffset, 4).getUint32(0) : null;
  };
  const seconds = number(LEASE_TIME);
  if (seconds === null) return [];
  const leaseTime = leaseTimeOf(seconds);
  return [
    {
      source: "client",
      line: null,
      hardware: dhcp.chaddr.length === 6 ? formatHex(dhcp.chaddr) : null,
      address: dhcp.yiaddr,
      server: number(SERVER_IDENTIFIER),
      start: written,
      leaseTime,
      expires: written + leaseTime,
      t1: number(RENEWAL_TIME),
      t2: number(REBINDING_TIME),
    },
  ];
}

const UDHCPD_HEADER = 8;
const UDHCPD_RECORD = 36;

/**
 * busybox udhcpd.leases (networking/udhcp/files.c, struct dyn_lease), big-endian: when it was written, in 64 bits; then
 * records of seconds left, address, MAC, name in 20 bytes, 2 of padding. The length of the leases is not in it.
 */
export function readUdhcpdLeases(bytes: Uint8Array): KnownLease[] {
  if (!isUdhcpd(bytes)) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const written = Number(view.getBigUint64(0));
  const leases: KnownLease[] = [];
  for (let at = UDHCPD_HEADER; at + UDHCPD_RECORD <= bytes.length; at += UDHCPD_RECORD) {
    const left = view.getUint32(at);
    // Given back or run out: since when is not told.
    if (left === 0) continue;
    leases.push({
      source: "server",
      line: null,
      hardware: formatMac(readMac(view, at + 8)),
      address: view.getUint32(at + 4),
      server: null,
      start: null,
      leaseTime: null,
      expires: written + left,
      t1: null,
      t2: null,
    });
  }
  return leases;
}

/** The file has no magic number, but begins with a time of this century in 64 bits. A last record may be cut. */
export function isUdhcpd(bytes: Uint8Array): boolean {
  if (bytes.length < UDHCPD_HEADER) return false;
  const written = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(0);
  return written > 946_684_800n && written < 4_102_444_800n;
}

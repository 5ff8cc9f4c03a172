/** A lease as a file of a client or server has it. Times are seconds since 1970 UTC by the clock of whoever wrote it. */
export interface KnownLease {
  /** Whose file it is: a client's own lease counts more than what a server believes. */
  readonly source: "client" | "server";
  /** Of the file, from 1, where the lease begins; null: it has no lines. */
  readonly line: number | null;
  /** Hardware address with colons; null where the file names none (a client's file is about its own interface). */
  readonly hardware: string | null;
  readonly address: number;
  readonly server: number | null;
  /** When it was granted; null where the file does not tell. */
  readonly start: number | null;
  /** Seconds; Infinity: without end; null: the file has only its end. */
  readonly leaseTime: number | null;
  /** Seconds since 1970; Infinity: never. */
  readonly expires: number;
  /** Seconds from the start; null: the defaults of RFC 2131 section 4.4.5. */
  readonly t1: number | null;
  readonly t2: number | null;
}

/** What a lease file came to. */
export interface LeaseFile {
  readonly path: string;
  /** The program whose form it has. */
  readonly form: "dhclient" | "dhcpd" | "dnsmasq" | "kea" | "networkd" | "dhcpcd" | "udhcpd";
  readonly leases: readonly KnownLease[];
}

export const INFINITE = 0xffff_ffff;

/** A lease time as DHCP has it: all ones never end (RFC 2131 section 3.3). */
export function leaseTimeOf(seconds: number): number {
  return seconds >= INFINITE ? Infinity : seconds;
}

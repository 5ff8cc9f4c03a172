import { parseIpv4 } from "../wire/addresses.js";
import { leaseTimeOf, type KnownLease } from "./known-lease.js";

/**
 * dnsmasq.leases: "EXPIRY MAC ADDRESS NAME CLIENTID", one line for each lease, only the last grant. EXPIRY is seconds since
 * 1970, 0 for no end. The length of the lease is not in it, so that only its end is known.
 */
export function readDnsmasqLeases(text: string): KnownLease[] {
  return linesOf(text).flatMap((line, index) => {
    const [expiry = "", mac = "", ip = ""] = line.split(" ");
    const address = parseIpv4(ip);
    // "06-" and the like before the address name a kind of hardware other than Ethernet.
    if (!/^\d+$/.test(expiry) || address === null || !/^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i.test(mac)) return [];
    const endless = Number(expiry) === 0;
    return [
      {
        source: "server",
        line: index + 1,
        hardware: mac.toLowerCase(),
        address,
        server: null,
        start: null,
        leaseTime: endless ? Infinity : null,
        expires: endless ? Infinity : Number(expiry),
        t1: null,
        t2: null,
      },
    ];
  });
}

/** Kea's memfile of DHCPv4: CSV, append-only, with a heading; the expiry is that of the grant plus the valid lifetime. */
export function readKeaLeases(text: string): KnownLease[] {
  const [heading = "", ...rows] = linesOf(text);
  const columns = heading.split(",");
  return rows.flatMap((row, index) => {
    const cells = row.split(",");
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
    const address = parseIpv4(cell("address"));
    const lifetime = cell("valid_lifetime");
    const expire = cell("expire");
    const hardware = cell("hwaddr").toLowerCase();
    // States 1 and 2 are declined and reclaimed; a lifetime of 0 says that the row before it was deleted.
    const active = cell("state") === "0" && Number(lifetime) > 0;
    if (address === null || !active || hardware === "" || !/^\d+$/.test(expire) || !/^\d+$/.test(lifetime)) return [];
    const leaseTime = leaseTimeOf(Number(lifetime));
    const start = leaseTime === Infinity ? null : Number(expire) - leaseTime;
    const expires = start === null ? Infinity : Number(expire);
    return [
      {
        source: "server",
        line: index + 2,
        hardware,
        address,
        server: null,
        start,
        leaseTime,
        expires,
        t1: null,
        t2: null,
      },
    ];
  });
}

/**
 * systemd-networkd's /run/systemd/netif/leases/N: durations, counted from when the file was written.
 *
 * @param written seconds since 1970
 */
export function readNetworkdLease(text: string, written: number): KnownLease[] {
  const values = new Map(
    linesOf(text).map((line): [string, string] => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const address = parseIpv4(values.get("ADDRESS") ?? "");
  const lifetime = seconds(values.get("LIFETIME"));
  if (address === null || lifetime === null) return [];
  const leaseTime = leaseTimeOf(lifetime);
  return [
    {
      source: "client",
      line: 1,
      hardware: null,
      address,
      server: parseIpv4(values.get("SERVER_ADDRESS") ?? ""),
      start: written,
      leaseTime,
      expires: written + leaseTime,
      t1: seconds(values.get("T1")),
      t2: seconds(values.get("T2")),
    },
  ];
}

/** Months and years as systemd counts them (src/basic/time-util.h): a twelfth of 365.25 days, and that. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["min", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 604_800],
  ["month", 2_629_800],
  ["y", 31_557_600],
]);

/** "3600", or from systemd 255 on with units: "1h", "1month 13h 30min", "infinity". */
function seconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d+$/.test(text)) return Number(text);
  if (text === "infinity") return Infinity;
  let sum = 0;
  for (const part of text.split(" ")) {
    const [, number, name = ""] = /^(\d+)([a-z]+)$/.exec(part) ?? [];
    const unit = UNITS.get(name);
    if (number === undefined || unit === undefined) return null;
    sum += Number(number) * unit;
  }
  return sum;
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.replace(/\r$/, ""));
}

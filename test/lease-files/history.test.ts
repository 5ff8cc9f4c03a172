import { describe, expect, it } from "vitest";
import { FiledLeases } from "../../src/lease-files/history.js";
import type { KnownLease } from "../../src/lease-files/known-lease.js";

const CLIENT = "52:54:00:00:00:01";
const ADDRESS = 0x0a00_0001;

function lease(part: Partial<KnownLease>): KnownLease {
  const base = { source: "server", hardware: CLIENT, address: ADDRESS, server: null, t1: null, t2: null } as const;
  return { line: null, ...base, start: 1000, leaseTime: 100, expires: 1100, ...part };
}

function granted(leases: KnownLease[], time: number, client = CLIENT): number | null {
  const history = new FiledLeases([{ path: "x", form: "dhcpd", leases }]);
  return history.grantBefore(client, ADDRESS, time)?.granted.seconds ?? null;
}

describe("what lease files know of the time before a capture", () => {
  it("is the latest grant before the request that has not run out by then", () => {
    const leases = [lease({}), lease({ start: 1050, expires: 1150 })];
    expect(granted(leases, 1040)).toBe(1000);
    expect(granted(leases, 1080)).toBe(1050);
    expect(granted(leases, 1200)).toBeNull();
  });

  it("is not the grant of the request itself, which a server's file has as well", () => {
    expect(granted([lease({}), lease({ start: 1050, expires: 1150 })], 1050.4)).toBe(1000);
  });

  it("is the client's own before that of a server, which may count on a grant that never arrived", () => {
    const own = lease({ source: "client", hardware: null });
    expect(granted([own, lease({ start: 1050, expires: 1150 })], 1080)).toBe(1000);
  });

  it("is not another client's, and nothing without a start or without an end", () => {
    expect(granted([lease({})], 1040, "52:54:00:00:00:02")).toBeNull();
    expect(granted([lease({ start: null, leaseTime: null })], 1040)).toBeNull();
    expect(granted([lease({ leaseTime: Infinity, expires: Infinity })], 1040)).toBeNull();
  });
});

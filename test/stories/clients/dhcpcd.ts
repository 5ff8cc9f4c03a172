import type { ClientProfile, Move } from "./profile.js";
import { doubling, duidId, rfcTimers } from "./profile.js";

/**
 * dhcpcd 9 and 10 on Linux (src/dhcp.c).
 *
 * A new xid for each transaction, kept from renewing into rebinding; 4, 8, 16, 32, 64, 64 … s each ±1 s, beginning anew at
 * T2. It probes a new address by ARP and counts its timers only from then on. While bound and renewing it listens on a
 * UDP socket bound to its address, which hears no broadcast; from T2 on it reads raw.
 */
export const dhcpcd: ClientProfile = {
  name: "dhcpcd",
  vendorClass: "dhcpcd-10.0.6:Linux-6.8.0:x86_64:GenuineIntel",
  parameters: [1, 121, 33, 3, 6, 12, 15, 26, 28, 42, 51, 54, 58, 59, 119],
  maximumSize: 1472,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 300,
  clientId: (mac) => duidId(mac, [0, 1, 0, 1, 0x2c, 0x5b, 0x11, 0x6f]),
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: false, bound: true, renewing: true, rebinding: true },
  boundToAddress: true,
  rebindsFromZero: false,
  offloads: true,
  xid: "transaction",
  secs: (sinceTransaction) => Math.floor(sinceTransaction),
  countsFrom: "bind",
  timers: (duration, t1, t2) => rfcTimers(Math.max(duration, 20), t1, t2),
  probe: (random) => random.between(4.2, 6.5),
  announces: true,
  plan(lease, past, random): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const rebinding = past.broadcasts > 0;
    const at = past.now + doubling(rebinding ? past.broadcasts : past.unicasts, 4, 64, 1, random);
    if (!rebinding && at >= lease.t2) return { at: lease.t2, act: "broadcast", fresh: false };
    if (at >= lease.expiry) return { at: lease.expiry, act: "expire", fresh: false };
    return { at, act: rebinding ? "broadcast" : "unicast", fresh: false };
  },
  discoverWait: (sent, random) => doubling(sent, 4, 64, 1, random),
  discoversPerXid: 1000,
  requestTries: 4,
  requestWait: (sent, random) => doubling(sent, 4, 64, 1, random),
  afterNak: (random) => random.between(1, 2),
  reboots: "INIT-REBOOT",
  releases: false,
  needsLeaseTime: false,
  checksNakServer: false,
};

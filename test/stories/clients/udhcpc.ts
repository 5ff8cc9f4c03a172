import type { ClientProfile, Move } from "./profile.js";
import { hardwareId } from "./profile.js";

/**
 * busybox udhcpc since 1.34 (networking/udhcp/dhcpc.c).
 *
 * T1 and T2 mean nothing to it: it asks once at half of what remains, waits 3 s, and again halves; with 30 s or less left
 * it broadcasts up to three times 3 s apart and gives the address up, though the lease may last a little longer. The xid is
 * drawn in INIT only. secs is 0 in every unicast renewal; the broadcasts count from the last unicast. Leases below 30 s
 * are treated as 30 s. No socket is open while it is bound.
 */
export const udhcpc: ClientProfile = {
  name: "udhcpc",
  vendorClass: "udhcp 1.36.1",
  parameters: [1, 3, 6, 12, 15, 28, 42],
  maximumSize: 576,
  sendsHostname: false,
  broadcastFlag: false,
  padsTo: 300,
  clientId: hardwareId,
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: false, bound: false, renewing: true, rebinding: false },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: true,
  xid: "acquisition",
  secs: (sinceTransaction) => Math.floor(sinceTransaction + 0.01),
  countsFrom: "ack",
  timers: (duration) => {
    const held = Math.max(duration, 30);
    return { t1: held / 2, t2: held, expiry: held };
  },
  probe: () => null,
  announces: false,
  plan(lease, past): Move {
    const left = lease.expiry - past.now;
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const patience = past.now + 3;
    if (past.broadcasts === 0) {
      if (left - 3 <= 30) return { at: patience, act: "broadcast", fresh: false };
      return { at: patience + Math.floor((left - 3) / 2), act: "unicast", fresh: true };
    }
    if (past.broadcasts >= 3 || left <= 3) return { at: patience, act: "expire", fresh: false };
    return { at: patience, act: "broadcast", fresh: false };
  },
  discoverWait: (sent) => (sent % 3 === 0 ? 23 : 3),
  discoversPerXid: 3,
  requestTries: 3,
  requestWait: (sent) => (sent >= 3 ? 20 : 3),
  afterNak: () => 3,
  reboots: "INIT",
  releases: false,
  needsLeaseTime: false,
  checksNakServer: true,
};

import type { ClientProfile, Move } from "./profile.js";
import { doubling, hardwareId } from "./profile.js";

/**
 * NetworkManager's own client, n-dhcp4 (src/n-dhcp4-c-connection.c, -c-probe.c).
 *
 * Once bound it stays with a connected UDP socket, for rebinding too, so both kinds of renewal carry the kernel's sum. Every
 * 60 s (+0–1 s); a new xid at T1 and at T2. secs is converted as 32 bits before it is stored in 16, so it is 0 on the
 * wire. T1 is 4/7 of T2 unless the server says otherwise. Counts from the request, as the RFC wants it.
 */
export const nettools: ClientProfile = {
  name: "NetworkManager",
  vendorClass: null,
  parameters: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17],
  maximumSize: 576,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 0,
  clientId: hardwareId,
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "kernel", rebinding: "kernel" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "kernel" },
  portOpen: { acquiring: false, bound: true, renewing: true, rebinding: true },
  boundToAddress: true,
  rebindsFromZero: false,
  offloads: true,
  xid: "phase",
  secs: () => 0,
  countsFrom: "request",
  timers(duration, t1, t2) {
    const rebind = t2 !== null && t2 < duration ? t2 : duration * 0.875;
    return { t1: t1 !== null && t1 < rebind ? t1 : (rebind * 4) / 7, t2: rebind, expiry: duration };
  },
  probe: () => null,
  announces: true,
  plan(lease, past, random): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const rebinding = past.broadcasts > 0;
    const at = past.now + 60 + random.unit();
    if (!rebinding && at >= lease.t2) return { at: lease.t2, act: "broadcast", fresh: false };
    if (at >= lease.expiry) return { at: lease.expiry, act: "expire", fresh: false };
    return { at, act: rebinding ? "broadcast" : "unicast", fresh: false };
  },
  discoverWait: (sent, random) => doubling(sent, 2, 64, 0.5, random),
  discoversPerXid: 1000,
  requestTries: 4,
  requestWait: (sent, random) => doubling(sent, 2, 64, 0.5, random),
  afterNak: (random) => random.between(1, 3),
  reboots: "INIT-REBOOT",
  releases: false,
  needsLeaseTime: true,
  checksNakServer: false,
};

import type { ClientProfile, Move } from "./profile.js";
import { doubling, duidId, rfcTimers } from "./profile.js";

/**
 * systemd-networkd (src/libsystemd-network/sd-dhcp-client.c, dhcp-client-send.c).
 *
 * The xid and the origin of secs are set when the client starts and again after expiry or NAK, never for a renewal: months
 * later secs still counts from the first DISCOVER (and is never 0). Half of what remains to T2, then to expiry, 60 s at the
 * least; ±1 s on T1 and T2 alone. Rebinding messages are built raw and leave from 0.0.0.0.
 */
export const networkd: ClientProfile = {
  name: "networkd",
  vendorClass: null,
  parameters: [1, 3, 6, 12, 15, 26, 33, 42, 119, 120, 121],
  maximumSize: 1472,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 0,
  clientId: (mac) => duidId(mac, [0, 2, 0, 0, 0xab, 0x11]),
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: false, bound: false, renewing: true, rebinding: false },
  boundToAddress: true,
  rebindsFromZero: true,
  offloads: true,
  xid: "acquisition",
  secs: (_sinceTransaction, sinceAcquisition) => Math.min(Math.max(Math.floor(sinceAcquisition), 1), 0xffff),
  countsFrom: "ack",
  timers(duration, t1, t2, random) {
    const exact = rfcTimers(duration, t1, t2);
    const renew = exact.t1 + random.between(-1, 1);
    return { t1: renew, t2: Math.max(renew, exact.t2 + random.between(-1, 1)), expiry: exact.expiry };
  },
  probe: () => null,
  announces: true,
  plan(lease, past): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const rebinding = past.broadcasts > 0;
    const at = past.now + Math.max(((rebinding ? lease.expiry : lease.t2) - past.now) / 2, 60);
    if (!rebinding && at >= lease.t2) return { at: lease.t2, act: "broadcast", fresh: false };
    if (at >= lease.expiry) return { at: lease.expiry, act: "expire", fresh: false };
    return { at, act: rebinding ? "broadcast" : "unicast", fresh: false };
  },
  discoverWait: (sent, random) => doubling(sent, 4, 64, 1, random),
  discoversPerXid: 1000,
  requestTries: 5,
  requestWait: (sent, random) => doubling(sent, 4, 64, 1, random),
  afterNak: () => 1,
  reboots: "INIT",
  releases: true,
  needsLeaseTime: true,
  checksNakServer: true,
};

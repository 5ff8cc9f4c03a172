import type { ClientProfile, Move } from "./profile.js";
import { hardwareId, rfcTimers } from "./profile.js";

/**
 * Android's DhcpClient (packages/modules/NetworkStack). Reads a packet socket and does not verify sums. A new
 * transaction at T1 and at T2; waits double from one second up to 512 s, ±10 %.
 */
export const android: ClientProfile = {
  name: "Android",
  vendorClass: "android-dhcp-14",
  parameters: [1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114],
  maximumSize: 1500,
  sendsHostname: false,
  broadcastFlag: false,
  padsTo: 0,
  clientId: hardwareId,
  verifies: false,
  honoursMark: false,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "raw", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: true, bound: true, renewing: true, rebinding: true },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: true,
  xid: "phase",
  secs: (sinceTransaction) => Math.floor(sinceTransaction),
  countsFrom: "ack",
  timers: rfcTimers,
  probe: () => null,
  announces: true,
  plan(lease, past, random): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const rebinding = past.broadcasts > 0;
    const wait = Math.min(2 ** ((rebinding ? past.broadcasts : past.unicasts) - 1), 512) * random.between(0.9, 1.1);
    const at = past.now + wait;
    if (!rebinding && at >= lease.t2) return { at: lease.t2, act: "broadcast", fresh: true };
    if (at >= lease.expiry) return { at: lease.expiry, act: "expire", fresh: false };
    return { at, act: rebinding ? "broadcast" : "unicast", fresh: false };
  },
  discoverWait: (sent, random) => Math.min(2 ** (sent - 1), 128) * random.between(0.9, 1.1),
  discoversPerXid: 1000,
  requestTries: 5,
  requestWait: (sent, random) => Math.min(2 ** (sent - 1), 16) * random.between(0.9, 1.1),
  afterNak: () => 0.1,
  reboots: "INIT-REBOOT",
  releases: false,
  needsLeaseTime: false,
  checksNakServer: false,
};

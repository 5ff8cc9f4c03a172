import type { ClientProfile, Move } from "./profile.js";
import { hardwareId, rfcTimers } from "./profile.js";

/**
 * OpenBSD dhcpleased (sbin/dhcpleased/engine.c).
 *
 * Every message has an xid of its own, retransmissions too. Renewing: (T2 − T1) / 2, then halved each time, 60 s at the
 * least; the timers look at the clock only when they fire, so T2 and expiry are noticed late. The first rebinding wait is
 * half of (lease − T1), which is longer than what is left: one broadcast, and the address is kept past its expiry. It reads
 * and writes through BPF, always with full sums, and knows nothing of unfinished ones.
 */
export const dhcpleased: ClientProfile = {
  name: "dhcpleased",
  vendorClass: null,
  parameters: [1, 121, 3, 15, 6],
  maximumSize: null,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 300,
  clientId: hardwareId,
  verifies: true,
  honoursMark: false,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "raw", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: true, bound: true, renewing: true, rebinding: true },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: false,
  xid: "message",
  secs: () => 0,
  countsFrom: "ack",
  timers: rfcTimers,
  probe: () => null,
  announces: true,
  plan(lease, past): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    if (past.broadcasts === 0) {
      past.interval = Math.max(Math.floor(past.unicasts === 1 ? (lease.t2 - lease.t1) / 2 : past.interval / 2), 60);
      const at = past.now + past.interval;
      return { at, act: at > lease.t2 ? "broadcast" : "unicast", fresh: false };
    }
    past.interval = Math.floor(past.broadcasts === 1 ? (lease.expiry - lease.t1) / 2 : past.interval / 2);
    const at = past.now + Math.max(past.interval, 1);
    return { at, act: at > lease.expiry ? "expire" : "broadcast", fresh: false };
  },
  discoverWait: (sent) => Math.min(2 ** (sent - 1), 64),
  discoversPerXid: 1,
  requestTries: 2,
  requestWait: (sent) => 2 ** (sent - 1),
  afterNak: () => 0.01,
  reboots: "INIT-REBOOT",
  releases: false,
  needsLeaseTime: true,
  checksNakServer: false,
};

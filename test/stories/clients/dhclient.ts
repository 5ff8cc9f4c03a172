import type { ClientProfile, Move } from "./profile.js";
import { rfcTimers } from "./profile.js";

/**
 * ISC dhclient 4.x on Linux (client/dhclient.c).
 *
 * One xid from DISCOVER through all renewals; secs from the first message of each exchange, 0 at T1. T1 is drawn
 * between 0.75 and 1 of what was granted. Back-off grows by a random part of twice itself and falls to 7.5–22.5 s once it
 * passes 15 s. Whole seconds, the part below them random. Renewals leave through the fallback (kernel) socket as long as
 * they are unicast; it reads everything raw.
 */
export const dhclient: ClientProfile = {
  name: "dhclient",
  vendorClass: null,
  parameters: [1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42],
  maximumSize: null,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 300,
  clientId: () => null,
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "raw", renewing: "raw", rebinding: "raw" },
  sends: { acquiring: "raw", renewing: "kernel", rebinding: "raw" },
  portOpen: { acquiring: true, bound: true, renewing: true, rebinding: true },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: true,
  xid: "acquisition",
  secs: (sinceTransaction) => Math.floor(sinceTransaction),
  countsFrom: "ack",
  timers(duration, t1, t2, random) {
    const exact = rfcTimers(duration, t1, t2);
    const renew = Math.floor((exact.t1 * 3 + 3) / 4) + random.below(Math.floor((exact.t1 + 3) / 4));
    return { t1: renew + random.unit(), t2: exact.t2, expiry: exact.expiry };
  },
  probe: () => null,
  announces: false,
  plan(lease, past, random): Move {
    if (past.sent === 0) return { at: lease.t1, act: lease.t1 > lease.t2 ? "broadcast" : "unicast", fresh: true };
    if (past.interval === 0) past.interval = random.chance(0.5) ? 3 : 10; // initial-interval: distributions differ
    past.interval += random.below(2 * past.interval);
    if (past.interval > 15) past.interval = 7 + random.below(15);
    if (past.now + past.interval > lease.expiry) {
      return { at: lease.expiry + 1 + random.unit(), act: "expire", fresh: false };
    }
    const at = past.now + past.interval + random.unit();
    return { at, act: at > lease.t2 ? "broadcast" : "unicast", fresh: false };
  },
  discoverWait(sent, random) {
    const grown = Math.min(3 * 2 ** (sent - 1), 15);
    return (sent % 8 === 0 ? 60 : random.between(grown * 0.8, grown * 1.5)) + random.unit();
  },
  discoversPerXid: 8,
  requestTries: 3,
  requestWait: (sent, random) => 3 + random.below(4) * sent + random.unit(),
  afterNak: () => 0.05,
  reboots: "INIT-REBOOT",
  releases: true,
  needsLeaseTime: false,
  checksNakServer: false,
};

/** The same program before 4.2.8 / 4.3.2, or on BPF: the kernel's mark is unknown to it. */
export const oldDhclient: ClientProfile = { ...dhclient, name: "dhclient-old", honoursMark: false, releases: false };

import type { ClientProfile, Move } from "./profile.js";
import { doubling, hardwareId } from "./profile.js";
import { rfcTimers } from "./profile.js";

/**
 * The Windows client, from its published behaviour rather than from source: groups of up to four requests (4, 8, 16 s
 * apart), then half of what remains to T2 or expiry. secs is stored in the machine's byte order, so one second reads as
 * 256. The operating system's stack checks sums; the driver says whether they are done.
 */
export const windows: ClientProfile = {
  name: "Windows",
  vendorClass: "MSFT 5.0",
  parameters: [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
  maximumSize: null,
  sendsHostname: true,
  broadcastFlag: false,
  padsTo: 300,
  clientId: hardwareId,
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "kernel", renewing: "kernel", rebinding: "kernel" },
  sends: { acquiring: "kernel", renewing: "kernel", rebinding: "kernel" },
  portOpen: { acquiring: true, bound: true, renewing: true, rebinding: true },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: true,
  xid: "transaction",
  secs: (sinceTransaction) => (Math.floor(sinceTransaction) & 0xff) * 256,
  countsFrom: "request",
  timers: rfcTimers,
  probe: () => null,
  announces: true,
  plan(lease, past, random): Move {
    if (past.sent === 0) return { at: lease.t1, act: "unicast", fresh: true };
    const rebinding = past.broadcasts > 0;
    const limit = rebinding ? lease.expiry : lease.t2;
    const within = (rebinding ? past.broadcasts : past.unicasts) % 4; // place in the group of four
    const at = past.now + (within === 0 ? Math.max((limit - past.now) / 2, 60) : doubling(within, 4, 16, 1, random));
    if (!rebinding && at >= lease.t2) return { at: lease.t2, act: "broadcast", fresh: true };
    if (at >= lease.expiry) return { at: lease.expiry, act: "expire", fresh: false };
    return { at, act: rebinding ? "broadcast" : "unicast", fresh: within === 0 };
  },
  discoverWait: (sent, random) => (sent % 4 === 0 ? 300 : doubling(sent % 4, 4, 32, 1, random)),
  discoversPerXid: 4,
  requestTries: 4,
  requestWait: (sent, random) => doubling(sent, 4, 16, 1, random),
  afterNak: (random) => random.between(0.5, 1.5),
  reboots: "INIT-REBOOT",
  releases: false,
  needsLeaseTime: true,
  checksNakServer: false,
};

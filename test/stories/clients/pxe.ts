import type { ClientProfile } from "./profile.js";
import { doubling, rfcTimers } from "./profile.js";

/** A boot ROM: acquires by broadcast replies with an identifier made from the machine's UUID, and never renews. */
export const pxe: ClientProfile = {
  name: "PXE",
  vendorClass: "PXEClient:Arch:00007:UNDI:003016",
  parameters: [
    1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 128, 129,
  ],
  maximumSize: 1472,
  sendsHostname: false,
  broadcastFlag: true,
  padsTo: 548,
  clientId: (mac) =>
    Uint8Array.from([
      0,
      ...Array.from({ length: 10 }, (_, place) => place * 11 + 7),
      ...mac.split(":").map((part) => Number.parseInt(part, 16)),
    ]),
  verifies: true,
  honoursMark: true,
  acceptsPseudo: false,
  receives: { acquiring: "kernel", renewing: "kernel", rebinding: "kernel" },
  sends: { acquiring: "raw", renewing: "raw", rebinding: "raw" },
  portOpen: { acquiring: true, bound: true, renewing: true, rebinding: true },
  boundToAddress: false,
  rebindsFromZero: false,
  offloads: false,
  xid: "acquisition",
  secs: (sinceTransaction) => Math.floor(sinceTransaction),
  countsFrom: "request",
  timers: rfcTimers,
  probe: () => null,
  announces: false,
  plan: (lease) => ({ at: lease.expiry, act: "expire", fresh: true }),
  discoverWait: (sent, random) => doubling(sent, 4, 32, 1, random),
  discoversPerXid: 1000,
  requestTries: 4,
  requestWait: (sent, random) => doubling(sent, 4, 32, 1, random),
  afterNak: () => 1,
  reboots: "INIT",
  releases: false,
  needsLeaseTime: false,
  checksNakServer: false,
};

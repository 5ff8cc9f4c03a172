import type { ClientProfile } from "./profile.js";
import { dhclient } from "./dhclient.js";
import { hardwareId, rfcTimers } from "./profile.js";

/**
 * FreeBSD's dhclient (sbin/dhclient/dhclient.c), a descendant of ISC's version 2: the same back-off from 10 s, T1 taken
 * as granted, one xid for all. Unicast leaves through a UDP socket. Its BPF reader verifies and knows no mark; since
 * September 2025 it lets a field pass that equals the pseudo-header's sum.
 */
export const freebsd: ClientProfile = {
  ...dhclient,
  name: "FreeBSD",
  parameters: [1, 28, 2, 121, 3, 15, 6, 12, 119],
  clientId: hardwareId,
  honoursMark: false,
  acceptsPseudo: false,
  timers: rfcTimers,
  plan(lease, past, random) {
    if (past.sent === 1) past.interval = 10;
    return dhclient.plan(lease, past, random);
  },
  releases: false,
};

export const newFreebsd: ClientProfile = { ...freebsd, name: "FreeBSD-2025", acceptsPseudo: true };

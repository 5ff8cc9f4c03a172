import * as checksum from "./checksum.js";
import type { FaultMaker } from "./fault.js";
import * as guest from "./guest.js";
import * as path from "./path.js";
import * as server from "./server.js";

/** All faults by the name that a cell carries. */
export const faultMakers: Readonly<Record<string, FaultMaker>> = {
  none: () => ({ name: "none" }),
  "mark-lost": checksum.markLost,
  "mark-lost-mended": checksum.markLostMended,
  "mark-lost-saved": checksum.markLostSaved,
  "bit-flip-before": checksum.damagedBefore,
  "bit-flip-between": checksum.damagedBetween,
  "nft-zero": checksum.zeroed,
  "qemu-header-only": checksum.qemuHeaderOnly,
  "request-mark-lost": checksum.requestMarkLost,
  "request-bit-flip": checksum.requestDamaged,
  "unicast-blocked": path.unicastBlocked,
  "requests-dropped": path.requestsDropped,
  "requests-dropped-between": path.requestsDroppedBetween,
  "replies-dropped-before": path.repliesDroppedBefore,
  "replies-dropped-between": path.repliesDroppedBetween,
  "replies-dropped-beyond": path.repliesDroppedBeyond,
  "one-request-lost": path.oneRequestLost,
  "one-reply-lost": path.oneReplyLost,
  "server-frozen": server.frozen,
  "server-frozen-briefly": server.frozenBriefly,
  "server-slow": server.slow,
  "server-dead": server.dead,
  "server-dead-icmp": server.deadRefusing,
  "server-ignores-one": server.ignoresOne,
  "nak-renewal": server.refusesRenewal,
  "reply-other-xid": server.wrongXid,
  "reply-other-chaddr": server.wrongChaddr,
  "reply-no-type": server.noType,
  "reply-no-lease-time": server.noLeaseTime,
  "socket-closed": guest.socketClosed,
  "client-hung": guest.hung,
  "guest-gone": guest.gone,
  "guest-reboots": guest.rebooted,
  "guest-reboots-orderly": guest.rebootedOrderly,
  "guest-roams": guest.roams,
  "forced-renewal": guest.forcedRenewal,
};

export function faultMaker(name: string): FaultMaker {
  const maker = faultMakers[name];
  if (maker === undefined) throw new Error(`no fault of the name ${name}`);
  return maker;
}

import type { Grant } from "../lease/cycle.js";
import type { LeaseHistory } from "../lease/lease-history.js";
import type { KnownLease, LeaseFile } from "./known-lease.js";

/** A server's file has the grant of a request, too, and in whole seconds: it is not one from before that request. */
const SAME = 1;
/** Lease files count whole seconds, and clients act a little late. */
const LATE = 2.5;

/**
 * What lease files know of the time before a capture. A client's own file is believed before a server's: a server counts
 * on a grant that its client may never have got.
 */
export class FiledLeases implements LeaseHistory {
  readonly #byAddress = new Map<number, KnownLease[]>();

  constructor(files: readonly LeaseFile[]) {
    for (const lease of files.flatMap(({ leases }) => leases)) {
      const known = this.#byAddress.get(lease.address);
      if (known === undefined) this.#byAddress.set(lease.address, [lease]);
      else known.push(lease);
    }
  }

  grantBefore(client: string, address: number, time: number): Grant | null {
    const fitting = (this.#byAddress.get(address) ?? []).filter(
      ({ hardware, start, leaseTime, expires }) =>
        (hardware === null || hardware === client) &&
        start !== null &&
        leaseTime !== null &&
        start < time - SAME &&
        time <= expires + LATE,
    );
    const own = fitting.filter(({ source }) => source === "client");
    const best = (own.length > 0 ? own : fitting).reduce<KnownLease | null>(
      (latest, lease) => ((lease.start ?? 0) >= (latest?.start ?? 0) ? lease : latest),
      null,
    );
    return best === null ? null : grantOf(best);
  }
}

function grantOf({ start, leaseTime, t1, t2 }: KnownLease): Grant | null {
  if (start === null || leaseTime === null || leaseTime === Infinity) return null;
  const seconds = Math.floor(start);
  const [first, second] = [t1 ?? leaseTime / 2, t2 ?? leaseTime * 0.875];
  const ordered = first <= second && second <= leaseTime;
  const timers = ordered ? { t1: first, t2: second } : { t1: leaseTime / 2, t2: leaseTime * 0.875 };
  const terms = { ...timers, leaseTime, earliestT1: timers.t1, timers: "file", odd: !ordered } as const;
  return { granted: { seconds, nanos: Math.round((start - seconds) * 1e6) * 1000, digits: 6 }, terms };
}

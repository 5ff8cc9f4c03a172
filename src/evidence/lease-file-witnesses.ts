import { instantAt, toSeconds } from "../capture/instant.js";
import type { Loss, Testimony, Witnesses } from "../findings/testimony.js";
import type { Attempt, Cycle, RenewalCycle } from "../lease/cycle.js";
import type { KnownLease, LeaseFile } from "../lease-files/known-lease.js";
import { refsOf } from "./lines.js";

/** A grant is written soon after the request, in whole seconds; by clocks that may differ a little. */
const NEAR = 2;

/** Lease files beside the packets: whether the server counts on a lease that the client was losing. */
export class LeaseFileWitnesses implements Witnesses {
  constructor(private readonly files: readonly LeaseFile[]) {}

  message(): void {
    // Lease files are about leases.
  }

  clocks(): [] {
    return [];
  }

  testify(losses: readonly Loss[]): ReadonlyMap<Cycle, readonly Testimony[]> {
    const testimonies = new Map<Cycle, Testimony[]>();
    for (const { cycle, lost } of losses) {
      if (cycle.kind !== "renewal" || lost.length === 0) continue;
      const said = this.files.flatMap((file) => [...renewedBy(file, cycle, lost), ...unrenewedBy(file, cycle)]);
      if (said.length > 0) testimonies.set(cycle, said);
    }
    return testimonies;
  }
}

/** The server's file moves on while the client's lease dies. */
function renewedBy({ path, form, leases }: LeaseFile, cycle: RenewalCycle, lost: readonly Attempt[]): Testimony[] {
  const own = leases.filter((lease) => lease.source === "server" && isOf(lease, cycle));
  const granted = own.flatMap((lease) => {
    const start = startOf(lease, cycle);
    const request = start === null ? null : nearest(cycle.attempts, start);
    return request === null || !lost.includes(request) ? [] : [{ lease, request }];
  });
  const last = granted.at(-1)?.lease;
  if (last === undefined) return [];
  return [
    {
      kind: "server-renewed",
      program: form,
      file: path,
      lines: linesOf(
        path,
        granted.map(({ lease }) => lease),
      ),
      requests: [...new Set(granted.map(({ request }) => request))],
      expires: last.expires === Infinity ? null : instantAt(last.expires),
    },
  ];
}

/** The request that a grant was for; null: it is of another time. */
function nearest(attempts: readonly Attempt[], start: number): Attempt | null {
  const distance = ({ message }: Attempt): number => Math.abs(message.time - start);
  const [best] = [...attempts].sort((a, b) => distance(a) - distance(b));
  return best !== undefined && distance(best) <= NEAR ? best : null;
}

/** Some files have only the end of a lease: packets tell how long it is. */
function startOf({ start, expires }: KnownLease, { grantedBefore, attempts }: RenewalCycle): number | null {
  if (start !== null) return start;
  const told = attempts
    .flatMap(({ replies }) => replies.map(({ message }) => message.leaseTime))
    .find((time) => time !== null);
  const length = told ?? grantedBefore?.terms.leaseTime ?? Infinity;
  return Number.isFinite(length) && Number.isFinite(expires) ? expires - length : null;
}

/** The client's file ends before it. systemd-networkd writes its file when it gets a lease, and not at renewals. */
function unrenewedBy({ path, form, leases }: LeaseFile, cycle: RenewalCycle): Testimony[] {
  if (form === "networkd" || (cycle.outcome !== "expired" && cycle.outcome !== "abandoned")) return [];
  const own = leases.filter((lease) => lease.source === "client" && isOf(lease, cycle) && lease.start !== null);
  const [from, until] = [
    toSeconds(cycle.started) - NEAR,
    cycle.ended === null ? Infinity : toSeconds(cycle.ended) - NEAR,
  ];
  if (own.some(({ start }) => start !== null && start > from && start < until)) return [];
  const last = own.findLast(({ start, expires }) => start !== null && start <= from && expires > from);
  return last === undefined || !Number.isFinite(last.expires)
    ? []
    : [
        {
          kind: "client-unrenewed",
          program: form,
          file: path,
          lines: linesOf(path, [last]),
          expires: instantAt(last.expires),
        },
      ];
}

function isOf({ address, hardware }: KnownLease, { lease, binding }: RenewalCycle): boolean {
  return address === lease.address && (hardware === null || hardware === binding.client.address);
}

function linesOf(path: string, leases: readonly KnownLease[]): Testimony["lines"] {
  return refsOf(
    path,
    leases.flatMap(({ line }) => (line === null ? [] : [{ line }])),
  );
}

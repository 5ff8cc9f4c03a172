import { toStamp, type Instant } from "../capture/instant.js";
import type { Binding } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";

/** Which part of what was found is told. What lies outside still served to understand it. */
export interface ReportFilter {
  /** Hardware address, IPv4 address or host name, in lower case; null: all clients. */
  readonly client: string | null;
  /** Seconds since 1970; -Infinity and Infinity: no bound. */
  readonly since: number;
  readonly until: number;
}

export const EVERYTHING: ReportFilter = { client: null, since: -Infinity, until: Infinity };

export function wantsTime(filter: ReportFilter, from: Instant, to: Instant | null): boolean {
  return toStamp(from) <= filter.until && (to === null || toStamp(to) >= filter.since);
}

/** @param addresses IPv4 addresses that belong to it, as numbers */
export function wantsClient(filter: ReportFilter, binding: Binding | null, addresses: readonly number[]): boolean {
  const { client } = filter;
  if (client === null) return true;
  if (binding === null) return false;
  return (
    binding.client.address === client ||
    binding.name?.toLowerCase() === client ||
    addresses.some((address) => formatIpv4(address) === client)
  );
}

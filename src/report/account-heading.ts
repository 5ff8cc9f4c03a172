import type { Finding } from "../findings/finding.js";
import { quoted } from "../findings/prose/foreign-text.js";
import { NAME_LIMIT } from "../findings/prose/who.js";
import { duration } from "../findings/prose/words.js";
import type { Binding, Lease } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";

/** Who it is: hardware address, name, address, lease and server, as far as they are known. */
export function identity(binding: Binding, findings: readonly Finding[]): string[] {
  const { client, name, vlan } = binding;
  const lease = leaseOf(binding, findings);
  return [
    client.address,
    ...(name === null ? [] : [quoted(name, NAME_LIMIT)]),
    ...(lease === null ? [] : [formatIpv4(lease.address), ...leaseWords(lease)]),
    ...(vlan === "" ? [] : [`VLAN ${vlan}`]),
  ];
}

function leaseWords({ terms, server }: Lease): string[] {
  const from = server === null || server === 0 ? "" : ` from ${formatIpv4(server)}`;
  if (terms === null) return from === "" ? [] : [`lease${from}`];
  return [`lease ${lengthOf(terms.leaseTime)}${from}`];
}

/** Lease times are whole seconds, and some server's is 0. */
function lengthOf(seconds: number): string {
  if (seconds === 0) return "0 s";
  return seconds === Infinity ? "without end" : duration(seconds);
}

/** The lease that the findings are about; that of an acquisition only if nothing was lost before it. */
export function leaseOf(binding: Binding, findings: readonly Finding[]): Lease | null {
  const cycles = findings.flatMap((finding) =>
    finding.kind === "loss" ? finding.diagnoses.map(({ cycle }) => cycle) : [],
  );
  return cycles.find((cycle) => cycle.kind === "renewal")?.lease ?? binding.lease;
}

import { inputName } from "../capture/errors.js";
import type { Binding } from "../lease/cycle.js";
import type { ReportFilter } from "../report/filter.js";
import { select, type Findings } from "../report/json.js";
import { formatIpv4 } from "../wire/addresses.js";
import { complain } from "./complaint.js";

/** Why the exit code is 3, and what makes a report empty for a reason that it cannot know. */
export function complainOf(found: Findings, filter: ReportFilter): void {
  for (const { facts, damage } of found.inputs) {
    if (damage === null) continue;
    const named = damage.sentence.startsWith(inputName(facts.name));
    complain(named ? damage.sentence : `${inputName(facts.name)} could not be read whole. ${damage.sentence}`);
  }
  if (filter.client !== null && isUnknown(filter, found)) {
    complain(`no client ${JSON.stringify(filter.client)} was seen. ${clientsSeen(found)}`);
  }
}

function isUnknown(filter: ReportFilter, found: Findings): boolean {
  const anytime = { ...filter, since: -Infinity, until: Infinity };
  const { leases, diagnoses } = select(found.inspection, anytime);
  return leases.length === 0 && diagnoses.length === 0;
}

const NAMED = 8;

function clientsSeen({ inspection }: Findings): string {
  const clients = new Map<string, string>();
  for (const { cycle } of inspection.diagnoses) {
    clients.set(cycle.binding.client.address, clientText(cycle.binding, 0));
  }
  for (const { binding, address } of inspection.leases) {
    clients.set(binding.client.address, clientText(binding, address));
  }
  if (clients.size === 0) return "No client asked for an address in this capture.";
  const named = [...clients.values()].slice(0, NAMED).join(", ");
  return `Seen were: ${named}${clients.size > NAMED ? `, and ${clients.size - NAMED} more` : ""}.`;
}

function clientText({ client, name }: Binding, address: number): string {
  const known = [name, address === 0 ? null : formatIpv4(address)].filter((part) => part !== null);
  return known.length === 0 ? client.address : `${client.address} (${known.join(", ")})`;
}

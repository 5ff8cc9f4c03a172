import { inputName } from "../capture/errors.js";
import type { Binding } from "../lease/cycle.js";
import type { ReportFilter } from "../report/filter.js";
import { select, type Findings } from "../report/json.js";
import { safeText } from "../report/safe-text.js";
import { passedOverSentence, skippedSentences } from "../report/unread.js";
import { formatIpv4 } from "../wire/addresses.js";
import { complain } from "./complaint.js";

/**
 * Why the exit code is 3, and what makes a report empty for a reason that it cannot know.
 *
 * @param json the output is records, which have no place for what a report says beside them
 */
export function complainOf(found: Findings, filter: ReportFilter, json: boolean): void {
  for (const { facts, damage } of found.inputs) {
    if (damage === null) continue;
    const named = damage.sentence.startsWith(inputName(facts.name));
    complain(named ? damage.sentence : `${inputName(facts.name)} could not be read whole. ${damage.sentence}`);
  }
  if (json) complainOfUnread(found);
  if (filter.client !== null && isUnknown(filter, found)) {
    complain(`no client ${JSON.stringify(filter.client)} was seen. ${clientsSeen(found)}`);
  }
}

/** What the report says, and records have no place for. */
function complainOfUnread({ inputs, passedOver }: Findings): void {
  for (const input of inputs) {
    for (const sentence of skippedSentences(input)) complain(`${inputName(input.facts.name)}: ${sentence}`);
  }
  if (passedOver > 0) complain(passedOverSentence(passedOver));
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
  const known = [name === null ? null : safeText(name), address === 0 ? null : formatIpv4(address)].filter(
    (part) => part !== null,
  );
  return known.length === 0 ? client.address : `${client.address} (${known.join(", ")})`;
}

import type { Finding } from "../findings/finding.js";
import { count, list } from "../findings/prose/words.js";
import type { Inspection } from "../findings/inspection.js";
import type { Client } from "../lease/cycle.js";
import type { ReportFilter } from "./filter.js";
import type { Findings, Selection } from "./json.js";
import { paint, paragraph, type TextStyle } from "./text-style.js";

/** What became of the clients, in one sentence. */
export function* clientLines(
  { inspection }: Findings,
  told: Selection,
  filter: ReportFilter,
  style: TextStyle,
): Generator<string> {
  const clients = new Set<Client>([
    ...told.diagnoses.map(({ cycle }) => cycle.binding.client),
    ...told.leases.map(({ binding }) => binding.client),
  ]);
  const whole = isEverything(filter);
  const total = whole ? Math.max(inspection.clients, clients.size) : clients.size;
  if (total === 0) {
    yield* paragraph(
      nobody(
        inspection.inputs.reduce((sum, { dhcp }) => sum + dhcp, 0),
        whole,
      ),
      style,
    );
    return;
  }
  const lost = new Set<Client>();
  const troubled = new Set<Client>();
  for (const finding of told.findings) {
    if (finding.binding === null || finding.severity === "note") continue;
    (hasLostAddress(finding) ? lost : troubled).add(finding.binding.client);
  }
  const well = wellClients(told, new Set([...lost, ...troubled]));
  const inTrouble = [...troubled].filter((client) => !lost.has(client)).length;
  const unclear = total - lost.size - inTrouble - well.size;
  if (total === well.size) {
    yield* paragraph(allWell(total, told, whole ? inspection.healthy : null), style).map((line) =>
      paint(line, "well", style),
    );
    return;
  }
  const parts = [
    ...(lost.size > 0 ? [`${lost.size} lost ${lost.size === 1 ? "its" : "their"} address`] : []),
    ...(inTrouble > 0 ? [`${inTrouble} ${inTrouble === 1 ? "is" : "are"} in trouble`] : []),
    ...(well.size > 0 ? [`${well.size} ${well.size === 1 ? "is" : "are"} well`] : []),
    ...(unclear > 0 ? [`${unclear} ${unclear === 1 ? "shows" : "show"} too little to tell`] : []),
  ];
  const [only] = parts;
  const single = total === 1 && only !== undefined;
  yield* paragraph(single ? `1 client, which ${only.slice(2)}.` : `${count(total, "client")}: ${list(parts)}.`, style);
}

function isEverything({ client, since, until }: ReportFilter): boolean {
  return client === null && since === -Infinity && until === Infinity;
}

/** Whether a client was left without its address by this. */
export function hasLostAddress(finding: Finding): boolean {
  return (
    finding.kind === "loss" &&
    finding.diagnoses.some(
      ({ cycle }) =>
        cycle.kind === "renewal" &&
        (cycle.outcome === "expired" || cycle.outcome === "refused" || cycle.outcome === "abandoned"),
    )
  );
}

/** Whose lease was granted in view, and nothing above a note befell it. */
function wellClients({ leases }: Selection, ill: ReadonlySet<Client>): Set<Client> {
  const granted = leases.filter((lease) => lease.granted !== null);
  return new Set(granted.map(({ binding }) => binding.client).filter((client) => !ill.has(client)));
}

/** Cycles that went well are counted and not kept, so they are numbers of the whole capture only. */
function allWell(total: number, { diagnoses }: Selection, healthy: Inspection["healthy"] | null): string {
  const who = `${count(total, "client")}, ${total === 1 ? "" : "all "}well`;
  if (healthy === null) return `${who}.`;
  const bound = diagnoses.filter(({ cycle }) => cycle.outcome === "bound").length + healthy.acquisitions;
  const renewed = diagnoses.filter(({ cycle }) => cycle.outcome === "renewed");
  const renewals = renewed.length + healthy.renewals;
  const atOnce = renewals > 0 && renewed.every(({ lost }) => lost.length === 0);
  const what = [
    ...(bound > 0 ? [count(bound, "new lease")] : []),
    ...(renewals > 0 ? [`${count(renewals, "renewal")}${atOnce ? ", none lost" : ""}`] : []),
  ];
  return what.length === 0 ? `${who}.` : `${who}: ${list(what)}.`;
}

function nobody(dhcp: number, whole: boolean): string {
  if (!whole) return "Nothing was found for that client and time.";
  return dhcp === 0
    ? "No DHCP (IPv4) was seen. Is this the right interface, and did the capture's filter let UDP ports 67 and 68 through?"
    : "No DHCP client was seen: only replies, or messages that could not be followed.";
}

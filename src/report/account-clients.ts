import type { Finding } from "../findings/finding.js";
import { count, list } from "../findings/prose/words.js";
import { whoIs } from "../findings/prose/who.js";
import { hasCostTheAddress } from "../findings/prose/loss.js";
import type { Inspection } from "../findings/inspection.js";
import type { Client, Lease } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";
import type { Block } from "./blocks.js";
import type { ReportFilter } from "./filter.js";
import type { Findings, Selection } from "./json.js";

/** What was looked at and what became of the clients, in one sentence. */
export function summaryBlock(found: Findings, told: Selection, filter: ReportFilter, what: string): Block {
  const { inspection } = found;
  const clients = new Set<Client>([
    ...told.diagnoses.map(({ cycle }) => cycle.binding.client),
    ...told.leases.map(({ binding }) => binding.client),
  ]);
  const whole = isEverything(filter);
  const total = whole ? Math.max(inspection.clients, clients.size) : clients.size;
  if (total === 0) {
    const dhcp = inspection.inputs.reduce((sum, input) => sum + input.dhcp, 0);
    return { kind: "summary", text: `${what}: ${nobody(found, dhcp, whole)}`, well: false };
  }
  const fates = fatesOf(told);
  const troubled = fates.reduce((sum, { clients: those }) => sum + those.size, 0);
  const well = wellClients(told, new Set(fates.flatMap((fate) => [...fate.clients])));
  const unclear = total - troubled - well.size;
  if (total === well.size) {
    return { kind: "summary", text: `${what}: ${allWell(total, told, whole ? inspection.healthy : null)}`, well: true };
  }
  const parts = [
    ...(well.size > 0 || troubled > 0 ? [`${well.size} well`] : []),
    ...fates.filter((fate) => fate.clients.size > 0).map((fate) => fate.words(fate.clients.size)),
    ...(unclear > 0 ? [`${unclear} ${unclear === 1 ? "shows" : "show"} too little to tell`] : []),
  ];
  const text =
    total === 1
      ? `1 client, which ${parts.at(-1)?.slice(2) ?? ""}`
      : troubled === 0 && well.size === 0
        ? `${count(total, "client")}, which show too little to tell`
        : `${count(total, "client")}, ${list(parts)}`;
  return { kind: "summary", text: `${what}: ${text}.`, well: false };
}

interface Fate {
  readonly clients: Set<Client>;
  readonly words: (number: number) => string;
}

/** What befell clients, the worst first; each client is in one of them. */
function fatesOf({ findings }: Selection): Fate[] {
  const lost: Fate = { clients: new Set(), words: (n) => `${n} lost ${n === 1 ? "its" : "their"} address` };
  const without: Fate = { clients: new Set(), words: (n) => `${n} got no address` };
  const losing: Fate = { clients: new Set(), words: (n) => `${n} cannot renew ${n === 1 ? "its" : "their"} lease` };
  const troubled: Fate = { clients: new Set(), words: (n) => `${n} had trouble` };
  const renewing: Fate = { clients: new Set(), words: (n) => `${n} still ${n === 1 ? "tries" : "try"} to renew` };
  const asking: Fate = { clients: new Set(), words: (n) => `${n} still ${n === 1 ? "asks" : "ask"} for an address` };
  const fates = [lost, without, losing, troubled, renewing, asking];
  const bad = findings.filter((finding) => finding.binding !== null && (isBad(finding) || isUnderWay(finding)));
  const fits: readonly ((finding: Finding) => boolean)[] = [
    hasLostAddress,
    (finding) => finding.severity === "error" && isAcquisition(finding),
    (finding) => finding.severity === "error",
    isBad,
    (finding) => !isAcquisition(finding),
    () => true,
  ];
  const known = new Set<Client>();
  for (const [index, fate] of fates.entries()) {
    for (const finding of bad) {
      if (finding.binding === null || known.has(finding.binding.client) || fits[index]?.(finding) !== true) continue;
      known.add(finding.binding.client);
      fate.clients.add(finding.binding.client);
    }
  }
  return fates;
}

/** Of a note there is nothing to repair, or not yet. */
function isBad({ severity }: Finding): boolean {
  return severity !== "note";
}

/** The client was still asking when the capture ended. */
function isUnderWay(finding: Finding): boolean {
  return finding.kind === "loss" && finding.diagnoses.some(({ cycle }) => cycle.outcome === "pending");
}

function isEverything({ client, since, until }: ReportFilter): boolean {
  return client === null && since === -Infinity && until === Infinity;
}

/** Whether a client was left without its address by this. */
export function hasLostAddress(finding: Finding): boolean {
  return (
    finding.kind === "loss" &&
    finding.diagnoses.some(({ cycle }) => cycle.kind === "renewal" && hasCostTheAddress(cycle))
  );
}

function isAcquisition(finding: Finding): boolean {
  return finding.kind === "loss" && finding.diagnoses.every(({ cycle }) => cycle.kind === "acquisition");
}

/** Whose lease was granted in view, and nothing above a note befell it since. */
function wellClients({ leases }: Selection, ill: ReadonlySet<Client>): Set<Client> {
  const granted = leases.filter((lease) => lease.granted !== null);
  return new Set(granted.map(({ binding }) => binding.client).filter((client) => !ill.has(client)));
}

/** Cycles that went well are counted and not always kept, so they are numbers of the whole capture only. */
function allWell(total: number, { leases, diagnoses }: Selection, healthy: Inspection["healthy"] | null): string {
  const lease = leases.at(-1);
  const open = new Set(leases.filter(isOpen).map(({ binding }) => binding.client)).size;
  const who =
    total === 1 && lease !== undefined
      ? `1 client, ${whoIs(lease.binding)} with ${formatIpv4(lease.address)}, ${open === 0 ? "is" : "seems"} well`
      : `${count(total, "client")}, all ${open === 0 ? "" : "seem "}well`;
  const doubt = open === 0 ? "" : ` ${notShown(open, total)}`;
  if (healthy === null) return `${who}.${doubt}`;
  const bound = diagnoses.filter(({ cycle }) => cycle.outcome === "bound").length + healthy.acquisitions;
  const renewed = diagnoses.filter(({ cycle }) => cycle.outcome === "renewed");
  const renewals = renewed.length + healthy.renewals;
  const atOnce = renewals > 0 && renewed.every(({ lost }) => lost.length === 0);
  const what = [
    ...(bound > 0 ? [count(bound, "new lease")] : []),
    ...(renewals > 0 ? [`${count(renewals, "renewal")}${atOnce ? ", none lost" : ""}`] : []),
  ];
  return `${what.length === 0 ? who : `${who}: ${list(what)}`}.${doubt}`;
}

/** Nothing shows whether the client takes such an ACK as gave it its lease. */
function isOpen({ state, vouched }: Lease): boolean {
  return state === "BOUND" && !vouched;
}

function notShown(open: number, total: number): string {
  const who = total === 1 ? "it took its last ACK" : `${open} of them took ${open === 1 ? "its" : "their"} last ACK`;
  return `Nothing in view shows whether ${who}.`;
}

function nobody({ inputs }: Findings, dhcp: number, whole: boolean): string {
  if (!whole) return "nothing was found for that client and time.";
  const where = inputs.some(({ damage }) => damage !== null) ? " in what could be read" : "";
  return dhcp === 0
    ? `no DHCP (IPv4) was seen${where}. Is this the right interface, and did the capture's filter let UDP ports 67 and 68 through?`
    : "no DHCP client was seen, only replies, or messages that could not be followed.";
}

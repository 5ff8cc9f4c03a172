import { secondsBetween, type Instant } from "../capture/instant.js";
import type { Finding, LossFinding } from "../findings/finding.js";
import { hasCostTheAddress } from "../findings/prose/loss.js";
import { count, duration, type Clock } from "../findings/prose/words.js";
import type { Binding } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";
import { quoted } from "../findings/prose/foreign-text.js";
import { NAME_LIMIT } from "../findings/prose/who.js";
import { hasLostAddress } from "./account-clients.js";
import { leaseOf } from "./account-heading.js";
import { GLUE, type Block } from "./blocks.js";

/** A client with errors or warnings, the worst of them first. */
export interface Troubled {
  readonly binding: Binding;
  readonly findings: readonly Finding[];
  readonly worst: Finding;
}

const RANKS = { error: 0, warning: 1, note: 2 } as const;

/** Clients of one group that are told of beside the first, a line each. */
const NAMED = 8;

/** Clients by severity and cause, each group and the groups worst first. */
export function groupsOf(byBinding: ReadonlyMap<Binding, readonly Finding[]>): Troubled[][] {
  const troubled = [...byBinding].flatMap(([binding, findings]): Troubled[] => {
    const sorted = [...findings].sort(compare);
    const [worst] = sorted;
    return worst === undefined ? [] : [{ binding, findings: sorted, worst }];
  });
  const groups = new Map<string, Troubled[]>();
  for (const client of troubled.sort((a, b) => compare(a.worst, b.worst))) {
    const key = `${client.worst.severity} ${client.worst.code}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [client]);
    else group.push(client);
  }
  return [...groups.values()];
}

/** By severity, then whether the address was lost, then how long it was gone, then in order of time. */
function compare(a: Finding, b: Finding): number {
  return (
    RANKS[a.severity] - RANKS[b.severity] ||
    Number(hasLostAddress(b)) - Number(hasLostAddress(a)) ||
    outageOf(b) - outageOf(a) ||
    secondsBetween(b.from, a.from)
  );
}

/** Seconds without an address; one that is not over counts most. */
function outageOf(finding: Finding): number {
  if (finding.kind === "note") return 0;
  const gone = finding.diagnoses.map(({ cycle }) => (cycle.kind === "renewal" ? cycle.lease : null));
  const outages = gone.map((lease) => ((lease?.lostAt ?? null) === null ? 0 : (lease?.outage ?? LONG)));
  return Math.max(0, ...outages);
}

const LONG = Number.MAX_SAFE_INTEGER;

/** The clients of a group after its first, a line each; beyond some they are counted. */
export function* othersBlock(group: readonly Troubled[], clock: Clock): Generator<Block> {
  const [first, ...others] = group;
  if (first === undefined || others.length === 0) return;
  const { code } = first.worst;
  const shown = others.slice(0, NAMED);
  const hidden = others.length - shown.length;
  const title = `${count(others.length, "more client")} with the same cause (${code})`;
  yield {
    kind: "others",
    text: `${title}${hidden > 0 ? `; ${totals(group, clock)}` : ""}`,
    items: shown.map((client) => line(client, clock)),
    rest: hidden > 0 ? `and ${hidden} more: --json lists all, --client ADDRESS tells of one` : null,
  };
}

/** What the whole group lost. */
function totals(group: readonly Troubled[], clock: Clock): string {
  const losses = group.flatMap(({ worst }) => (worst.kind === "loss" ? [worst] : []));
  const gone = losses.filter(hasLostAddress).length;
  const messages = losses.reduce(
    (sum, { diagnoses }) => sum + diagnoses.reduce((n, { lost }) => n + lost.length, 0),
    0,
  );
  const moments = group.map(({ worst }) => worst.from);
  const first = moments.reduce((a, b) => (secondsBetween(a, b) < 0 ? b : a));
  const parts = [
    ...(gone > 0 ? [`${gone === group.length ? "all" : `${gone} of all`} ${group.length} lost their address`] : []),
    ...(messages > 0 ? [`${count(messages, "message")} lost in all`] : []),
    `the first at ${clock(first)}`,
  ];
  return parts.join(", ");
}

/** "52:54:00:12:65:64  web1  10.8.12.150  lost its address 11:03:50, none for 26 s" */
function line({ binding, findings, worst }: Troubled, clock: Clock): string {
  const lease = leaseOf(binding, findings);
  const more = new Set(findings.map(({ code }) => code)).size - 1;
  const fate = worst.kind === "loss" ? fateOf(worst, clock) : `at ${clock(worst.from)}`;
  return [
    binding.client.address,
    ...(binding.name === null ? [] : [quoted(binding.name, NAME_LIMIT)]),
    ...(lease === null ? [] : [formatIpv4(lease.address)]),
    `${fate}${more > 0 ? `, and ${count(more, "other finding")}` : ""}`,
  ].join(`${GLUE} `);
}

function fateOf(finding: LossFinding, clock: Clock): string {
  const lost = finding.diagnoses.reduce((sum, diagnosis) => sum + diagnosis.lost.length, 0);
  const gone = finding.diagnoses
    .map(({ cycle }) => cycle)
    .filter((cycle) => cycle.kind === "renewal")
    .filter(hasCostTheAddress);
  const [first] = gone;
  if (first === undefined) return `${count(lost, "message").replace(" ", GLUE)} lost from ${clock(finding.from)} on`;
  if (gone.length > 1) return `lost its address ${gone.length} times from ${clock(finding.from)} on`;
  const at: Instant = first.lease.lostAt ?? first.ended ?? finding.from;
  const { outage } = first.lease;
  const after = outage === null ? "none since" : outage < 1 ? "another at once" : `none for ${duration(outage)}`;
  return `lost its address ${clock(at)}, ${after}`;
}

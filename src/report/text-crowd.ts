import { secondsBetween } from "../capture/instant.js";
import type { Finding } from "../findings/finding.js";
import { count, list } from "../findings/prose/words.js";
import type { Binding } from "../lease/cycle.js";
import { hasLostAddress } from "./text-clients.js";
import { findingLines, type Telling } from "./text-finding.js";
import { paint, paragraph } from "./text-style.js";

/** A client with errors or warnings, the worst of them first. */
export interface Troubled {
  readonly binding: Binding;
  readonly findings: readonly Finding[];
  readonly worst: Finding;
}

const RANKS = { error: 0, warning: 1, note: 2 } as const;

/** Hardware addresses named of a crowd. */
const NAMED = 12;

export function worstFirst(groups: ReadonlyMap<Binding, readonly Finding[]>): Troubled[] {
  const troubled = [...groups].flatMap(([binding, findings]): Troubled[] => {
    const sorted = [...findings].sort(compare);
    const [worst] = sorted;
    return worst === undefined ? [] : [{ binding, findings: sorted, worst }];
  });
  return troubled.sort((a, b) => compare(a.worst, b.worst));
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

/** Many clients with one cause: numbers, the worst in full, some of the others by address. */
export function* crowdLines(crowd: readonly Troubled[], telling: Telling): Generator<string> {
  const { style, clock } = telling;
  const [worst] = crowd;
  if (worst === undefined) return;
  const { code, severity } = worst.worst;
  const sign = severity === "error" ? (style.unicode ? "\u2717" : "x") : "!";
  const heading = `${sign} ${severity.toUpperCase()} ${count(crowd.length, "client")} with the same cause: ${code}`;
  yield* paragraph(heading, style, { hang: 2 }).map((line) =>
    paint(line, severity === "error" ? "error" : "warning", style),
  );
  yield "";
  const lost = crowd.filter((client) => hasLostAddress(client.worst)).length;
  const from = earliest(crowd.map((client) => client.worst));
  const attempts = crowd.reduce((sum, client) => sum + attemptsOf(client.worst), 0);
  const parts = [
    ...(lost > 0 ? [`${lost} lost ${lost === 1 ? "its" : "their"} address`] : []),
    ...(crowd.length > lost ? [`${crowd.length - lost} are in trouble`] : []),
  ];
  const first = from === null ? "" : `, the first at ${clock(from.from)}`;
  yield* paragraph(
    `${list(parts)}${first}; ${count(attempts, "message")} lost in all. The worst off is ${worst.binding.client.address}:`,
    style,
    {
      indent: 2,
    },
  );
  yield "";
  yield* findingLines(worst.worst, worst.binding.client.address, telling);
  const named = crowd.slice(0, NAMED).map(({ binding }) => binding.client.address);
  const rest = crowd.length - named.length;
  const more = rest > 0 ? ` and ${rest} more (--json lists them all)` : "";
  yield* paragraph(`${named.join(", ")}${more}`, style, { indent: 2, hang: 8, label: "Who" });
}

function earliest(findings: readonly Finding[]): Finding | null {
  return findings.reduce<Finding | null>(
    (first, finding) => (first === null || secondsBetween(finding.from, first.from) > 0 ? finding : first),
    null,
  );
}

function attemptsOf(finding: Finding): number {
  return finding.kind === "loss" ? finding.diagnoses.reduce((sum, { lost }) => sum + lost.length, 0) : finding.count;
}

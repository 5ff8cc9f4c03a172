import type { Finding } from "../findings/finding.js";
import type { Binding } from "../lease/cycle.js";
import type { ReportFilter } from "./filter.js";
import { select, type Findings } from "./json.js";
import type { Remedy } from "../findings/remedies.js";
import { clientLines } from "./text-clients.js";
import { crowdLines, worstFirst, type Troubled } from "./text-crowd.js";
import { findingLines, type Telling } from "./text-finding.js";
import { headingLines } from "./text-heading.js";
import { inputLines } from "./text-inputs.js";
import { noteLines } from "./text-notes.js";
import { paragraph, type TextStyle } from "./text-style.js";
import { dayOf, textClock } from "./text-time.js";

export type { TextStyle } from "./text-style.js";

/** Clients in trouble for the same reason beyond this number are told of together. */
const CROWD = 20;

/**
 * The report for a reader at a terminal, line by line without line ends: what was looked at, how the clients are, those
 * in trouble, worst first, then notes. Each thing is said once, however often it happened.
 */
export function* renderReport(found: Findings, filter: ReportFilter, style: TextStyle): Generator<string> {
  const { inspection, inputs } = found;
  const told = select(inspection, filter);
  yield* inputLines(found, style);
  if (!found.complete && inputs.every(({ damage }) => damage === null)) {
    yield* paragraph("Interrupted: this is what was found in the part that was read.", style);
  }
  yield* clientLines(found, told, filter, style);
  const first = inspection.inputs.find((input) => input.first !== null)?.first ?? null;
  const telling: Telling = {
    background: inspection,
    clock: textClock(first === null ? null : dayOf(first)),
    style,
    said: new Map<Remedy, string>(),
  };
  yield* troubleLines(told.findings, telling);
  yield* noteLines(told.findings, telling);
}

function* troubleLines(findings: readonly Finding[], telling: Telling): Generator<string> {
  const { troubled, ofNobody } = byClient(findings);
  const sizes = new Map<string, number>();
  for (const { worst } of troubled) {
    sizes.set(worst.code, (sizes.get(worst.code) ?? 0) + 1);
  }
  const crowds = new Set<string>();
  for (const client of troubled) {
    const { code } = client.worst;
    if ((sizes.get(code) ?? 0) <= CROWD) {
      yield "";
      yield* clientBlock(client, telling);
    } else if (!crowds.has(code)) {
      crowds.add(code);
      yield "";
      yield* crowdLines(
        troubled.filter(({ worst }) => worst.code === code),
        telling,
      );
    }
  }
  for (const finding of ofNobody) {
    yield "";
    yield* headingLines(null, finding.severity, telling);
    yield* findingLines(finding, "the network", telling);
  }
}

function* clientBlock({ binding, findings, worst }: Troubled, telling: Telling): Generator<string> {
  yield* headingLines(binding, worst.severity, telling, findings);
  for (const finding of findings) {
    yield "";
    yield* findingLines(finding, binding.client.address, telling);
  }
}

/** Errors and warnings by the client that they are about, the worst first. */
function byClient(findings: readonly Finding[]): { troubled: Troubled[]; ofNobody: Finding[] } {
  const groups = new Map<Binding, Finding[]>();
  const ofNobody: Finding[] = [];
  for (const finding of findings) {
    if (finding.severity === "note") continue;
    if (finding.binding === null) {
      ofNobody.push(finding);
      continue;
    }
    const group = groups.get(finding.binding);
    if (group === undefined) groups.set(finding.binding, [finding]);
    else group.push(finding);
  }
  return { troubled: worstFirst(groups), ofNobody };
}

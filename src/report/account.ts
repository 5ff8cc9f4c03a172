import type { Finding } from "../findings/finding.js";
import type { HostView } from "../host/view.js";
import type { Binding } from "../lease/cycle.js";
import { attemptBlocks } from "./account-attempts.js";
import { summaryBlock } from "./account-clients.js";
import { findingBlocks, type Telling } from "./account-finding.js";
import { groupsOf, othersBlock, type Troubled } from "./account-group.js";
import { identity } from "./account-heading.js";
import { inputBlocks, inputsName } from "./account-inputs.js";
import { noteBlocks } from "./account-notes.js";
import type { Block } from "./blocks.js";
import type { ReportFilter } from "./filter.js";
import { select, type Findings } from "./json.js";
import { textClock } from "./text-time.js";
import { UTC, type Zone } from "./zone.js";

/** What a reader may ask for beside the account itself. */
export interface AccountOptions {
  /** By whose clock times are written; UTC unless it is given. */
  readonly zone?: Zone;
  /** Every attempt, and every detail of the evidence. */
  readonly verbose?: boolean;
  /** The host that the clients are on, as far as one is known. */
  readonly host?: HostView | null;
}

export interface Account {
  readonly blocks: Iterable<Block>;
  /** How moments are written in it. */
  readonly clock: Telling["clock"];
}

/**
 * The report, before it is laid out: the answer, what was looked at, those in trouble, worst first, then notes. Each
 * thing is said once, however often it happened.
 */
export function accountOf(found: Findings, filter: ReportFilter, options: AccountOptions): Account {
  const { zone = UTC, verbose = false, host = null } = options;
  const first = found.inspection.inputs.find((input) => input.first !== null)?.first ?? null;
  const clock = textClock(first, zone);
  const background = found.inspection;
  const telling: Telling = { background, clock, verbose, host, said: new Map<string, string>() };
  return { blocks: allBlocks(found, filter, telling, zone), clock };
}

function* allBlocks(found: Findings, filter: ReportFilter, telling: Telling, zone: Zone): Generator<Block> {
  const told = select(found.inspection, filter);
  yield summaryBlock(found, told, filter, inputsName(found.inputs));
  yield* inputBlocks(found, zone);
  if (!found.complete && found.inputs.every(({ damage }) => damage === null)) {
    yield { kind: "input", text: "Interrupted: this is what was found in the part that was read." };
  }
  const { byBinding, ofNobody } = troubles(told.findings);
  for (const group of groupsOf(byBinding)) yield* groupBlocks(group, telling);
  for (const finding of ofNobody) {
    yield { kind: "client", severity: finding.severity, parts: ["The network"] };
    yield* findingBlocks(finding, "the network", telling);
  }
  yield* noteBlocks(told.findings, telling);
  if (telling.verbose) yield* attemptBlocks(told.diagnoses, telling.clock, zone);
}

/** The worst of a group in full, the others a line each. */
function* groupBlocks(group: readonly Troubled[], telling: Telling): Generator<Block> {
  const [first] = group;
  if (first === undefined) return;
  const { binding, findings, worst } = first;
  yield { kind: "client", severity: worst.severity, parts: identity(binding, findings) };
  for (const finding of findings) yield* findingBlocks(finding, binding.client.address, telling);
  yield* othersBlock(group, telling.clock);
}

/** Errors and warnings by the client that they are about. */
function troubles(findings: readonly Finding[]): { byBinding: Map<Binding, Finding[]>; ofNobody: Finding[] } {
  const byBinding = new Map<Binding, Finding[]>();
  const ofNobody: Finding[] = [];
  for (const finding of findings) {
    if (finding.severity === "note") continue;
    if (finding.binding === null) {
      ofNobody.push(finding);
      continue;
    }
    const group = byBinding.get(finding.binding);
    if (group === undefined) byBinding.set(finding.binding, [finding]);
    else group.push(finding);
  }
  return { byBinding, ofNobody };
}

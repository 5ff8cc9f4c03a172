import type { Finding, LossFinding } from "../findings/finding.js";
import { tell, tellNote } from "../findings/prose.js";
import { frameOf, hasSeveralInputs } from "../findings/prose/facts.js";
import { whoIs } from "../findings/prose/who.js";
import { capital, count } from "../findings/prose/words.js";
import { formatIpv4 } from "../wire/addresses.js";
import type { Telling } from "./account-finding.js";
import { leaseOf } from "./account-heading.js";
import type { Block } from "./blocks.js";

/** Notes of one kind beyond this number are only counted. */
const MOST = 3;

/** With its input. */
const SAID_ABOVE = "clock-offset";

/** What harmed nobody much: a sentence each, with the frame where it shows first. */
export function* noteBlocks(findings: readonly Finding[], telling: Telling): Generator<Block> {
  const byCode = new Map<string, Finding[]>();
  for (const note of findings.filter(({ severity, code }) => severity === "note" && code !== SAID_ABOVE)) {
    const same = byCode.get(note.code);
    if (same === undefined) byCode.set(note.code, [note]);
    else same.push(note);
  }
  for (const [code, same] of byCode) {
    for (const note of same.slice(0, MOST)) {
      yield { kind: "note", text: `${sentence(note, telling)} (${code}${frame(note, telling)})` };
    }
    if (same.length > MOST) {
      yield { kind: "note", text: `${count(same.length - MOST, "more note")} of this kind (${code}): --json` };
    }
  }
}

function sentence(note: Finding, { background, clock }: Telling): string {
  if (note.kind === "note") {
    const { summary } = tellNote(note, background, clock);
    return note.binding === null ? capital(summary) : summary;
  }
  const { what, because } = tell(note, background, clock);
  return `${whoIs(note.binding)}${addressOf(note)} ${what}. ${capital(because)}`;
}

/** The sentence of a renewal leaves its address to what stands before it. */
function addressOf(note: LossFinding): string {
  const renews = note.diagnoses.some(({ cycle }) => cycle.kind === "renewal");
  const lease = renews ? leaseOf(note.binding, [note]) : null;
  return lease === null ? "" : `, ${formatIpv4(lease.address)},`;
}

function frame({ evidence }: Finding, { background }: Telling): string {
  const [first] = evidence;
  return first === undefined ? "" : `, ${frameOf(first, hasSeveralInputs(background))}`;
}

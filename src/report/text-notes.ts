import type { Finding } from "../findings/finding.js";
import { tell, tellNote } from "../findings/prose.js";
import { whoIs } from "../findings/prose/who.js";
import { capital, count } from "../findings/prose/words.js";
import type { Telling } from "./text-finding.js";
import { paragraph } from "./text-style.js";

/** Notes of one kind beyond this number are only counted. */
const MOST = 3;

/** What harmed nobody much: a sentence each, with the frame where it shows first. */
export function* noteLines(findings: readonly Finding[], telling: Telling): Generator<string> {
  const notes = findings.filter(({ severity }) => severity === "note");
  const byCode = new Map<string, Finding[]>();
  for (const note of notes) {
    const same = byCode.get(note.code);
    if (same === undefined) byCode.set(note.code, [note]);
    else same.push(note);
  }
  if (notes.length > 0 && findings.length > notes.length) yield "";
  for (const [code, same] of byCode) {
    for (const note of same.slice(0, MOST)) {
      yield* noteParagraph(`${sentence(note, telling)} (${code}${frame(note)})`, telling);
    }
    if (same.length > MOST) {
      yield* noteParagraph(`${count(same.length - MOST, "more note")} of this kind (${code}): --json`, telling);
    }
  }
}

function noteParagraph(text: string, { style }: Telling): string[] {
  return paragraph(text, style, { hang: 6, label: "Note" });
}

function sentence(note: Finding, { background, clock }: Telling): string {
  if (note.kind === "note") {
    const words = tellNote(note, background, clock);
    return note.binding === null ? capital(words) : words;
  }
  const { what, because } = tell(note, background, clock);
  return `${whoIs(note.binding)} ${what}: ${because}`;
}

function frame({ evidence }: Finding): string {
  const [first] = evidence;
  return first === undefined ? "" : `, frame ${first.frameNumber}`;
}

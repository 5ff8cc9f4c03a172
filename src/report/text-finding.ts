import type { Finding, LossFinding } from "../findings/finding.js";
import { describe, tell, tellNote } from "../findings/prose.js";
import type { Background } from "../findings/prose/facts.js";
import { capital, count, list, type Clock } from "../findings/prose/words.js";
import { remediesFor, type Remedy } from "../findings/remedies.js";
import type { FrameRef } from "../lease/message.js";
import { safeText } from "./safe-text.js";
import { timelineLines } from "./text-timeline.js";
import { commandLines, paragraph, type TextStyle } from "./text-style.js";

/** What a finding needs to be laid out, and what was said already. */
export interface Telling {
  readonly background: Background;
  readonly clock: Clock;
  readonly style: TextStyle;
  /** Remedies that were printed, and for whom: everything is said once. */
  readonly said: Map<Remedy, string>;
}

const INDENT = 2;
const HANG = 8;

/** One finding below the heading of its client: what was lost, why, what it is not, what to do. */
export function* findingLines(finding: Finding, who: string, telling: Telling): Generator<string> {
  const { background, clock, style } = telling;
  if (finding.kind === "note") {
    const sentence = tellNote(finding, background, clock);
    yield* paragraph(`${finding.binding === null ? capital(sentence) : sentence}.`, style, { indent: INDENT });
    yield "";
    yield* labelled("Why", `${finding.code}. ${describe(finding, background).detail}${frames(finding)}`, style);
  } else {
    const { what, because, why, not, open } = tell(finding, background, clock);
    yield* paragraph(`${capital(what)}: ${because}.`, style, { indent: INDENT });
    const timeline = timelineLines(finding, clock, style);
    if (timeline.length > 0) yield "";
    yield* timeline;
    yield "";
    yield* labelled("Why", `${certainty(finding)}${why.join(" ")}${frames(finding)}`, style);
    if (not.length > 0) yield* labelled("Not", not.join(" ").replace(/(^|\. )Not /g, dropNot), style);
    if (open.length > 0) yield* labelled("Open", open.join(" "), style);
  }
  yield* fixLines(remediesFor(finding, background), who, telling);
}

/** The label says it for the first sentence. */
function dropNot(match: string): string {
  return match.startsWith(".") ? match : "";
}

/** "offload-partial, certain. " */
function certainty({ code, confidence, alternatives }: LossFinding): string {
  const other = confidence === "certain" || alternatives.length === 0 ? "" : ` (or ${alternatives.join(", ")})`;
  return `${code}, ${confidence}${other}. `;
}

/** Which frames to open in Wireshark: from the first to the last of each input. */
function frames({ evidence }: Finding): string {
  const inputs = new Map<string, FrameRef[]>();
  for (const sighting of evidence) {
    const { input } = sighting.point;
    inputs.set(input, [...(inputs.get(input) ?? []), sighting]);
  }
  const ranges = [...inputs].map(([input, sightings]) => {
    const numbers = sightings.map(({ frameNumber }) => frameNumber);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    const of = inputs.size > 1 ? ` of ${safeText(input)}` : "";
    return `${first === last ? `${first}` : `${first} to ${last}`}${of}`;
  });
  if (ranges.length === 0) return "";
  return evidence.length === 1 ? ` Frame ${list(ranges)}.` : ` Frames ${list(ranges)} (${evidence.length} of them).`;
}

function* fixLines(remedies: readonly Remedy[], who: string, telling: Telling): Generator<string> {
  const { style, said } = telling;
  const [best, ...others] = remedies;
  if (best === undefined) return;
  const before = said.get(best);
  if (before !== undefined) {
    yield* labelled("Fix", before === who ? "As above." : `As for ${before} above.`, style);
    return;
  }
  said.set(best, who);
  yield* labelled("Fix", `If ${best.appliesWhen.replace(/\.$/, ":")}`, style);
  if (best.command !== null) yield* commandLines(best.command, style, HANG + 2);
  const undo = best.undo === null ? "" : ` Undo: ${firstSentence(best.undo)}`;
  const check = ` Check: ${firstSentence(best.check)}`;
  const more = others.length === 0 ? "" : ` ${count(others.length, "other remedy")} and all details: --json.`;
  yield* paragraph(`${best.what} ${firstSentence(best.limits)}${undo}${check}${more}`, style, { indent: HANG });
}

/** The rest is for those who ask for it. */
function firstSentence(text: string): string {
  const end = /\.(?= [A-Z])/.exec(text)?.index;
  return end === undefined ? `${text.replace(/\.$/, "")}.` : text.slice(0, end + 1);
}

function labelled(label: string, text: string, style: TextStyle): string[] {
  return paragraph(text, style, { indent: INDENT, hang: HANG, label });
}

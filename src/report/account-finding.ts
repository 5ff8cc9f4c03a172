import type { Finding, LossFinding } from "../findings/finding.js";
import { MOST_EVIDENCE } from "../findings/losses.js";
import { tell, tellNote } from "../findings/prose.js";
import { hasSeveralInputs, type Background } from "../findings/prose/facts.js";
import { quoted } from "../findings/prose/foreign-text.js";
import { whoIs } from "../findings/prose/who.js";
import { capital, count, list, type Clock } from "../findings/prose/words.js";
import type { FittingRemedy } from "../findings/remedies.js";
import { fittingHere } from "../host/remedies-here.js";
import type { HostView } from "../host/view.js";
import type { FrameRef } from "../lease/message.js";
import type { Block } from "./blocks.js";
import { whereText } from "./client-host.js";
import { timelineOf } from "./timeline.js";

/** What an account needs to know, and what was said already. */
export interface Telling {
  readonly background: Background;
  readonly clock: Clock;
  /** Every detail of the evidence, and every attempt. */
  readonly verbose: boolean;
  /** The host that the clients are on; null: nothing is known of one. */
  readonly host: HostView | null;
  /** Remedies that were told, and for whom: everything is said once. */
  readonly said: Map<string, string>;
}

/** One finding below the heading of its client: what happened, why, what to do; then what it is not, and where to look. */
export function* findingBlocks(finding: Finding, who: string, telling: Telling): Generator<Block> {
  const { background, clock, verbose } = telling;
  if (finding.kind === "note") {
    const { summary, detail } = tellNote(finding, background, clock);
    // The heading names the client.
    const name = finding.binding === null ? "" : `${whoIs(finding.binding)} `;
    const sentence = summary.startsWith(name) ? summary.slice(name.length) : summary;
    yield { kind: "account", text: `${capital(sentence)}.` };
    yield { kind: "labelled", label: "Why", text: `${finding.code}. ${detail.join(" ")}` };
    yield* hostBlocks(finding, telling.host);
    yield* fixBlocks(finding, who, telling);
  } else {
    const { what, because, why, also, not, open } = tell(finding, background, clock);
    yield { kind: "account", text: `${capital(what)}. ${capital(because)}.` };
    const timeline = timelineOf(finding);
    if (timeline !== null) yield { kind: "timeline", timeline };
    const evidence = [...why, ...(verbose ? also : [])];
    yield { kind: "labelled", label: "Why", text: `${certainty(finding)}${evidence.join(" ")}` };
    yield* hostBlocks(finding, telling.host);
    yield* fixBlocks(finding, who, telling);
    if (not.length > 0) yield { kind: "labelled", label: "Not", text: withoutNot(not) };
    if (open.length > 0) yield { kind: "labelled", label: "Open", text: open.join(" ") };
  }
  const seen = [framesOf(finding, hasSeveralInputs(background)), linesOf(finding)].filter((text) => text !== null);
  if (seen.length > 0) yield { kind: "labelled", label: "See", text: seen.join(". ") };
  yield { kind: "labelled", label: "More", text: moreOf(finding, telling) };
}

/** The label says the first of them. */
function withoutNot([first = "", ...others]: readonly string[]): string {
  return [first.replace(/^Not /, ""), ...others].join(" ");
}

/** "offload-partial, certain. " */
function certainty({ code, confidence, alternatives }: LossFinding): string {
  const other = confidence === "certain" || alternatives.length === 0 ? "" : ` (or ${alternatives.join(" or ")})`;
  return `${code}, ${confidence}${other}. `;
}

/** Which frames to open in Wireshark: from the first to the last of each input. */
function framesOf({ evidence, binding }: Finding, severalInputs: boolean): string | null {
  const inputs = new Map<string, FrameRef[]>();
  for (const sighting of evidence) {
    const { input } = sighting.point;
    inputs.set(input, [...(inputs.get(input) ?? []), sighting]);
  }
  const ranges = [...inputs].map(([input, sightings]) => {
    const numbers = sightings.map(({ frameNumber }) => frameNumber);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    const of = severalInputs ? ` of ${quoted(input)}` : "";
    return `${first === last ? `${first}` : `${first} to ${last}`}${of}`;
  });
  if (ranges.length === 0) return null;
  const more = evidence.length >= MOST_EVIDENCE ? ", and more" : "";
  const frames = `${evidence.length === 1 ? "Frame" : "Frames"} ${list(ranges)}${more}`;
  return binding === null ? `${frames}.` : `${frames}; in Wireshark: dhcp.hw.mac_addr == ${binding.client.address}`;
}

/** "Lines 16 to 31 of client.log" */
function linesOf(finding: Finding): string | null {
  if (finding.kind === "note" || finding.lines.length === 0) return null;
  const inputs = new Map<string, number[]>();
  for (const { input, line } of finding.lines) inputs.set(input, [...(inputs.get(input) ?? []), line]);
  const ranges = [...inputs].map(([input, lines]) => {
    const [first, last] = [Math.min(...lines), Math.max(...lines)];
    return `${first === last ? `line ${first}` : `lines ${first} to ${last}`} of ${quoted(input)}`;
  });
  return capital(list(ranges));
}

/** Which machine it is, where the host was asked. */
function* hostBlocks(finding: Finding, view: HostView | null): Generator<Block> {
  if (view === null || finding.binding === null) return;
  const found = view.portOf(finding);
  const text = found === null ? "No port of this host is known to lead to it." : whereText(found, finding.binding);
  yield { kind: "labelled", label: "Host", text };
}

/** The best remedy with all that belongs to it, and the next: instead of it, or after what it finds. */
function* fixBlocks(finding: Finding, who: string, { background, said, host }: Telling): Generator<Block> {
  const [best, second] = fittingHere(finding, background, host);
  if (best === undefined) return;
  const { undo, command, check } = best.remedy;
  // What only looks mends nothing.
  const label = undo === null ? "Look" : "Fix";
  const key = JSON.stringify([best.remedy.id, best.remedy.appliesWhen]);
  const before = said.get(key);
  if (before !== undefined) {
    yield { kind: "labelled", label, text: before === who ? "As above." : `As for ${before} above.` };
    return;
  }
  said.set(key, who);
  yield* remedyBlocks(label, best);
  if (undo !== null) yield* undoBlocks(undo, command);
  yield { kind: "labelled", label: "Check", text: firstSentence(check) };
  if (second !== undefined) yield* remedyBlocks(undo === null ? "Then" : "Or", second);
}

/** Told with its condition, unless that was seen to hold. */
function* remedyBlocks(label: "Look" | "Fix" | "Or" | "Then", { remedy, isShown }: FittingRemedy): Generator<Block> {
  const { title, appliesWhen, command, what, limits } = remedy;
  yield { kind: "labelled", label, text: isShown ? `${title}:` : `${title}, if ${appliesWhen.replace(/\.$/, ":")}` };
  if (command !== null) yield { kind: "command", label: null, command };
  yield { kind: "more", text: `${what} ${firstSentence(limits)}` };
}

/** So many remedies are told in full. */
const TOLD = 2;

/** Where there is more to read: the page of the code, and how many remedies were not told. */
function moreOf(finding: Finding, { background, host }: Telling): string {
  const untold = fittingHere(finding, background, host).length - TOLD;
  return `leasetap explain ${finding.code}${untold > 0 ? `, with ${count(untold, "other remedy")}` : ""}`;
}

/** A command, unless it is a sentence. A rule is taken out with the words that put it in. */
function* undoBlocks(undo: string, command: string | null): Generator<Block> {
  const same = undo === command?.replace(" -A ", " -D ");
  const isCommand = !same && /^[a-z][^.]* /.test(undo) && !undo.endsWith(".") && !/;|, /.test(undo);
  if (isCommand) yield { kind: "command", label: "Undo", command: undo };
  else yield { kind: "labelled", label: "Undo", text: same ? SAME : firstSentence(undo) };
}

const SAME = "The same command with -D in place of -A.";

/** The rest is for those who ask for it. */
function firstSentence(text: string): string {
  const end = /\.(?= [A-Z])/.exec(text)?.index;
  return end === undefined ? `${text.replace(/\.$/, "")}.` : text.slice(0, end + 1);
}

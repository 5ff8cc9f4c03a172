import type { Clock } from "../findings/prose/words.js";
import { drawTimeline, type Row } from "./timeline-lines.js";
import type { Timeline } from "./timeline.js";
import { paint, paragraph, widthOf, type TextStyle, type Tone } from "./text-style.js";

/** From the start of a row's label to the row. */
const LABEL = 8;

/** Rows of fewer columns leave the words below them no room to be indented as far. */
const NARROW = 50;

const TONES: Readonly<Record<string, Tone>> = {
  X: "error",
  "\u2573": "error",
  ".": "error",
  "\u2508": "error",
};

/** The drawing of a renewal in lines of the style's width. */
export function timelineText(timeline: Timeline, clock: Clock, style: TextStyle, indent: number): string[] {
  const columns = widthOf(style) - indent - LABEL;
  const { rows, key } = drawTimeline(timeline, clock, columns, style.unicode);
  const layout = { indent: columns < NARROW ? indent + 2 : indent + LABEL };
  return [
    ...(timeline.of > 1 ? paragraph(`One of ${timeline.of} renewals:`, style, { indent }) : []),
    ...rows.map(({ label, text }) => `${" ".repeat(indent)}${label.padEnd(LABEL)}${painted(text, label, style)}`),
    ...paragraph(key, style, layout),
  ];
}

/** Runs of marks of one tone in one go. */
function painted(text: string, row: Row["label"], style: TextStyle): string {
  const runs: { tone: Tone; marks: string }[] = [];
  for (const mark of text) {
    const tone = row === "lease" || row === "answer" ? toneOf(mark, row) : "plain";
    const last = runs.at(-1);
    if (last?.tone === tone) last.marks += mark;
    else runs.push({ tone, marks: mark });
  }
  return runs.map(({ tone, marks }) => paint(marks, tone, style)).join("");
}

function toneOf(mark: string, row: "lease" | "answer"): Tone {
  if (row === "lease") return TONES[mark] ?? "plain";
  if (/[PGWZU]/.test(mark)) return "well";
  return /[pgwzulNixm-]/.test(mark) ? "error" : "plain";
}

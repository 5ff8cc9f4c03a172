import type { Remedy } from "../findings/remedies.js";
import { DAMAGE_CODES } from "./damage-codes.js";
import { MESSAGES, type Message } from "./messages.js";
import type { Code } from "./page.js";
import { everyRemedy, isCode, PAGES } from "./pages.js";
import { readLine, type Reading } from "./readings.js";

/** What a reader asked for. `message` is the line that led to a page, `reading` what this very line proves. */
export type Found =
  | { readonly kind: "page"; readonly code: Code; readonly message: Message | null; readonly reading: Reading | null }
  | { readonly kind: "remedy"; readonly remedy: Remedy }
  | { readonly kind: "nothing"; readonly near: readonly string[] };

/** Longer texts are no code and no line of a log. */
const LONGEST = 2000;

/**
 * The page for a code, for a remedy by its name, or for a line that another program printed.
 *
 * @param text as it was typed or pasted: in any case, with _ for - and spaces around it
 */
export function find(text: string): Found {
  const asked = text.slice(0, LONGEST).trim().toLowerCase();
  const name = asked.replace(/[_\s]+/g, "-");
  if (isCode(name)) return { kind: "page", code: name, message: null, reading: null };
  const other = ALIASES.get(name);
  if (other !== undefined) return { kind: "page", code: other, message: null, reading: null };
  if (Object.hasOwn(DAMAGE_CODES, name)) return { kind: "page", code: "damage", message: null, reading: null };
  const remedy = everyRemedy().find(({ id }) => id === name);
  if (remedy !== undefined) return { kind: "remedy", remedy };
  const message = MESSAGES.find(({ pattern }) => pattern.test(asked));
  if (message !== undefined) {
    const reading = readLine(asked);
    return { kind: "page", code: reading?.code ?? message.code, message, reading };
  }
  return { kind: "nothing", near: nearTo(name) };
}

/** Words of reports that a page explains under another name. */
const ALIASES: ReadonlyMap<string, Code> = new Map([
  ["certain", "confidence"],
  ["likely", "confidence"],
  ["possible", "confidence"],
  ["t1", "lease-time"],
  ["t2", "lease-time"],
  ["bridge", "names"],
  ["tap", "names"],
  ["mac", "names"],
  ["server", "names"],
  ["udp-checksum-set-0", "zeroing-rule"],
]);

/** Names that a reader may have meant, the nearest first: few letters differ, or one is part of the other. */
function nearTo(name: string): string[] {
  const names = [...Object.keys(PAGES), ...everyRemedy().map(({ id }) => id)];
  const near = names
    .map((known) => ({ known, distance: distance(name.slice(0, LONGEST_NAME), known) }))
    .filter(({ known, distance: letters }) => letters <= Math.max(1, known.length / 3) || isPart(name, known))
    .sort((a, b) => a.distance - b.distance);
  return near.slice(0, MOST).map(({ known }) => known);
}

const LONGEST_NAME = 40;
const MOST = 4;
/** Shorter parts fit anything. */
const SHORTEST_PART = 3;

function isPart(name: string, known: string): boolean {
  return (
    name.length >= SHORTEST_PART && (known.includes(name) || (known.length > SHORTEST_PART && name.includes(known)))
  );
}

/** Letters to change, put in, take out or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = Number(a[i - 1] !== b[j - 1]);
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? Infinity) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

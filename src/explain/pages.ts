import { remediesOf, type Remedy } from "../findings/remedies.js";
import type { Code, Page } from "./page.js";
import { PATTERNS, VERDICTS } from "./pages/checksums.js";
import { HOST } from "./pages/host.js";
import { IGNORED } from "./pages/ignored.js";
import { NOTES } from "./pages/notes.js";
import { TOPICS } from "./pages/topics.js";
import { UNANSWERED } from "./pages/unanswered.js";

/** A page for every code; the type asks for one that is missing. */
export const PAGES: Readonly<Record<Code, Page>> = {
  ...IGNORED,
  ...UNANSWERED,
  ...NOTES,
  ...VERDICTS,
  ...PATTERNS,
  ...TOPICS,
  ...HOST,
};

export interface Group {
  readonly title: string;
  readonly codes: readonly Code[];
}

/** The order in which pages are listed, on the terminal and in docs/. */
export const GROUPS = {
  ignored: { title: "Replies that came and were ignored", codes: keysOf(IGNORED) },
  unanswered: { title: "Requests without an answer, refused, or never sent", codes: keysOf(UNANSWERED) },
  notes: { title: "Notes", codes: keysOf(NOTES) },
  verdicts: { title: "What a UDP checksum is", codes: keysOf(VERDICTS) },
  patterns: { title: "What a wrong UDP checksum tells", codes: keysOf(PATTERNS) },
  host: { title: "What leasetap doctor says of a host", codes: keysOf(HOST) },
  topics: { title: "Beside the codes", codes: keysOf(TOPICS) },
} as const satisfies Readonly<Record<string, Group>>;

/** Each remedy that any page has, once. */
export function everyRemedy(): Remedy[] {
  const pages = Object.values(PAGES);
  const causes = [...keysOf(IGNORED), ...keysOf(UNANSWERED), ...keysOf(NOTES)].flatMap((code) => [...remediesOf(code)]);
  const all = [...causes, ...pages.flatMap(({ remedies }) => [...remedies])];
  return [...new Map(all.map((remedy) => [remedy.id, remedy])).values()];
}

export function isCode(text: string): text is Code {
  return Object.hasOwn(PAGES, text);
}

function keysOf<K extends string>(record: Readonly<Record<K, Page>>): K[] {
  const isKey = (key: string): key is K => Object.hasOwn(record, key);
  return Object.keys(record).filter(isKey);
}

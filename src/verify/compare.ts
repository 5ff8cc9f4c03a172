import type { Count, Expectation, Run } from "./expectation.js";
import { isObject, oneLine, type JsonObject, type Step } from "./json.js";
import { fits, isOperation, valueAt } from "./pattern.js";

/** One place of an expect.json that does not hold. */
export interface Difference {
  /** Within the run. */
  readonly path: readonly Step[];
  readonly sentence: string;
  /** What would hold there. */
  readonly replacement: unknown;
}

/** What an analysis gave. */
export interface Outcome {
  /** As `--json --frames` prints them. */
  readonly records: readonly unknown[];
  readonly exitCode: number;
}

/** Where a run did not go as expected. */
export function compareRun(run: Run, { records, exitCode }: Outcome): Difference[] {
  const differences = run.expect.flatMap((expectation, index) =>
    compareExpectation(expectation, records.filter(isObject)).map((difference) => ({
      ...difference,
      path: ["expect", index, ...difference.path],
    })),
  );
  if (run.exit === null || run.exit === exitCode) return differences;
  const sentence = `exit code ${run.exit} expected, ${exitCode} came`;
  return [...differences, { path: ["exit"], sentence, replacement: exitCode }];
}

function compareExpectation(expectation: Expectation, records: readonly JsonObject[]): Difference[] {
  const matches = records.filter((record) => fits(expectation.where, record));
  const what = expectation.about ?? oneLine(expectation.where);
  return [
    ...compareCount(expectation, matches, what),
    ...compareFrames(expectation, matches, what),
    ...compareEach(expectation, matches, what),
  ];
}

function compareCount({ count, frames }: Expectation, matches: readonly JsonObject[], what: string): Difference[] {
  // A list of frames counts by itself; without any count one match must be there.
  const wanted = count ?? (frames === null ? { min: 1 } : null);
  if (wanted === null || isCount(wanted, matches.length)) return [];
  const which = matches.length === 0 ? "" : `: ${names(matches)}`;
  const sentence = `${what}: ${countText(wanted)} expected, ${matches.length} found${which}`;
  return [{ path: ["count"], sentence, replacement: matches.length }];
}

function isCount(wanted: Count, found: number): boolean {
  if (typeof wanted === "number") return wanted === found;
  return found >= (wanted.min ?? 0) && found <= (wanted.max ?? Infinity);
}

function countText(count: Count): string {
  if (typeof count === "number") return String(count);
  if (count.max === undefined) return `at least ${count.min ?? 0}`;
  return count.min === undefined ? `at most ${count.max}` : `${count.min} to ${count.max}`;
}

function compareFrames({ frames }: Expectation, matches: readonly JsonObject[], what: string): Difference[] {
  if (frames === null) return [];
  const found = matches.map((record) => record["frame"]);
  const missing = frames.filter((frame) => !found.includes(frame));
  const extra = found.filter((frame) => !frames.some((wanted) => wanted === frame));
  if (missing.length === 0 && extra.length === 0 && found.length === frames.length) return [];
  const parts = [
    missing.length === 0 ? "" : `missing ${missing.join(", ")}`,
    extra.length === 0 ? "" : `unexpected ${extra.join(", ")}`,
    missing.length + extra.length === 0 ? "as often as given" : "",
  ];
  const sentence = `${what}: frames ${parts.filter((part) => part !== "").join("; ")}`;
  return [{ path: ["frames"], sentence, replacement: found }];
}

function compareEach({ each }: Expectation, matches: readonly JsonObject[], what: string): Difference[] {
  if (each === null) return [];
  return leaves(each).flatMap(({ path, pattern }) => {
    const dotted = path.join(".");
    const strays = matches.filter((record) => !fits(pattern, valueAt(record, dotted)));
    if (strays.length === 0) return [];
    const values = distinct(matches.map((record) => valueAt(record, dotted) ?? null));
    const told = strays.map((record) => `${nameOf(record)} has ${oneLine(valueAt(record, dotted) ?? null)}`);
    return [
      {
        path: ["each", ...path],
        sentence: `${what}: ${dotted} ${oneLine(pattern)} expected, ${listed(told)}`,
        replacement: values.length === 1 ? values[0] : { $oneOf: values },
      },
    ];
  });
}

/** The places of a pattern that compare something, so that each can be told and replaced by itself. */
function leaves(pattern: JsonObject): { path: string[]; pattern: unknown }[] {
  return Object.entries(pattern).flatMap(([key, item]) =>
    isObject(item) && !isOperation(item)
      ? leaves(item).map((leaf) => ({ ...leaf, path: [key, ...leaf.path] }))
      : [{ path: [key], pattern: item }],
  );
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

const NAMED = 6;

function names(records: readonly JsonObject[]): string {
  return listed(records.map(nameOf));
}

function listed(words: readonly string[]): string {
  const more = words.length > NAMED ? ` and ${words.length - NAMED} more` : "";
  return `${words.slice(0, NAMED).join(", ")}${more}`;
}

/** How to find a record again: its frame, else its id and client. */
function nameOf(record: JsonObject): string {
  const type = String(record["type"]);
  if (type === "frame") return `frame ${String(record["frame"])}`;
  const { id, client, server, input } = record;
  const name = [id, client, server, input].find((value) => typeof value === "string");
  const of = typeof id === "string" && typeof client === "string" ? ` of ${client}` : "";
  return `${type}${typeof name === "string" ? ` ${name}` : ""}${of}`;
}

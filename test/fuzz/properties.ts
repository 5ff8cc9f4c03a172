import { secondsBetween } from "../../src/capture/instant.js";
import { records } from "../../src/report/json.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { safeJson, safeJsonText } from "../../src/report/safe-text.js";
import { renderMarkdown } from "../../src/report/markdown.js";
import { renderReport } from "../../src/report/text.js";
import { validateRecord } from "../support/validate.js";
import { play, read, type Got, type Played, type Read } from "./play.js";
import type { Random } from "./random.js";

/** Something that must hold for any bytes does not. */
export class Violation extends Error {}

/** @param what made only where it does not hold: sentences for all that does would take longer than the program */
function demand(holds: boolean, what: () => string): void {
  if (!holds) throw new Violation(what());
}

/** What is looked at, and how. Chosen once, so that a smaller input can be tried in the same way. */
export interface Choices {
  readonly keepHealthy: boolean;
  /** Whether the report is written, as text and as Markdown. */
  readonly report: boolean;
  /** Whether the records are made. */
  readonly records: boolean;
  /** Whether they are written as lines of JSON. */
  readonly json: boolean;
  /** Whether every one is held against the schema. */
  readonly schema: boolean;
  /** Size of the blocks of a second reading; null: there is none. */
  readonly blocks: number | null;
  /** The part of the input, 0 to 1, after which a second reading ends; null: there is none. */
  readonly prefix: number | null;
  readonly columns: number;
  readonly unicode: boolean;
}

const SIZES = [1, 2, 3, 7, 16, 61, 100, 256, 1000, 4096];

/**
 * Reading, decoding, following and judging are done in every case; telling takes longer than all of them, and is done in
 * some. How many is said in README.md beside this file, and at the end of each run.
 */
export function choose(random: Random): Choices {
  return {
    keepHealthy: random.oneIn(2),
    report: random.oneIn(10),
    records: random.oneIn(3),
    json: random.oneIn(10),
    schema: random.oneIn(40),
    blocks: random.oneIn(10) ? random.pick(SIZES) : null,
    prefix: random.oneIn(10) ? random.below(1000) / 1000 : null,
    columns: random.pick([1, 40, 80, 120]),
    unicode: random.oneIn(2),
  };
}

/** What can be looked at beside the reading of a case, and whether these choices do: for counting. */
export const LOOKS: Readonly<Record<string, (choices: Choices) => boolean>> = {
  "made into records": makesRecords,
  "written as JSON": writesJson,
  "held against the schema": ({ schema }) => schema,
  "written as a report": ({ report }) => report,
  "read again in other blocks": ({ blocks }) => blocks !== null,
  "read again in part": ({ prefix }) => prefix !== null,
};

function makesRecords(choices: Choices): boolean {
  return choices.records || writesJson(choices);
}

/** To be held against the schema, or against those of another reading, they must be lines. */
function writesJson({ json, schema, blocks }: Choices): boolean {
  return json || schema || blocks !== null;
}

/** Every way of looking, for inputs that once showed something. */
export function everyChoice(): Choices[] {
  return [true, false].flatMap((keepHealthy) =>
    SIZES.map((blocks, index) => {
      const prefix = (index + 1) / (SIZES.length + 1);
      return {
        keepHealthy,
        report: true,
        records: true,
        json: true,
        schema: true,
        blocks,
        prefix,
        columns: 80,
        unicode: index % 2 === 0,
      };
    }),
  );
}

/**
 * Reads the bytes from end to end, and looks at what comes of them.
 *
 * @returns frames that were read: a measure of the work
 * @throws Violation, or whatever the program threw
 */
export function check(bytes: Uint8Array, choices: Choices): number {
  const { keepHealthy, blocks, prefix } = choices;
  const played = play(bytes, Math.max(1, bytes.length), keepHealthy);
  checkRead(bytes, played);
  const lines = checkRecords(played, choices);
  if (choices.report) checkReport(played, choices);
  if (prefix !== null) checkPrefix(bytes, played, Math.floor(prefix * bytes.length));
  if (blocks !== null) checkBlocks(bytes, played, lines, blocks, keepHealthy);
  return played.frames;
}

/** No frame comes from nowhere, and damage lies within the input. */
function checkRead(bytes: Uint8Array, { got, frames, damage, found }: Played): void {
  demand(frames === got.length, () => `the reader counts ${frames} frames and gave ${got.length}`);
  demand(16 * frames <= bytes.length, () => `${frames} frames from ${bytes.length} bytes`);
  const captured = got.reduce((sum, frame) => sum + frame.captured, 0);
  demand(captured <= bytes.length, () => `${captured} bytes of frames from ${bytes.length} bytes`);
  for (const { captured: present, original, nanos, seconds } of got) {
    demand(present <= original, () => `${present} bytes captured of ${original}`);
    demand(nanos >= 0 && nanos < 1e9, () => `${nanos} nanoseconds`);
    demand(Number.isNaN(seconds) || Number.isInteger(seconds), () => `${seconds} seconds`);
  }
  const [input] = found.inspection.inputs;
  demand(input?.frames === frames, () => "frames are counted twice or not at all");
  demand((input?.dhcp ?? 0) <= frames, () => "more DHCP than frames");
  // As they happened; printed, times run back where the capture's clock was set back.
  for (const { from, to } of found.inspection.findings) {
    demand(secondsBetween(from, to) >= 0, () => "a finding ends before it begins");
  }
  if (damage === null) return;
  demand(damage.offset >= 0 && damage.offset <= bytes.length, () => `damage at ${damage.offset} of ${bytes.length}`);
  demand(Number.isInteger(damage.offset), () => `damage at ${damage.offset}`);
  demand(!UNPRINTABLE.test(damage.sentence), () => "control characters in the sentence of damage");
}

/** Controls, what turns text round or hides, ends of lines, halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const BEYOND_ASCII = /[^\x20-\x7e]/;

/** Each record is one line of JSON that means what it says, and as the schema has it. */
function checkRecords({ found, frames }: Played, choices: Choices): string[] {
  const { schema } = choices;
  const lines: string[] = [];
  if (!makesRecords(choices)) return lines;
  for (const record of records(found, EVERYTHING, true)) {
    if (writesJson(choices)) {
      const plain = JSON.stringify(record);
      const line = safeJsonText(plain);
      lines.push(line);
      demand(!UNPRINTABLE.test(line), () => `characters that do not print in a ${record.type}`);
      demand(line === plain || JSON.stringify(JSON.parse(line)) === plain, () => `a ${record.type} changes on its way`);
    }
    const wrong = notJson(record);
    demand(wrong === null, () => `${wrong ?? ""} in a ${record.type}`);
    if (record.type === "frame") demandNumber(record.frame, frames);
    if (record.type === "finding") {
      for (const ref of record.evidence) if ("frame" in ref) demandNumber(ref.frame, frames);
    }
    const faults = schema ? validateRecord(record) : [];
    demand(faults.length === 0, () => `${record.type}: ${faults.join("; ")}`);
  }
  return lines;
}

function demandNumber(frame: number, frames: number): void {
  demand(frame >= 1 && frame <= frames, () => `frame ${frame} of ${frames}`);
}

/** A number that JSON does not have, or a value that it leaves out, anywhere within. */
function notJson(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : String(value);
  if (value === undefined) return "undefined";
  if (typeof value !== "object" || value === null) return null;
  for (const part of Object.values(value)) {
    const wrong = notJson(part);
    if (wrong !== null) return wrong;
  }
  return null;
}

function checkReport({ found }: Played, { columns, unicode }: Choices): void {
  const style = { columns, color: false, unicode };
  for (const line of renderReport(found, EVERYTHING, style, { verbose: unicode })) {
    checkLine(line, "report");
    demand(unicode || !BEYOND_ASCII.test(line), () => `more than ASCII in the report: ${JSON.stringify(line)}`);
  }
  for (const line of renderMarkdown(found, EVERYTHING, { verbose: !unicode })) checkLine(line, "page");
}

function checkLine(line: string, where: string): void {
  demand(!UNPRINTABLE.test(line), () => `characters that do not print in the ${where}: ${JSON.stringify(line)}`);
  demand(!/\b(NaN|undefined|Infinity)\b|\[object/.test(line), () => `no words for a value in the ${where}: ${line}`);
}

/** An input that ends early shows the same frames as far as it goes, if it is sound as far. */
function checkPrefix(bytes: Uint8Array, whole: Read, length: number): void {
  const part = read(bytes.subarray(0, length), Math.max(1, length));
  // Where a record may lie, what follows decides, and what is cut off cannot: then the reader may find other records.
  if (part.damage?.code === "resynchronised" || (whole.damage?.offset ?? Infinity) < length) return;
  // Few records do not tell how long the headers are, in pcap files of patched libpcaps.
  const [first] = part.got;
  if (first !== undefined && part.got.length < TELLING_RECORDS && !isSame(first, whole.got[0])) return;
  demand(
    part.got.length <= whole.got.length,
    () => `${part.got.length} frames in a part, ${whole.got.length} in the whole`,
  );
  part.got.forEach((frame, index) => {
    // Where zeros are the last of the part, they may be those of a lost sector, and begin within the frame before them.
    if (index === part.got.length - 1 && frame.captured < (whole.got[index]?.captured ?? 0)) return;
    demand(isSame(frame, whole.got[index]), () => `frame ${index + 1} differs where the input ends at ${length}`);
  });
}

/** The size of blocks is chance: it must not show. */
function checkBlocks(bytes: Uint8Array, whole: Played, lines: readonly string[], size: number, healthy: boolean): void {
  const other = play(bytes, size, healthy);
  demand(other.frames === whole.frames, () => `blocks of ${size}: ${other.frames} frames, not ${whole.frames}`);
  other.got.forEach((frame, index) => {
    demand(isSame(frame, whole.got[index]), () => `blocks of ${size}: frame ${index + 1} differs`);
  });
  let index = 0;
  for (const record of records(other.found, EVERYTHING, true)) {
    const line = safeJson(record);
    const before = lines[index] ?? "nothing";
    demand(line === before, () => `blocks of ${size}: a ${record.type} differs: ${difference(before, line)}`);
    index += 1;
  }
  demand(index === lines.length, () => `blocks of ${size}: ${index} records, not ${lines.length}`);
}

function difference(before: string, after: string): string {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  const start = Math.max(0, at - 30);
  return `...${before.slice(start, at + 40)}... and ...${after.slice(start, at + 40)}...`;
}

/** So many in a row are believed. */
const TELLING_RECORDS = 4;

function isSame(a: Got, b: Got | undefined): boolean {
  return (
    a.digest === b?.digest &&
    a.captured === b.captured &&
    a.original === b.original &&
    Object.is(a.seconds, b.seconds) &&
    a.nanos === b.nanos &&
    a.point === b.point
  );
}

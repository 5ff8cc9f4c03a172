import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cases } from "./cases.js";
import { isKnown } from "./known.js";
import { minimise } from "./minimise.js";
import { check, choose, Violation, type Choices } from "./properties.js";

/** Which cases: `first`, and from there every `step`th, up to below `end`. */
export interface Range {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

/** Told before each case; what hangs, and where, shows from outside. False ends the run. */
export type Progress = (number: number, frames: number) => boolean;

export interface Totals {
  readonly cases: number;
  readonly frames: number;
  readonly bytes: number;
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  readonly kinds: Readonly<Record<string, number>>;
  /** Cases that met what known.ts lists. */
  readonly known: number;
  readonly failures: readonly string[];
}

/** Kinds of failure after which a run ends: more of them have one reason. */
const MOST_FAILURES = 8;

/** Runs the cases of a range; each kind of failure is told once, with the input that shows it in a file. */
export function run({ seed, first, step, end }: Range, progress: Progress): Totals {
  const source = new Cases();
  const kinds: Record<string, number> = {};
  const failures = new Map<string, string>();
  let cases = 0;
  let frames = 0;
  let known = 0;
  let bytes = 0;
  let slowest = { number: first, milliseconds: 0 };
  for (let number = first; number < end && failures.size < MOST_FAILURES; number += step) {
    if (!progress(number, frames)) break;
    const started = performance.now();
    const { kind, bytes: input, random } = source.make(seed, number);
    const choices = choose(random);
    let error: unknown = null;
    try {
      frames += check(input, choices);
    } catch (thrown) {
      error = thrown;
    }
    const milliseconds = performance.now() - started;
    if (error !== null) {
      const sign = signature(error);
      if (isKnown(error)) known += 1;
      else if (!failures.has(sign)) failures.set(sign, describe({ seed, number, kind, input, choices, error }));
    }
    if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds };
    cases += 1;
    bytes += input.length;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return { cases, frames, bytes, slowest, kinds, known, failures: [...failures.values()] };
}

/** The same for failures that have one reason: what was said without its numbers, and the place that said it. */
function signature(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.replace(/\.\.\..*$|\d+/gs, "");
  if (error instanceof Violation) return message;
  return `${message} ${/\/src\/\S+/.exec(error.stack ?? "")?.[0] ?? ""}`;
}

interface Failure {
  readonly seed: number;
  readonly number: number;
  readonly kind: string;
  readonly input: Uint8Array;
  readonly choices: Choices;
  readonly error: unknown;
}

function describe({ seed, number, kind, input, choices, error }: Failure): string {
  const sign = signature(error);
  const small = minimise(input, (candidate) => {
    try {
      check(candidate, choices);
      return false;
    } catch (other) {
      return signature(other) === sign;
    }
  });
  const folder = mkdtempSync(join(tmpdir(), "leasetap-fuzz-"));
  const files = { whole: join(folder, `${seed}-${number}.bin`), small: join(folder, `${seed}-${number}-small.bin`) };
  writeFileSync(files.whole, input);
  writeFileSync(files.small, small);
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `case ${number} of seed ${seed} (${kind}): ${story}`,
    `  repeat it: npm run fuzz -- --seed ${seed} --case ${number}`,
    `  input: ${files.whole} (${input.length} bytes); smaller: ${files.small} (${small.length} bytes)`,
    `  looked at with ${JSON.stringify(choices)}`,
  ].join("\n");
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cases } from "./cases.js";
import { minimise } from "./minimise.js";
import { check, choose, LOOKS, Violation, type Choices } from "./properties.js";

/** Which cases: `first`, and from there every `step`th, up to below `end`. */
export interface Range {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

export interface Listener {
  /** Told before each case; what hangs, and where, shows from outside. False ends the run. */
  goOn(number: number): boolean;
  /** Told of each kind of failure once, when it is found: the run may go on for hours. */
  failed(story: string): void;
}

export interface Totals {
  readonly cases: number;
  /** The first case that was not run; `end` or beyond: all were. */
  readonly next: number;
  readonly frames: number;
  readonly bytes: number;
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  readonly kinds: Readonly<Record<string, number>>;
  /** How many cases were looked at in which way. */
  readonly looks: Readonly<Record<string, number>>;
}

/** Kinds of failure after which a run ends: more of them have one reason. */
const MOST_FAILURES = 8;

/** Runs the cases of a range; each kind of failure is told once, with the input that shows it in a file. */
export function run({ seed, first, step, end }: Range, listener: Listener): Totals {
  const source = new Cases();
  const kinds: Record<string, number> = {};
  const looks: Record<string, number> = {};
  const failures = new Set<string>();
  let cases = 0;
  let frames = 0;
  let bytes = 0;
  let slowest = { number: first, milliseconds: 0 };
  let number = first;
  for (; number < end && failures.size < MOST_FAILURES; number += step) {
    if (!listener.goOn(number)) break;
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
      if (!failures.has(sign)) {
        failures.add(sign);
        listener.failed(describe({ seed, number, kind, input, choices, error }));
      }
    }
    if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds };
    cases += 1;
    bytes += input.length;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    for (const [look, isSo] of ALL_LOOKS) if (isSo(choices)) looks[look] = (looks[look] ?? 0) + 1;
  }
  return { cases, next: number, frames, bytes, slowest, kinds, looks };
}

const ALL_LOOKS = Object.entries(LOOKS);

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

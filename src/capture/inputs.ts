import { realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { EnvironmentError } from "./errors.js";
import { capturesIn, isFolder, isRegularFile, nothingToRead } from "./folder.js";
import { probe } from "./probe.js";

/** One input that shall be read. */
export interface PlannedInput {
  /** As it was named, or found in a folder that was. */
  readonly name: string;
  readonly path: string;
  /** Time of its first frame in whole seconds since 1970; -Infinity: not known, to be read from the beginning. */
  readonly first: number;
  /** Why it cannot be read. */
  readonly failure: EnvironmentError | null;
}

export interface InputPlan {
  readonly inputs: readonly PlannedInput[];
  /** Files in folders that are no captures. */
  readonly passedOver: number;
}

/** Beyond this many, inputs are opened when their time comes, and so their first frames are looked up beforehand. */
export const MOST_AT_ONCE = 64;

/**
 * What names stand for: a file for itself, a folder for the captures in it in the order of time, a file that is named
 * twice for one.
 *
 * @param base where relative paths begin; else the working directory
 */
export async function planInputs(names: readonly string[], base: string | undefined): Promise<InputPlan> {
  const seen = new Set<string>();
  const inputs: PlannedInput[] = [];
  let passedOver = 0;
  const add = (input: PlannedInput): void => {
    const key = input.path === "-" ? "-" : identity(input.path);
    if (!seen.has(key)) inputs.push(input);
    seen.add(key);
  };
  for (const name of names) {
    const path = base === undefined || name === "-" ? name : join(base, name);
    if (!isFolder(path)) {
      add({ name, path, first: -Infinity, failure: null });
      continue;
    }
    const folder = await capturesIn(path);
    passedOver += folder.passedOver;
    if (folder.captures.length === 0) {
      add({ name, path, first: -Infinity, failure: nothingToRead(name, folder.passedOver) });
    }
    for (const { path: found, first, failure } of folder.captures) {
      const below = join(name, relative(path, found));
      add({ name: below, path: found, first: Number.isNaN(first) ? -Infinity : first, failure });
    }
  }
  return { inputs: inputs.length > MOST_AT_ONCE ? await withFirsts(inputs) : inputs, passedOver };
}

/** The file itself, whatever link or way names it. */
function identity(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** One after the other: only so many files may be open. */
async function withFirsts(inputs: readonly PlannedInput[]): Promise<PlannedInput[]> {
  const timed: PlannedInput[] = [];
  for (const input of inputs) timed.push(await withFirst(input));
  return timed;
}

async function withFirst(input: PlannedInput): Promise<PlannedInput> {
  // Looking into anything else takes away what is there.
  if (input.first !== -Infinity || input.failure !== null || !isRegularFile(input.path)) return input;
  try {
    const first = (await probe(input.path)) ?? NaN;
    return Number.isNaN(first) ? input : { ...input, first };
  } catch {
    // Opening it in earnest will say why.
    return input;
  }
}

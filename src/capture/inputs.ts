import { realpathSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { EnvironmentError } from "./errors.js";
import { capturesIn, isFolder, isRegularFile, nothingToRead } from "./folder.js";
import { probe } from "./probe.js";
import type { RecordingMark } from "./recording-mark.js";
import { joinRecordings } from "./recording/join.js";

/** One input that shall be read. */
export interface PlannedInput {
  /** As it was named, or found in a folder that was. */
  readonly name: string;
  readonly path: string;
  /** Files that go on where the one before ended, as those of a recording do. */
  readonly further: readonly string[];
  /** Time of its first frame in whole seconds since 1970; -Infinity: not known, to be read from the beginning. */
  readonly first: number;
  /** Which file of a recording of this program it begins with; null: of none, or it was not looked at. */
  readonly recording: RecordingMark | null;
  /** Why it cannot be read. */
  readonly failure: EnvironmentError | null;
}

export interface InputPlan {
  readonly inputs: readonly PlannedInput[];
  /** Files in folders that are no captures. */
  readonly passedOver: number;
}

/** Beyond this many, inputs are opened when their time comes, in the order of their first frames. */
export const MOST_AT_ONCE = 64;

/**
 * What names stand for: a file for itself, a folder for the captures in it in the order of time, a file that is named
 * twice for one. The files of one recording are one input.
 *
 * @param base where relative paths begin; else the working directory
 * @param signal ends the search of folders
 */
export async function planInputs(
  names: readonly string[],
  base: string | undefined,
  signal?: AbortSignal,
): Promise<InputPlan> {
  const seen = new Set<string>();
  const inputs: PlannedInput[] = [];
  let passedOver = 0;
  const add = (input: Omit<PlannedInput, "further">): void => {
    const key = input.path === "-" ? "-" : identity(input.path);
    if (!seen.has(key)) inputs.push({ ...input, further: [] });
    seen.add(key);
  };
  for (const name of names) {
    const path = base === undefined || name === "-" ? name : join(base, name);
    if (!isFolder(path)) {
      add({ name, path, first: -Infinity, recording: null, failure: null });
      continue;
    }
    const folder = await capturesIn(path, signal);
    passedOver += folder.passedOver;
    if (folder.captures.length === 0 && signal?.aborted !== true) {
      const failure = nothingToRead(name, folder.passedOver);
      add({ name, path, first: -Infinity, recording: null, failure });
    }
    for (const { path: found, first, ...told } of folder.captures) {
      const below = join(name, relative(path, found));
      add({ name: below, path: found, first: Number.isNaN(first) ? -Infinity : first, ...told });
    }
  }
  return { inputs: inputs.length > 1 ? joinRecordings(await lookedAt(inputs)) : inputs, passedOver };
}

/** The file itself, whatever link or way names it. Inode numbers are asked only of hard links: not all systems keep them. */
function identity(path: string): string {
  try {
    const { dev, ino, nlink } = statSync(path, { bigint: true });
    return nlink > 1n ? `${dev}:${ino}` : realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** One after the other: only so many files may be open. */
async function lookedAt(inputs: readonly PlannedInput[]): Promise<PlannedInput[]> {
  const looked: PlannedInput[] = [];
  for (const input of inputs) looked.push(await lookAt(input));
  return looked;
}

async function lookAt(input: PlannedInput): Promise<PlannedInput> {
  // Looking into anything else takes away what is there.
  if (input.first !== -Infinity || input.failure !== null || !isRegularFile(input.path)) return input;
  try {
    const probed = await probe(input.path);
    if (probed === null) return input;
    const { first, recording } = probed;
    return { ...input, recording, first: Number.isNaN(first) ? input.first : first };
  } catch {
    // Opening it in earnest will say why.
    return input;
  }
}

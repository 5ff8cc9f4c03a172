import { readdirSync, statSync, type Dirent, type Stats } from "node:fs";
import { join } from "node:path";
import { EnvironmentError, inputError, inputName } from "./errors.js";
import { isPauseDue, pause } from "./pause.js";
import { probe, type Probed } from "./probe.js";

/** A file that was met, or a folder that cannot be read. */
export interface Candidate extends Probed {
  readonly path: string;
  readonly failure: EnvironmentError | null;
}

export interface FolderContents {
  /** In the order of their first frames; what cannot be read comes first. */
  readonly captures: readonly Candidate[];
  /** Files that are no captures. */
  readonly passedOver: number;
}

/** Whether that path names a folder. What does not exist or cannot be asked is none: opening it will say why. */
export function isFolder(path: string): boolean {
  return path !== "-" && (statsOf(path)?.isDirectory() ?? false);
}

/** Whether that path names a file that can be read again and again. */
export function isRegularFile(path: string): boolean {
  return path !== "-" && (statsOf(path)?.isFile() ?? false);
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/**
 * The captures in a folder and in those below it, told by content. Links to folders are not followed.
 *
 * @param signal ends the search; what was found until then is returned
 */
export async function capturesIn(folder: string, signal: AbortSignal | undefined): Promise<FolderContents> {
  const captures: Candidate[] = [];
  let passedOver = 0;
  for (const found of filesIn(folder)) {
    if (isPauseDue()) await pause();
    if (signal?.aborted === true) break;
    const candidate = found.failure === null ? await probed(found.path) : found;
    if (candidate === null) passedOver += 1;
    else captures.push(candidate);
  }
  return { captures: captures.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1)), passedOver };
}

/** What is said of a folder without captures. */
export function nothingToRead(folder: string, passedOver: number): EnvironmentError {
  const files = passedOver === 1 ? "the one file in it is none" : `the ${passedOver} files in it are none`;
  const what = passedOver === 0 ? "it holds no files" : files;
  return new EnvironmentError("not-a-capture", `${inputName(folder)} is a folder without captures: ${what}.`);
}

/** Unknown times first, as those inputs cannot wait; a capture without frames has none to wait for either. */
function rank({ first }: Candidate): number {
  return Number.isNaN(first) ? -Number.MAX_VALUE : first;
}

async function probed(path: string): Promise<Candidate | null> {
  if (isEmpty(path)) return null;
  try {
    const found = await probe(path);
    return found === null ? null : { path, ...found, failure: null };
  } catch (error) {
    return { path, first: NaN, recording: null, failure: environmental(error, path) };
  }
}

/** Depth first, by name. */
function* filesIn(folder: string): Generator<Candidate> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, first: NaN, recording: null, failure: environmental(error, folder) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() || isLinkToFile(entry, path)) yield { path, first: NaN, recording: null, failure: null };
  }
}

function isLinkToFile(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink() && isRegularFile(path);
}

/** Files of the kernel's (/proc/kmsg, trace_pipe) have no size: reading them waits, or takes away what is there. */
function isEmpty(path: string): boolean {
  return statsOf(path)?.size === 0;
}

function environmental(error: unknown, path: string): EnvironmentError {
  const known = inputError(error, path);
  if (known instanceof EnvironmentError) return known;
  throw known;
}

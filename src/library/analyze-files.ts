import { analyze } from "../analyze.js";
import type { Progress } from "../progress.js";
import type { LeasetapRecord } from "../report/events.js";
import { EVERYTHING } from "../report/filter.js";
import { records } from "../report/json.js";
import type { RecordOptions } from "./options.js";

/** How `analyzeFiles` reads, and what it tells. */
export interface AnalyzeFilesOptions extends RecordOptions {
  /** Ends the reading early; the records are then of what was read until then, and the summary is not `complete`. */
  readonly signal?: AbortSignal | undefined;
  /** Where relative paths begin; the working directory of the process unless it is given. */
  readonly folder?: string | undefined;
  /**
   * Called when reading begins and after each block, always with the same object, which keeps up with the reading. What
   * it throws ends the analysis and comes out of the iteration.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Reads captures of one incident and tells what became of each lease: the records of `leasetap analyze --json`, in the
 * same order. Several files are several capture points, or parts of one capture one after the other; they are read side
 * by side in the order of time, so memory depends on the number of clients and renewals, not on the size of the files.
 *
 * Nothing is read before the first record is asked for, and all is read before it is given.
 *
 * @param paths files; folders, for the captures in them; "-" is standard input. What is named twice is read once
 * @param options what to tell, and how reading can be watched and ended
 * @returns the records; to leave the loop early does no harm
 * @throws nothing about an input: one that cannot be opened, or not be read to its end, has a `damage` in its "input"
 *   record, the others are judged without it, and the summary is not `complete`
 */
export async function* analyzeFiles(
  paths: string | readonly string[],
  options: AnalyzeFilesOptions = {},
): AsyncGenerator<LeasetapRecord, void, undefined> {
  const { frames = false, signal, folder, onProgress } = options;
  const named = typeof paths === "string" ? [paths] : paths;
  const found = await analyze(named, { keepFrames: frames, keepHealthy: true, signal, folder, onProgress });
  yield* records(found, EVERYTHING, frames);
}

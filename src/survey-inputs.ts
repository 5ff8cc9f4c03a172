import { openByteInput } from "./capture/byte-input.js";
import { EnvironmentError, inputError } from "./capture/errors.js";
import { openSource, sourceOf, type Source } from "./capture/file.js";
import { isRegularFile } from "./capture/folder.js";
import type { PlannedInput } from "./capture/inputs.js";
import { ReadAhead } from "./capture/read-ahead.js";
import type { InputClock } from "./clocks/input-clock.js";
import { placeClocks } from "./clocks/place.js";
import { Survey } from "./clocks/survey.js";
import type { ReadingProgress } from "./progress.js";
import { foretell, StatedWatches } from "./stated-watches.js";
import type { ForetoldWatches } from "./watches.js";

/** What is known of several inputs before they are read in earnest. */
export interface SurveyedInputs {
  /** By name; those that are not in it go by the common clock. */
  readonly clocks: ReadonlyMap<string, InputClock>;
  /** By name, and there by number of the interface; what is not in it says nothing of its watches, or all too late. */
  readonly watches: ReadonlyMap<string, readonly ForetoldWatches[]>;
  /** By path: what was read of pipes, and must be read from here. */
  readonly ahead: ReadonlyMap<string, ReadAhead>;
}

const NOTHING_COUNTED = { frames: 0, dhcp: 0 };
/** Of a file's bytes, for progress, where it is read twice. */
export const ONE_OF_TWO = 0.5;

/**
 * Compares the clocks of several inputs by the messages that they share, and when they say that they watched: files are
 * read once for that, of pipes the beginning. What cannot be read is left to the reading in earnest, which says why.
 *
 * @param onBlock called after each block
 */
export async function surveyInputs(
  planned: readonly PlannedInput[],
  progress: ReadingProgress,
  onBlock: () => void,
  signal: AbortSignal | undefined,
): Promise<SurveyedInputs> {
  const survey = new Survey();
  const stated = planned.map(() => new StatedWatches());
  const sinks = stated.map((watches) => survey.input(watches));
  const ahead = new Map<string, ReadAhead>();
  const stop = (): void => ahead.forEach((pipe) => pipe.stop());
  const look = async (open: () => Source, share: number): Promise<void> => {
    let source: Source | null = null;
    try {
      source = open();
      progress.begun(source, NOTHING_COUNTED, share);
      while (signal?.aborted !== true && (await source.pump())) onBlock();
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
    } finally {
      source?.close();
      if (source !== null) progress.ended(source);
    }
  };
  const pipes: Promise<void>[] = [];
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for (const [index, { path, further, failure }] of planned.entries()) {
      const sink = sinks[index];
      if (failure !== null || sink === undefined || signal?.aborted === true) continue;
      // Pipes side by side: one program may write to several of them in turn.
      if (isRegularFile(path)) await look(() => openSource(path, sink, further), ONE_OF_TWO);
      else pipes.push(look(() => sourceOf(path, aheadOf(path, ahead).peek, sink), 0));
    }
    await Promise.all(pipes);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  const clocks = placeClocks(
    survey,
    planned.map(({ name }) => name),
  );
  const inputs = survey.inputs.map((frames, index) => {
    const { name = "", path = "" } = planned[index] ?? {};
    const interfaces = stated[index]?.interfaces ?? [];
    return { name, clock: clocks.get(name), frames, interfaces, whole: isRegularFile(path) };
  });
  return { clocks, watches: foretell(inputs), ahead };
}

function aheadOf(path: string, ahead: Map<string, ReadAhead>): ReadAhead {
  try {
    const pipe = new ReadAhead(openByteInput(path));
    ahead.set(path, pipe);
    return pipe;
  } catch (error) {
    throw inputError(error, path);
  }
}

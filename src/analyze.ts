import { join, resolve } from "node:path";
import { EnvironmentError } from "./capture/errors.js";
import { openSource, type Source } from "./capture/file.js";
import type { Damage } from "./capture/sink.js";
import type { InputFacts } from "./findings/inspection.js";
import { Inspector, type InputSink, type InspectorOptions } from "./inspector.js";
import type { Findings, InputReading } from "./report/json.js";

export interface AnalyzeOptions extends InspectorOptions {
  /** Ends reading early; what was read until then is still judged. */
  readonly signal?: AbortSignal | undefined;
  /** Where relative paths begin; else the working directory. */
  readonly folder?: string | undefined;
}

/** One input while it is read. Without a source it could not be opened. */
interface OpenInput {
  readonly sink: InputSink;
  readonly source: Source | null;
  failure: EnvironmentError | null;
  done: boolean;
}

/**
 * Reads capture files side by side, in the order of their time, and judges what they hold. An input that cannot be
 * opened, or not be read to its end, is named by its `damage`, and the others are judged without it.
 *
 * @param paths files; "-" is standard input; one that is named twice is read once
 * @throws whatever is no EnvironmentError: a mistake of this program
 */
export async function analyze(paths: readonly string[], options: AnalyzeOptions): Promise<Findings> {
  const inspector = new Inspector(options);
  const inputs = unrepeated(paths, options.folder).map(([name, path]) => open(name, path, inspector));
  try {
    await readAll(inputs, inspector, options.signal);
  } finally {
    for (const { source } of inputs) source?.close();
  }
  const inspection = inspector.finish();
  const readings = inputs.map(reading);
  const whole = readings.every(({ damage }) => damage === null) && options.signal?.aborted !== true;
  return { inspection, inputs: readings, complete: whole };
}

/** Names as given, with the paths where they are. */
function unrepeated(paths: readonly string[], folder: string | undefined): [name: string, path: string][] {
  const seen = new Set<string>();
  return paths.flatMap((name): [string, string][] => {
    const path = name === "-" || folder === undefined ? name : resolve(folder, name);
    const key = name === "-" ? name : resolve(path);
    if (seen.has(key)) return [];
    seen.add(key);
    return [[name, folder === undefined || name === "-" ? name : join(folder, name)]];
  });
}

function open(name: string, path: string, inspector: Inspector): OpenInput {
  const sink = inspector.input(name);
  try {
    return { sink, source: openSource(path, sink), failure: null, done: false };
  } catch (error) {
    const failure = environmental(error);
    sink.end();
    return { sink, source: null, failure, done: true };
  }
}

async function readAll(inputs: OpenInput[], inspector: Inspector, signal: AbortSignal | undefined): Promise<void> {
  // A pipe may stay silent for hours: closing it ends the wait.
  const stop = (): void => inputs.forEach(({ source }) => source?.close());
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const next = furthestBehind(inputs);
      if (next === null || signal?.aborted === true) break;
      await advance(next, signal);
      inspector.drain();
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  for (const { sink, done } of inputs) {
    if (!done) sink.end();
  }
}

async function advance(input: OpenInput, signal: AbortSignal | undefined): Promise<void> {
  const { source, sink } = input;
  try {
    if (source !== null && (await source.pump())) {
      sink.blockEnd();
      return;
    }
  } catch (error) {
    const failure = environmental(error);
    if (signal?.aborted !== true) input.failure = failure;
  }
  input.done = true;
  sink.end();
}

function environmental(error: unknown): EnvironmentError {
  if (error instanceof EnvironmentError) return error;
  throw error;
}

function furthestBehind(inputs: readonly OpenInput[]): OpenInput | null {
  return inputs
    .filter(({ done }) => !done)
    .reduce<OpenInput | null>(
      (least, input) => (least === null || input.sink.clock < least.sink.clock ? input : least),
      null,
    );
}

function reading({ source, sink, failure }: OpenInput): InputReading {
  return {
    facts: sink.facts,
    format: source?.format ?? "unknown",
    compression: source?.compression ?? null,
    damage: failure === null ? (source?.damage ?? unreadLinks(sink.facts)) : failureDamage(failure),
  };
}

function failureDamage({ code, message }: EnvironmentError): Damage {
  return { code, offset: 0, sentence: message };
}

/** A capture of which nothing could be read is no healthy one. */
function unreadLinks({ skippedLinks, frames }: InputFacts): Damage | null {
  const skipped = [...skippedLinks.values()].reduce((sum, count) => sum + count, 0);
  if (skipped === 0 || skipped < frames) return null;
  const types = [...skippedLinks.keys()].join(", ");
  const sentence = `None of its frames is of Ethernet (link type ${types} of tcpdump.org/linktypes.html): capture on an Ethernet interface, a bridge or a tap.`;
  return { code: "link-type", offset: 0, sentence };
}

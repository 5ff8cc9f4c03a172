import { openSource, type Source } from "./capture/file.js";
import type { Inspection } from "./findings/inspection.js";
import { Inspector, type InputSink, type InspectorOptions } from "./inspector.js";
import type { Findings, InputReading } from "./report/json.js";

export interface AnalyzeOptions extends InspectorOptions {
  /** Ends reading early; what was read until then is still judged. */
  readonly signal?: AbortSignal;
}

interface OpenInput {
  readonly source: Source;
  readonly sink: InputSink;
  done: boolean;
}

/**
 * Reads capture files side by side, in the order of their time, and judges what they hold.
 *
 * @param paths files; "-" is standard input
 * @throws EnvironmentError if one cannot be opened or read
 */
export async function analyze(paths: readonly string[], options: AnalyzeOptions): Promise<Findings> {
  const inspector = new Inspector(options);
  const inputs: OpenInput[] = [];
  try {
    for (const path of paths) {
      const sink = inspector.input(path);
      inputs.push({ sink, source: openSource(path, sink), done: false });
    }
    await readAll(inputs, inspector, options.signal);
  } finally {
    for (const { source } of inputs) source.close();
  }
  const inspection: Inspection = inspector.finish();
  const readings = inputs.map(reading);
  const whole = readings.every(({ damage }) => damage === null) && options.signal?.aborted !== true;
  return { inspection, inputs: readings, complete: whole };
}

async function readAll(inputs: OpenInput[], inspector: Inspector, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const next = furthestBehind(inputs);
    if (next === null || signal?.aborted === true) break;
    if (await next.source.pump()) {
      next.sink.blockEnd();
    } else {
      next.done = true;
      next.sink.end();
    }
    inspector.drain();
  }
  for (const { sink, done } of inputs) {
    if (!done) sink.end();
  }
}

function furthestBehind(inputs: readonly OpenInput[]): OpenInput | null {
  return inputs
    .filter(({ done }) => !done)
    .reduce<OpenInput | null>(
      (least, input) => (least === null || input.sink.clock < least.sink.clock ? input : least),
      null,
    );
}

function reading({ source, sink }: OpenInput): InputReading {
  return {
    facts: sink.facts,
    format: source.format ?? "unknown",
    compression: source.compression,
    damage: source.damage,
  };
}

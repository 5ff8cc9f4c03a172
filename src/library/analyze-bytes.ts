import type { Chunks } from "../capture/chunk-input.js";
import { chunkSource } from "../capture/file.js";
import { unreadLinks } from "../findings/unread-links.js";
import { Inspector } from "../inspector.js";
import type { LeasetapRecord } from "../report/events.js";
import { EVERYTHING } from "../report/filter.js";
import { records } from "../report/json.js";
import type { RecordOptions } from "./options.js";

/**
 * Reads one capture from memory or from a stream, and tells what became of each lease: the records of `leasetap analyze
 * --json`, in the same order. The chunks are taken one after the other and no faster than they can be read.
 *
 * @param name what records call the input
 * @param chunks the bytes of a capture file, in pieces of any size: a Readable of Node, the body of a Response, an array
 * @param options what to tell
 * @returns the records, all of them after the last chunk
 * @throws EnvironmentError, which names the input, where the chunks throw an error of the system (one with a `code`);
 *   TypeError for a chunk that is no Uint8Array; whatever else the chunks throw, as it is. A capture that is cut, damaged
 *   or none throws nothing: its "input" record has a `damage`
 */
export async function* analyzeBytes(
  name: string,
  chunks: Chunks,
  options: RecordOptions = {},
): AsyncGenerator<LeasetapRecord, void, undefined> {
  const { frames = false } = options;
  const inspector = new Inspector({ keepFrames: frames, keepHealthy: true });
  const sink = inspector.input(name);
  const source = chunkSource(name, chunks, sink);
  try {
    while (await source.pump()) {
      sink.blockEnd();
      inspector.drain();
    }
  } finally {
    source.close();
  }
  sink.end();
  const { facts } = sink;
  const damage = source.damage ?? unreadLinks(facts);
  const inspection = inspector.finish();
  const reading = { facts, format: source.format ?? "unknown", compression: source.compression, damage };
  yield* records({ inspection, inputs: [reading], complete: damage === null, passedOver: 0 }, EVERYTHING, frames);
}

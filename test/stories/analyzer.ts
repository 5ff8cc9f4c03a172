import { createReader } from "../../src/capture/reader.js";
import { Inspector } from "../../src/inspector.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";

/** Bytes of a capture (pcap or pcapng) in, the records of `--json` out. */
export type Analyzer = (capture: Uint8Array, name: string) => readonly unknown[] | Promise<readonly unknown[]>;

/** The one place where the analyzer is plugged in; nothing else here knows of it. */
export const analyze: Analyzer = (capture, name) => {
  const inspector = new Inspector({ keepFrames: true, keepHealthy: true });
  const sink = inspector.input(name);
  const reader = createReader(sink);
  reader.feed(capture);
  reader.end();
  sink.blockEnd();
  sink.end();
  const inspection = inspector.finish();
  const input = { facts: sink.facts, format: reader.format ?? "", compression: null, damage: reader.damage };
  return [...records({ inspection, inputs: [input], complete: true, passedOver: 0 }, EVERYTHING, true)];
};

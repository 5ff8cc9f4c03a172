import { DamageLog } from "../../src/capture/damage-log.js";
import { Interfaces } from "../../src/capture/interfaces.js";
import { PAGE_BYTES, pageAlignedMemory } from "../../src/capture/memory.js";
import { captureFormat, createParser } from "../../src/capture/recognise.js";
import { SIEVE_BYTES } from "../../src/capture/sieve.js";
import { Inspector } from "../../src/inspector.js";
import type { LeasetapRecord } from "../../src/report/events.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";

export interface Told {
  readonly records: readonly LeasetapRecord[];
  readonly frames: number;
  /** Frames that were passed over. */
  readonly passed: number;
}

/**
 * What is told of a capture that is read in parts, which end at `cuts` (in order). As src/capture/reader.ts does it, but
 * with a sieve from the first byte on, or without.
 */
export function told(capture: Uint8Array, cuts: readonly number[], withSieve: boolean): Told {
  const inspector = new Inspector({ keepFrames: true, keepHealthy: true });
  const sink = inspector.input("mixed");
  const memory = pageAlignedMemory(Math.ceil((SIEVE_BYTES + capture.length) / PAGE_BYTES) || 1);
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  bytes.set(capture, SIEVE_BYTES);
  const sieve = withSieve ? sink.sieve(memory) : null;
  let passed = 0;
  const counting = sieve && {
    pcap: (...run: Parameters<typeof sieve.pcap>) => count(sieve.pcap(...run)),
    pcapng: (...run: Parameters<typeof sieve.pcapng>) => count(sieve.pcapng(...run)),
    get passed() {
      return sieve.passed;
    },
  };
  function count(stopped: number): number {
    passed += sieve?.passed ?? 0;
    return stopped;
  }
  const damage = new DamageLog();
  const stream = { sink, interfaces: new Interfaces(sink), damage, sieve: counting };
  let frames = 0;
  let at = SIEVE_BYTES;
  let parser = null;
  for (const cut of [...cuts, capture.length]) {
    const last = cut === capture.length;
    for (;;) {
      const end = SIEVE_BYTES + cut;
      const format = end - at < 4 ? null : captureFormat(view, at, end);
      parser ??= format === null ? null : createParser(format, stream, at - SIEVE_BYTES);
      if (parser === null) break;
      at = parser.parse(bytes, view, at, end, last);
      if (parser.state !== "next") break;
      frames += parser.frames;
      parser = null;
    }
    sink.blockEnd();
    inspector.drain();
  }
  parser?.end(SIEVE_BYTES + capture.length - at);
  frames += parser?.frames ?? 0;
  sink.end();
  const inspection = inspector.finish();
  const input = { facts: sink.facts, format: "unknown", compression: null, damage: damage.result } as const;
  return {
    records: [...records({ inspection, inputs: [input], complete: true, passedOver: 0 }, EVERYTHING, true)],
    frames,
    passed,
  };
}

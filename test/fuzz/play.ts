import { createReader } from "../../src/capture/reader.js";
import type { FrameSink, Damage } from "../../src/capture/sink.js";
import { Inspector } from "../../src/inspector.js";
import type { Findings } from "../../src/report/json.js";

/** One frame as a sink got it: its numbers, and its bytes boiled down to one. */
export interface Got {
  readonly captured: number;
  readonly original: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly point: number;
  readonly digest: number;
}

export interface Read {
  readonly got: readonly Got[];
  readonly frames: number;
  readonly damage: Damage | null;
}

/** What lies in blocks of `size` bytes: the way from a file to frames, and no further. */
export function read(bytes: Uint8Array, size: number): Read {
  const got: Got[] = [];
  const reader = createReader(recorder(got));
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  reader.end();
  return { got, frames: reader.frames, damage: reader.damage };
}

export interface Played extends Read {
  readonly found: Findings;
}

/** The whole way, as `analyze` goes it, with blocks of `size` bytes. */
export function play(bytes: Uint8Array, size: number, keepHealthy: boolean): Played {
  const got: Got[] = [];
  const inspector = new Inspector({ keepFrames: true, keepHealthy });
  const sink = inspector.input("fuzz.pcap");
  const record = recorder(got);
  const reader = createReader({
    interface: (description) => {
      sink.interface(description);
    },
    observedFrom: (...told) => {
      sink.observedFrom(...told);
    },
    observedUntil: (...told) => {
      sink.observedUntil(...told);
    },
    begins: () => {
      sink.begins();
    },
    watchedAgain: (index) => {
      sink.watchedAgain(index);
    },
    remark: (...told) => {
      sink.remark(...told);
    },
    frame: (...frame) => {
      record.frame(...frame);
      sink.frame(...frame);
    },
  });
  for (let at = 0; at < bytes.length; at += size) {
    reader.feed(bytes.subarray(at, at + size));
    sink.blockEnd();
    inspector.drain();
  }
  reader.end();
  sink.end();
  inspector.drain();
  const { damage, format, frames } = reader;
  const inspection = inspector.finish();
  const input = { facts: sink.facts, format: format ?? "unknown", compression: null, damage };
  const found = { inspection, inputs: [input], complete: damage === null, passedOver: 0 };
  return { got, frames, damage, found };
}

function recorder(got: Got[]): FrameSink {
  return {
    interface: () => undefined,
    observedUntil: () => undefined,
    frame: (bytes, _view, offset, captured, original, seconds, nanos, point) => {
      const digest = fnv(bytes, offset, offset + captured);
      got.push({ captured, original, seconds, nanos, point, digest });
    },
  };
}

function fnv(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { Inspector } from "../../src/inspector.js";
import type { Finding, Frame, LeasetapRecord } from "../../src/report/events.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";

export interface Stamped {
  /** Seconds since 1970, to the microsecond. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

export interface Told {
  readonly all: readonly LeasetapRecord[];
  readonly frames: readonly Frame[];
  readonly findings: readonly Finding[];
}

const STYLE = { littleEndian: true, nanoseconds: false };

/** What `--json --frames` says of a capture of these frames, read in blocks of `block` bytes. */
export function inspect(linkType: number, frames: readonly Stamped[], block = 1 << 20): Told {
  const capture = Buffer.concat([
    pcapHeader(STYLE, linkType),
    ...frames.map(({ time, bytes }) => {
      const micros = Math.round(time * 1e6);
      return pcapRecord(STYLE, Math.floor(micros / 1e6), (micros % 1e6) * 1000, bytes);
    }),
  ]);
  const inspector = new Inspector({ keepFrames: true, keepHealthy: true });
  const sink = inspector.input("made.pcap");
  const reader = createReader(sink);
  for (let at = 0; at < capture.length; at += block) {
    reader.feed(capture.subarray(at, at + block));
    sink.blockEnd();
    inspector.drain();
  }
  reader.end();
  sink.end();
  const inspection = inspector.finish();
  const input = { facts: sink.facts, format: "pcap", compression: null, damage: reader.damage };
  return sorted([...records({ inspection, inputs: [input], complete: true, passedOver: 0 }, EVERYTHING, true)]);
}

export function sorted(all: readonly LeasetapRecord[]): Told {
  return {
    all,
    frames: all.filter((record) => record.type === "frame"),
    findings: all.filter((record) => record.type === "finding"),
  };
}

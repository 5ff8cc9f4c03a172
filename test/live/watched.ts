import type { Source } from "../../src/capture/file.js";
import { toSeconds } from "../../src/capture/instant.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createReader } from "../../src/capture/reader.js";
import type { FrameSink } from "../../src/capture/sink.js";
import type { LiveEvent } from "../../src/live/live-event.js";
import { Session, type SessionOptions } from "../../src/live/session.js";
import type { Findings } from "../../src/report/json.js";
import type { Wire } from "../support/script-frames.js";

export interface Told {
  readonly event: LiveEvent;
  /** Seconds since the script's start. */
  readonly at: number;
}

export interface Watched {
  readonly found: Findings;
  readonly told: readonly Told[];
}

export const START = 1_700_000_000;

/** Watches what `open` gives, to its end. The clock of this machine stands still: only frames move time. */
export async function watch(
  open: (sink: FrameSink) => Source,
  options: Partial<SessionOptions> = {},
): Promise<Watched> {
  const told: Told[] = [];
  const session = new Session({
    name: "-",
    duration: Infinity,
    signal: new AbortController().signal,
    warnBefore: [300, 60],
    tell: (event, at) => {
      told.push({ event, at: toSeconds(at) - START });
    },
    settled: () => Promise.resolve(),
    monotonic: () => 0,
    wall: () => 0,
    ...options,
  });
  return { found: await session.run(open), told };
}

/** The frames of a script as they would come through a pipe. */
export function watchFrames(frames: readonly Wire[], options?: Partial<SessionOptions>): Promise<Watched> {
  const bytes = pcapOf(frames);
  return watch((sink) => memorySource(bytes, [bytes.length], sink), options);
}

export function pcapOf(frames: readonly Wire[]): Uint8Array {
  const style = { littleEndian: true, nanoseconds: true };
  return Buffer.concat([
    pcapHeader(style, 1),
    ...frames.map(({ time, bytes, original }) => {
      const nanos = Math.round(time * 1e9);
      return pcapRecord(style, START + Math.floor(nanos / 1e9), ((nanos % 1e9) + 1e9) % 1e9, bytes, original);
    }),
  ]);
}

/** Bytes in blocks of the given sizes, over and over. */
export function memorySource(bytes: Uint8Array, sizes: readonly number[], sink: FrameSink): Source {
  const reader = createReader(sink);
  let at = 0;
  let round = 0;
  const source = {
    compression: null,
    get format() {
      return reader.format;
    },
    get frames() {
      return reader.frames;
    },
    taken: 0,
    get damage() {
      return reader.damage;
    },
    pump(): Promise<boolean> {
      if (at >= bytes.length) {
        reader.end();
        return Promise.resolve(false);
      }
      const size = sizes[round % sizes.length] ?? bytes.length;
      round += 1;
      reader.feed(bytes.subarray(at, at + size));
      at += size;
      return Promise.resolve(true);
    },
    close: () => undefined,
  };
  return source;
}

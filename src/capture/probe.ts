import { openByteInput, type ByteInput } from "./byte-input.js";
import { DamageLog } from "./damage-log.js";
import { isGzip } from "./gzip-header.js";
import { Interfaces } from "./interfaces.js";
import { MAGIC_BYTES } from "./magic.js";
import { captureFormat, createParser } from "./recognise.js";
import type { FrameSink } from "./sink.js";

/** What is read of a file to tell what it is: the headers of any capture, and some frames. */
const PROBE_BYTES = 0x1_0000;

/**
 * What a file is, by its first bytes: null for what is no capture, else the time of its first frame in whole seconds
 * since 1970, NaN where that cannot be told so early.
 *
 * @throws whatever opening and reading it throws, see openByteInput
 */
export async function probe(path: string): Promise<number | null> {
  const file = openByteInput(path);
  let input: ByteInput = file;
  try {
    const bytes = new Uint8Array(PROBE_BYTES);
    let count = await fill(input, bytes);
    if (isGzip(bytes.subarray(0, count))) {
      const { GzipInput } = await import("./gzip.js");
      input = new GzipInput(file, bytes.slice(0, count));
      count = await fill(input, bytes);
    }
    return firstTime(bytes, count);
  } finally {
    input.close();
  }
}

async function fill(input: ByteInput, bytes: Uint8Array): Promise<number> {
  let count = 0;
  while (count < bytes.length) {
    const more = await input.read(bytes.subarray(count));
    if (more === 0) break;
    count += more;
  }
  return count;
}

function firstTime(bytes: Uint8Array, count: number): number | null {
  const view = new DataView(bytes.buffer);
  const format = count < MAGIC_BYTES ? null : captureFormat(view, 0);
  if (format === null) return null;
  const sink = new FirstTime();
  const stream = { sink, interfaces: new Interfaces(sink), damage: new DamageLog() };
  createParser(format, stream, 0).parse(bytes, view, 0, count, count < PROBE_BYTES);
  return sink.seconds;
}

class FirstTime implements FrameSink {
  seconds = NaN;

  interface(): void {
    // Only times matter here.
  }

  frame(...[, , , , , seconds]: Parameters<FrameSink["frame"]>): void {
    if (Number.isNaN(this.seconds)) this.seconds = seconds;
  }

  observedUntil(): void {
    // The first frame's time, not the last.
  }
}

import { fill, openByteInput, type ByteInput } from "./byte-input.js";
import { decompressed, TELLING_BYTES } from "./compression.js";
import { DamageLog } from "./damage-log.js";
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
    const first = await fill(file, bytes.subarray(0, TELLING_BYTES));
    const opened = await decompressed(file, bytes.subarray(0, first));
    if (opened === null) return firstTime(bytes, first + (await fill(file, bytes.subarray(first))));
    input = opened.input;
    const count = await fill(input, bytes);
    // Damaged so early that it cannot be told: reading it in earnest says so.
    return count < MAGIC_BYTES && opened.input.damage !== null ? NaN : firstTime(bytes, count);
  } finally {
    input.close();
  }
}

function firstTime(bytes: Uint8Array, count: number): number | null {
  const view = new DataView(bytes.buffer);
  const format = count < MAGIC_BYTES ? null : captureFormat(view, 0, count);
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

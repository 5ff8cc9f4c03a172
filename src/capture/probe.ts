import { fill, openByteInput, type ByteInput } from "./byte-input.js";
import { decompressed, TELLING_BYTES } from "./compression.js";
import { DamageLog } from "./damage-log.js";
import { Interfaces } from "./interfaces.js";
import { MAGIC_BYTES } from "./magic.js";
import { captureFormat, createParser } from "./recognise.js";
import type { RecordingMark } from "./recording-mark.js";
import type { FrameSink } from "./sink.js";

/** What is read of a file to tell what it is: the headers of any capture, and some frames. */
const PROBE_BYTES = 0x1_0000;

/** What the first bytes of a capture tell. */
export interface Probed {
  /** Time of its first frame in whole seconds since 1970; NaN where that cannot be told so early. */
  readonly first: number;
  /** Which file of a recording of this program it is; null: of none. */
  readonly recording: RecordingMark | null;
}

/**
 * What a file is, by its first bytes: null for what is no capture.
 *
 * @throws whatever opening and reading it throws, see openByteInput
 */
export async function probe(path: string): Promise<Probed | null> {
  const file = openByteInput(path);
  let input: ByteInput = file;
  try {
    const bytes = new Uint8Array(PROBE_BYTES);
    const first = await fill(file, bytes.subarray(0, TELLING_BYTES));
    const opened = await decompressed(file, bytes.subarray(0, first));
    if (opened === null) return probed(bytes, first + (await fill(file, bytes.subarray(first))));
    input = opened.input;
    const count = await fill(input, bytes);
    // Damaged so early that it cannot be told: reading it in earnest says so.
    return count < MAGIC_BYTES && opened.input.damage !== null ? UNKNOWN : probed(bytes, count);
  } finally {
    input.close();
  }
}

const UNKNOWN: Probed = { first: NaN, recording: null };

function probed(bytes: Uint8Array, count: number): Probed | null {
  const view = new DataView(bytes.buffer);
  const format = count < MAGIC_BYTES ? null : captureFormat(view, 0, count);
  if (format === null) return null;
  const sink = new ProbeSink();
  const stream = { sink, interfaces: new Interfaces(sink), damage: new DamageLog() };
  createParser(format, stream, 0).parse(bytes, view, 0, count, count < PROBE_BYTES);
  return { first: sink.first, recording: sink.recording };
}

class ProbeSink implements FrameSink, Probed {
  first = NaN;
  recording: RecordingMark | null = null;

  interface(): void {
    // Only times matter here.
  }

  frame(...[, , , , , seconds]: Parameters<FrameSink["frame"]>): void {
    if (Number.isNaN(this.first)) this.first = seconds;
  }

  begins(_inBlocks: boolean, recording: RecordingMark | null): void {
    this.recording ??= recording;
  }

  observedUntil(): void {
    // The first frame's time, not the last.
  }
}

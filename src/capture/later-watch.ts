import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DamageLog } from "./damage-log.js";
import { codeOf } from "./errors.js";
import { isRegularFile } from "./folder.js";
import { Interfaces } from "./interfaces.js";
import { startsPcapng } from "./magic.js";
import * as layout from "./pcapng-layout.js";
import { PcapngParser } from "./pcapng.js";
import type { RecordingMark } from "./recording-mark.js";
import type { FrameSink } from "./sink.js";

/** What is read of either end of a file: the headers and some frames, and the statistics of many interfaces. */
const END_BYTES = 0x1_0000;
/** Type, length, and the magic that tells the byte order. */
const TELLING_BYTES = 12;
/** Frames come this much before the start that their capture states, at the most, in seconds. */
const EARLY = 1;

/**
 * Whether a file says at its end, behind the frames, of a watch that began after its first frames. That is one of several
 * in it, as in files of dumpcap that were joined: what lay between them is best known before it is read. Recordings of
 * this program say it in time.
 *
 * @param path a plain pcapng file; of anything else it is false
 * @throws nothing of the system's: opening it in earnest says why it cannot be read
 */
export function statesLaterWatch(path: string): boolean {
  if (!isRegularFile(path)) return false;
  try {
    const file = openSync(path, "r");
    try {
      return tellsLaterWatch(file, fstatSync(file).size);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return false;
  }
}

function tellsLaterWatch(file: number, size: number): boolean {
  const telling = viewOf(readAt(file, 0, Math.min(size, TELLING_BYTES)));
  if (telling.byteLength < TELLING_BYTES || !startsPcapng(telling, 0)) return false;
  const end = readAt(file, Math.max(0, size - END_BYTES), Math.min(size, END_BYTES));
  const statistics = lastStatistics(end, layout.byteOrder(telling, 0) ?? true);
  if (statistics.length === 0) return false;
  const sink = new EndsSink();
  const parser = new PcapngParser({ sink, interfaces: new Interfaces(sink), damage: new DamageLog() });
  for (const bytes of [readAt(file, 0, Math.min(size, END_BYTES)), statistics]) {
    parser.parse(bytes, viewOf(bytes), 0, bytes.length, false);
  }
  return sink.recording === null && sink.latestStart > sink.earliest + EARLY;
}

/** The Interface Statistics Blocks that a file ends with: each says its length at its end, too. */
function lastStatistics(end: Uint8Array, littleEndian: boolean): Uint8Array {
  const view = viewOf(end);
  let at = end.length;
  while (at >= layout.INTERFACE_STATISTICS_BYTES) {
    const total = view.getUint32(at - 4, littleEndian);
    const start = at - total;
    if (total < layout.INTERFACE_STATISTICS_BYTES || total % 4 !== 0 || start < 0) break;
    if (view.getUint32(start, littleEndian) !== layout.INTERFACE_STATISTICS) break;
    if (view.getUint32(start + layout.TOTAL_LENGTH, littleEndian) !== total) break;
    at = start;
  }
  return end.slice(at);
}

function readAt(file: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

class EndsSink implements FrameSink {
  earliest = Infinity;
  latestStart = -Infinity;
  recording: RecordingMark | null = null;

  interface(): void {
    // Only times matter here.
  }

  begins(_inBlocks: boolean, recording: RecordingMark | null): void {
    this.recording ??= recording;
  }

  frame(...[, , , , , seconds]: Parameters<FrameSink["frame"]>): void {
    if (seconds < this.earliest) this.earliest = seconds;
  }

  observedFrom(seconds: number): void {
    this.earliest = Math.min(this.earliest, seconds);
    this.latestStart = Math.max(this.latestStart, seconds);
  }

  observedUntil(): void {
    // Only beginnings matter here.
  }
}

import { createReader, type Reader } from "../../../src/capture/reader.js";
import type { RecordingMark } from "../../../src/capture/recording-mark.js";
import type { Remark } from "../../../src/capture/remarks.js";
import type { CaptureInterface, FrameSink } from "../../../src/capture/sink.js";

/** What a sink was told of one frame, with its bytes in hexadecimal. */
export interface SeenFrame {
  readonly bytes: string;
  readonly captured: number;
  readonly original: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly interfaceIndex: number;
}

/** A sink that keeps everything. */
export class Collector implements FrameSink {
  readonly interfaces: CaptureInterface[] = [];
  readonly frames: SeenFrame[] = [];
  readonly observed: { readonly seconds: number; readonly nanos: number }[] = [];
  readonly watched: { readonly seconds: number; readonly nanos: number; readonly interfaceIndex: number }[] = [];
  readonly remarks: { readonly remark: Remark; readonly seconds: number; readonly interfaceIndex: number }[] = [];
  /** Captures that began within the stream, and interfaces that were described again, by their numbers. */
  readonly begun: (readonly [inBlocks: boolean, recording: RecordingMark | null] | number)[] = [];
  /** The blocks of pcapng that it was given to copy. */
  readonly copied: Uint8Array[] = [];

  interface(description: CaptureInterface): void {
    this.interfaces.push(description);
  }

  frame(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
    if (offset + captured > bytes.length) throw new Error("a frame reaches beyond its memory");
    if (bytes.buffer !== view.buffer || view.byteOffset !== bytes.byteOffset) throw new Error("bytes and view differ");
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset + offset, captured).toString("hex");
    this.frames.push({ bytes: hex, captured, original, seconds, nanos, interfaceIndex });
  }

  observedUntil(seconds: number, nanos: number): void {
    this.observed.push({ seconds, nanos });
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.watched.push({ seconds, nanos, interfaceIndex });
  }

  remark(remark: Remark, seconds: number, _nanos: number, interfaceIndex: number): void {
    this.remarks.push({ remark, seconds, interfaceIndex });
  }

  begins(inBlocks: boolean, recording: RecordingMark | null): void {
    this.begun.push([inBlocks, recording]);
  }

  watchedAgain(interfaceIndex: number): void {
    this.begun.push(interfaceIndex);
  }

  blocks(bytes: Uint8Array, _view: DataView, start: number, end: number): void {
    this.copied.push(bytes.slice(start, end));
  }
}

export interface Reading {
  readonly sink: Collector;
  readonly reader: Pick<Reader, "format" | "frames" | "damage">;
}

/** Feeds a reader with these chunks to the end. */
export function readChunks(chunks: Iterable<Uint8Array>): Reading {
  const sink = new Collector();
  const reader = createReader(sink);
  for (const chunk of chunks) reader.feed(chunk);
  reader.end();
  return { sink, reader };
}

export function readBytes(bytes: Uint8Array): Reading {
  return readChunks([bytes]);
}

/** Everything that a reading gave, for comparison. */
export function outcome({ sink, reader }: Reading): unknown {
  const { format, frames, damage } = reader;
  return {
    format,
    count: frames,
    damage,
    interfaces: sink.interfaces,
    frames: sink.frames,
    observed: sink.observed,
    watched: sink.watched,
    remarks: sink.remarks,
    begun: sink.begun,
    copied: Buffer.concat(sink.copied).toString("hex"),
  };
}

/** Cuts bytes at these offsets, in any order. */
export function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index] ?? 0, end));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

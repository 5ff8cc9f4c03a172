import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A frame as a capture file has it; `number` counts from 1, as tshark does. */
export interface Captured {
  readonly number: number;
  readonly linkType: number;
  readonly original: number;
  readonly bytes: Uint8Array;
}

export const ETHERNET = 1;

/** The frames of a capture: just enough of pcap and pcapng to compare decoders, independent of the product's reader. */
export function readCapture(path: string): Captured[] {
  const raw = readFileSync(path);
  const bytes = raw[0] === 0x1f ? gunzipSync(raw) : raw;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(0) === 0x0a0d0d0a ? readBlocks(view) : readRecords(view);
}

function readRecords(view: DataView): Captured[] {
  const magic = view.getUint32(0);
  const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  const linkType = view.getUint32(20, little) & 0xffff;
  const frames: Captured[] = [];
  let at = 24;
  while (at + 16 <= view.byteLength) {
    const length = view.getUint32(at + 8, little);
    if (at + 16 + length > view.byteLength) break;
    frames.push({
      number: frames.length + 1,
      linkType,
      original: view.getUint32(at + 12, little),
      bytes: cut(view, at + 16, length),
    });
    at += 16 + length;
  }
  return frames;
}

function readBlocks(view: DataView): Captured[] {
  const frames: Captured[] = [];
  let interfaces: { linkType: number; snapLength: number }[] = [];
  let little = true;
  let at = 0;
  while (at + 12 <= view.byteLength) {
    if (view.getUint32(at) === 0x0a0d0d0a) {
      little = view.getUint32(at + 8) === 0x4d3c2b1a;
      interfaces = [];
    }
    const type = view.getUint32(at, little);
    if (type === 1) {
      interfaces.push({ linkType: view.getUint16(at + 8, little), snapLength: view.getUint32(at + 12, little) });
    } else if (type === 2 || type === 6) {
      // The packet block, obsolete, has 16 bits of interface and 16 of drops where the enhanced one has 32 of interface.
      const index = type === 6 ? view.getUint32(at + 8, little) : view.getUint16(at + 8, little);
      push(index, at + 28, view.getUint32(at + 20, little), view.getUint32(at + 24, little));
    } else if (type === 3) {
      const original = view.getUint32(at + 8, little);
      push(0, at + 12, Math.min(original, interfaces[0]?.snapLength ?? original), original);
    } else if (type === 0x0bad || type === 0x40000bad) {
      // Custom blocks: tshark counts them among the frames.
      push(-1, at, 0, 0);
    }
    at += view.getUint32(at + 4, little);
  }
  return frames;

  function push(index: number, start: number, length: number, original: number): void {
    const linkType = interfaces[index]?.linkType ?? -1;
    frames.push({ number: frames.length + 1, linkType, original, bytes: cut(view, start, length) });
  }
}

function cut(view: DataView, start: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, length).slice();
}

/** Every capture file below a folder, as paths. */
export function capturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The view that the hot path has: a frame somewhere within a larger block. */
export function within(
  bytes: Uint8Array,
  before: number,
  after: number,
  filler: number,
): { block: Uint8Array; view: DataView } {
  const block = new Uint8Array(before + bytes.length + after).fill(filler);
  block.set(bytes, before);
  return { block, view: new DataView(block.buffer) };
}

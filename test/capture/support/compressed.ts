import { spawnSync } from "node:child_process";
import type { ByteInput } from "../../../src/capture/byte-input.js";
import { decompressed } from "../../../src/capture/compression.js";
import { chunkSource, type Source } from "../../../src/capture/file.js";
import type { Damage } from "../../../src/capture/sink.js";
import { requireTool } from "../../support/tools.js";
import { Collector, concat } from "./collector.js";

/** 32 bits, little-endian. */
export function word(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** A frame that decoders of lz4 and zstd pass over (RFC 8878 section 3.1.2). */
export function skippable(length: number, number = 3): Uint8Array {
  return concat(word(0x184d2a50 + number), word(length), new Uint8Array(length).fill(0x5a));
}

/** Reads a capture, as from a file. */
export async function readSource(bytes: Uint8Array): Promise<{ sink: Collector; reader: Source }> {
  const sink = new Collector();
  const reader = chunkSource("capture", [bytes], sink);
  while (await reader.pump());
  reader.close();
  return { sink, reader };
}

/** What a program makes of its standard input. */
export function piped(tool: string, input: Uint8Array, ...options: readonly string[]): Uint8Array {
  const run = spawnSync(requireTool(tool), options, { input, maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return new Uint8Array(run.stdout);
}

/** All that is compressed in there; it must be sound. */
export async function unpack(compressed: Uint8Array): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  const damage = await pieces(compressed, (piece) => found.push(piece.slice()));
  if (damage !== null) throw new Error(damage.sentence);
  return concat(...found);
}

/** Calls `use` with what is compressed in there, piece by piece. */
export async function pieces(compressed: Uint8Array, use: (piece: Uint8Array) => void): Promise<Damage | null> {
  let at = 4;
  const input: ByteInput = {
    read: (into) => {
      const part = compressed.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
    close: () => undefined,
  };
  const opened = await decompressed(input, compressed.subarray(0, 4));
  if (opened === null) throw new Error("not compressed");
  const into = new Uint8Array(0x8000);
  for (let count = await opened.input.read(into); count > 0; count = await opened.input.read(into)) {
    use(into.subarray(0, count));
  }
  return opened.input.damage;
}

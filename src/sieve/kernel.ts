import type { BlockMemory } from "../capture/memory.js";
import { assemble } from "./assembler.js";
import { FRAME_TEST } from "./frame-test.js";
import { PCAP_LOOP, PCAPNG_LOOP } from "./record-loops.js";

/** See record-loops.ts for what they take; offsets and words of 32 bits, signed or not. */
export interface Kernel {
  readonly pcap: RecordLoop;
  readonly pcapng: RecordLoop;
}

export type RecordLoop = (at: number, end: number, high: number, from: number, to: number, most: number) => number;

// The part of the global WebAssembly that is used here; Node's types leave it out.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly capture: { readonly memory: BlockMemory } },
  ) => { readonly exports: Kernel };
};

let assembled: object | null = null;

/** The loops over records in this memory; null where WebAssembly is missing, or cannot look into it. */
export function createKernel(memory: BlockMemory): Kernel | null {
  try {
    assembled ??= new WebAssembly.Module(assemble([FRAME_TEST, PCAP_LOOP, PCAPNG_LOOP]));
    return new WebAssembly.Instance(assembled, { capture: { memory } }).exports;
  } catch {
    return null;
  }
}

// The part of the global WebAssembly that is used here; Node's types leave it out.
declare const WebAssembly: {
  readonly Memory: new (description: { readonly initial: number }) => BlockMemory;
};

/** What WebAssembly.Memory counts in. */
export const PAGE_BYTES = 0x1_0000;

/** Memory that blocks are read into. Only a WebAssembly.Memory, which it mostly is, can be given to WebAssembly. */
export interface BlockMemory {
  /** All of its bytes. */
  readonly buffer: ArrayBuffer;
}

/** Given back by the last that needed none any more: to make one takes longer than reading a small capture. */
let spare: BlockMemory | null = null;

/**
 * The smallest is kept: it is what the next capture asks for, while damage may have made others much larger.
 *
 * @param memory nobody looks into it any more
 */
export function giveBack(memory: BlockMemory): void {
  if (spare === null || memory.buffer.byteLength < spare.buffer.byteLength) spare = memory;
}

/**
 * Memory that starts on a page boundary: read(2) into an odd address takes the kernel two to five times as long, and
 * neither Buffer nor ArrayBuffer promises any boundary. What is in it is anybody's.
 */
export function pageAlignedMemory(pages: number): BlockMemory {
  if (spare?.buffer.byteLength === pages * PAGE_BYTES) {
    const memory = spare;
    spare = null;
    return memory;
  }
  try {
    return new WebAssembly.Memory({ initial: pages });
  } catch {
    // It reserves address space by the gigabyte, which `ulimit -v` may forbid. Slower memory is better than none.
    return { buffer: new ArrayBuffer(pages * PAGE_BYTES) };
  }
}

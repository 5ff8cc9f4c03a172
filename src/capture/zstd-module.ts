import { ZSTDDecoder } from "zstddec/stream";
import { EnvironmentError } from "./errors.js";

// The part of the global WebAssembly that is used here; Node's types leave it out.
declare const WebAssembly: {
  readonly Instance: new (module: object, imports: object) => { readonly exports: ZstdExports };
};

/** The decoder of zstd 1.5.7, as zstd.h describes it. Pointers are offsets in `memory`, size_t has 32 bits, signed here. */
interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** ZSTD_ErrorCode (zstd_errors.h), negative as functions return them: those of which more can be said. */
export const ZstdError = { WINDOW_TOO_LARGE: -16, WRONG_SUM: -22, DICTIONARY: -32, MEMORY: -64 } as const;

export const BLOCK_HEADER_BYTES = 3;
/** The header of any frame, and of its first block (ZSTD_FRAMEHEADERSIZE_MIN), which no frame lacks. */
export const FIRST_BYTES = 6 + BLOCK_HEADER_BYTES;
/** ZSTD_BLOCKSIZE_MAX: no block gives more. */
const BLOCK_BYTES = 0x2_0000;
/** The most that is asked for. */
const PIECE_BYTES = BLOCK_BYTES + BLOCK_HEADER_BYTES;
/** ZSTD_inBuffer and ZSTD_outBuffer: pointer, size, position. */
const BUFFER_BYTES = 12;

/** A decoder with memory of its own, which goes with it. */
export interface ZstdDecoder {
  /** Leaves the frame at hand, if any, and expects another. */
  begin(): void;
  /**
   * Takes the next piece of a frame.
   *
   * @param piece of as many bytes as were asked for, or fewer; of FIRST_BYTES at the beginning
   * @returns after all that comes of it, each part valid up to the next: how many bytes of the frame are wanted next, 0 at
   *   its end; or a negative ZstdError or other ZSTD_ErrorCode, after which it must begin anew
   */
  decompress(piece: Uint8Array): Generator<Uint8Array, number, undefined>;
}

/** @throws EnvironmentError where there is no memory for it */
export async function createZstdDecoder(): Promise<ZstdDecoder> {
  const zstd = instantiate(await loaded());
  const piece = zstd.malloc(PIECE_BYTES);
  const block = zstd.malloc(BLOCK_BYTES);
  const input = zstd.malloc(BUFFER_BYTES);
  const output = zstd.malloc(BUFFER_BYTES);
  let context = 0;

  return {
    begin() {
      if (context !== 0) zstd.ZSTD_freeDCtx(context);
      context = zstd.ZSTD_createDCtx();
    },
    *decompress(bytes) {
      new Uint8Array(zstd.memory.buffer).set(bytes, piece);
      let used = 0;
      for (;;) {
        const before = new DataView(zstd.memory.buffer);
        writeBuffer(before, input, piece, bytes.length, used);
        writeBuffer(before, output, block, BLOCK_BYTES, 0);
        const wanted = zstd.ZSTD_decompressStream(context, output, input);
        // Memory that has grown is another buffer.
        const after = new DataView(zstd.memory.buffer);
        const given = position(after, output);
        used = position(after, input);
        if (given > 0) yield new Uint8Array(after.buffer, block, given);
        if (wanted < 0 || used === bytes.length) return wanted;
      }
    },
  };
}

function writeBuffer(view: DataView, at: number, pointer: number, size: number, used: number): void {
  view.setUint32(at, pointer, true);
  view.setUint32(at + 4, size, true);
  view.setUint32(at + 8, used, true);
}

function position(view: DataView, at: number): number {
  return view.getUint32(at + 8, true);
}

function instantiate(module: object): ZstdExports {
  const imports = { env: { emscripten_notify_memory_growth: () => undefined } };
  try {
    return new WebAssembly.Instance(module, imports).exports;
  } catch (error) {
    throw unusable("There is no memory to read zstd (WebAssembly reserves it by the gigabyte, see ulimit -v)", error);
  }
}

let module: Promise<object> | null = null;

/**
 * The package's WebAssembly. Its own way to stream pulls pieces and does not tell errors from waiting, so only what it
 * loads is taken.
 */
function loaded(): Promise<object> {
  module ??= load();
  return module;
}

async function load(): Promise<object> {
  const decoder = new ZSTDDecoder();
  const own = decoder._init.bind(decoder);
  const modules: object[] = [];
  decoder._init = (result: { readonly module: object }) => {
    modules.push(result.module);
    own(result);
  };
  await decoder.init();
  const [taken] = modules;
  // It loads once: whoever else uses the package in this process was the first.
  if (taken === undefined) throw unusable("The zstd decoder is in use by another part of this process");
  return taken;
}

function unusable(why: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError("ENOMEM", `${why}: decompress the capture first (unzstd).`, cause);
}

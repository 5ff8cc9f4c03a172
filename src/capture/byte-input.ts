import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import type { Socket } from "node:net";
import { EnvironmentError, inputName } from "./errors.js";
import type { Damage } from "./sink.js";

const STANDARD_INPUT = 0;
/**
 * Waiting in open(2) or read(2) would keep signals out. A named pipe is opened before it has a writer, and poll(2) says
 * when one came (Linux fs/pipe.c, pipe_poll); kernel files and devices fail with EAGAIN where they have nothing yet.
 */
const READ_WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/** Where bytes come from, as read(2) gives them. */
export interface ByteInput {
  /**
   * Puts up to `into.length` bytes at the beginning of `into`.
   *
   * @returns how many; 0 at the end
   */
  read(into: Uint8Array): number | Promise<number>;
  close(): void;
}

/** Bytes that are decompressed on their way. */
export interface CompressedInput extends ByteInput {
  /** Why they ended too early, or are not what they should be; known once `read` gave 0. */
  readonly damage: Damage | null;
}

/** Reads until `bytes` is full, or the input is over. Returns how many there are. */
export async function fill(input: ByteInput, bytes: Uint8Array): Promise<number> {
  let count = 0;
  while (count < bytes.length) {
    const more = await input.read(bytes.subarray(count));
    if (more === 0) break;
    count += more;
  }
  return count;
}

/**
 * Opens a file, a named pipe, or standard input ("-").
 *
 * @throws whatever node:fs throws; EnvironmentError where the input is a directory or a terminal
 */
export function openByteInput(path: string): ByteInput {
  const descriptor = path === "-" ? STANDARD_INPUT : openSync(path, READ_WITHOUT_WAITING);
  const stats = fstatSync(descriptor);
  if (stats.isDirectory()) {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor);
    throw new EnvironmentError("EISDIR", `${inputName(path)} is a directory: name the capture files in it.`);
  }
  // Its module takes longer to load than a small capture to read, so only what may be a terminal is asked.
  if (stats.isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(descriptor)) {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor);
    throw new EnvironmentError("ENOTSUP", `${inputName(path)} is a terminal: pipe a capture into it (tcpdump -w -).`);
  }
  if (!isStream(stats)) return new DescriptorInput(descriptor);
  return new StreamInput(descriptor === STANDARD_INPUT ? process.stdin : socketOf(descriptor));
}

/** Sockets, as terminals, are loaded only where there is one. */
function socketOf(descriptor: number): Socket {
  const { Socket } = process.getBuiltinModule("node:net");
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

/** Reads that may wait for another program. */
function isStream(stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket();
}

/** Files: read at once, straight into the caller's memory. */
class DescriptorInput implements ByteInput {
  readonly #descriptor: number;
  #open = true;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(into: Uint8Array): number {
    return readSync(this.#descriptor, into, 0, into.length, null);
  }

  close(): void {
    if (this.#open && this.#descriptor !== STANDARD_INPUT) closeSync(this.#descriptor);
    this.#open = false;
  }
}

/** Pipes and sockets: waiting for them must neither stop signals nor, where they do not block, spin. */
class StreamInput implements ByteInput {
  readonly #stream: Socket | NodeJS.ReadStream;
  readonly #chunks: AsyncIterator<unknown>;
  /** What came and did not fit. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: Socket | NodeJS.ReadStream) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      if (next.value instanceof Uint8Array) this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, into.length);
    into.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return part.length;
  }

  close(): void {
    this.#stream.destroy();
  }
}

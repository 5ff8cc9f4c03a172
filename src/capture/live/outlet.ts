import { writeSync } from "node:fs";
import { codeOf } from "../errors.js";

/** Bytes that may wait for a reader who is slower than the frames: two seconds of 20 000 DHCP messages each. */
const MOST_WAITING = 16 * 1024 * 1024;
/** Attempts to get rid of them are made after so many more bytes, and after so many milliseconds. */
const AGAIN_BYTES = 64 * 1024;
const AGAIN = 5;

/**
 * Writes to standard output at once, from within callbacks that may not return to the event loop for long. What a full
 * pipe does not take is kept, in order; if that becomes too much, writing waits, and the kernel drops what comes.
 */
export class Outlet {
  readonly #descriptor: number;
  readonly #sleep = new Int32Array(new SharedArrayBuffer(4));
  /** Bytes that were not written yet lie between #begin and #end. */
  #kept = Buffer.alloc(0);
  #begin = 0;
  #end = 0;
  /** Bytes kept since the last attempt. */
  #more = 0;
  #retrying = false;

  /**
   * @param stream is not written to: that it exists makes its descriptor one that does not block
   * @param gone nobody reads any more
   */
  constructor(
    stream: { readonly fd: number },
    private readonly gone: () => never,
  ) {
    this.#descriptor = stream.fd;
  }

  /** Takes bytes, which may be reused afterwards. */
  write(bytes: Uint8Array): void {
    const written = this.#end > this.#begin ? 0 : this.#attempt(bytes, 0, bytes.length);
    if (written < bytes.length) this.#keep(bytes.subarray(written));
  }

  /** Writes all that waits, however long it takes. */
  drain(): void {
    this.#flush(0);
  }

  #keep(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#kept.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#more += bytes.length;
    if (this.#more >= AGAIN_BYTES) this.#flush(MOST_WAITING);
    if (this.#retrying) return;
    this.#retrying = true;
    setTimeout(() => this.#retry(), AGAIN);
  }

  #retry(): void {
    this.#flush(Infinity);
    this.#retrying = this.#end > this.#begin;
    if (this.#retrying) {
      setTimeout(() => this.#retry(), AGAIN);
    } else {
      this.#kept = Buffer.alloc(0);
      this.#begin = this.#end = 0;
    }
  }

  /** Writes what the pipe takes, and waits until no more than `most` bytes are left. */
  #flush(most: number): void {
    this.#more = 0;
    this.#begin += this.#attempt(this.#kept, this.#begin, this.#end);
    while (this.#end - this.#begin > most) {
      Atomics.wait(this.#sleep, 0, 0, 1);
      this.#begin += this.#attempt(this.#kept, this.#begin, this.#end);
    }
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#kept.length) return;
    const kept = this.#end - this.#begin;
    const target = 2 * (kept + length) > this.#kept.length ? Buffer.alloc(2 * (kept + length)) : this.#kept;
    this.#kept.copy(target, 0, this.#begin, this.#end);
    this.#kept = target;
    this.#begin = 0;
    this.#end = kept;
  }

  /** @returns bytes written */
  #attempt(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to) {
      try {
        at += writeSync(this.#descriptor, bytes, at, to - at);
      } catch (error) {
        if (codeOf(error) === "EAGAIN") break;
        this.gone();
      }
    }
    return at - from;
  }
}

import { closeSync, constants, ftruncateSync, openSync, unlinkSync, writeSync } from "node:fs";
import type { Batch } from "./batch.js";

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
/** For the one who records, and nobody else: frames tell of guests. */
const MODE = 0o600;

/** The disk took only a part of what was to be written. */
export class DiskFullError extends Error {
  readonly code = "ENOSPC";
}

/** A new file that consists of whole blocks at any moment, whenever this process may be killed. */
export class BlockFile {
  readonly path: string;
  /** Bytes. */
  size = 0;
  readonly #descriptor: number;

  /** @throws whatever node:fs throws, also where there is such a file already */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, MODE);
  }

  /**
   * Writes all blocks in one go.
   *
   * @throws whatever node:fs throws, DiskFullError; blocks that were written whole stay
   */
  append(batch: Batch): void {
    const { bytes } = batch;
    const written = writeSync(this.#descriptor, bytes, 0, bytes.length);
    const whole = written === bytes.length ? written : batch.wholeWithin(written);
    if (whole < written) ftruncateSync(this.#descriptor, this.size + whole);
    this.size += whole;
    if (written < bytes.length) throw new DiskFullError();
  }

  /** Keeps no file that holds nothing. */
  close(): void {
    closeSync(this.#descriptor);
    if (this.size === 0) unlinkSync(this.path);
  }
}

import { statfsSync } from "node:fs";
import { codeOf, inputName } from "../errors.js";
import type { RecordingMark } from "../recording-mark.js";
import { Batch } from "./batch.js";
import type { BlockFile } from "./block-file.js";
import { reasonOf, type RecordingFolder } from "./folder.js";

export interface OutputOptions {
  readonly folder: RecordingFolder;
  /** Bytes of one file, and of all of them. */
  readonly fileSize: number;
  readonly total: number;
  /** Seconds after which another file is begun. */
  readonly fileAge: number;
  /** Seconds, of a clock that only goes on. */
  readonly monotonic: () => number;
  /** Takes sentences for the operator. */
  readonly tell: (sentence: string) => void;
}

/** Bytes that are gathered at most before they are written. */
const MOST_GATHERED = 0x4_0000;
/** Seconds after which it is tried again whether something can be written, and bytes that must be free for that. */
const AGAIN = 5;
const FREE = 0x10_0000;

interface Failure {
  /** For a sentence. */
  readonly reason: string;
  readonly since: number;
  /** When it may be tried again. */
  again: number;
}

/** The file that is being written, and what becomes of it. */
export class Output {
  readonly #options: OutputOptions;
  readonly #batch = new Batch();
  #file: BlockFile | null = null;
  #mark: RecordingMark | null = null;
  /** Bytes that the file begins with, before anything of the stream. */
  #beginning = 0;
  #begun = 0;
  #failure: Failure | null = null;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Which file is being written; null: none. */
  get mark(): RecordingMark | null {
    return this.#mark;
  }

  /** Why nothing can be written; null: nothing is known to be wrong. */
  get failure(): string | null {
    return this.#failure?.reason ?? null;
  }

  /** A block of so many bytes fits into the file, or would not fit better into another one. */
  hasRoom(bytes: number): boolean {
    const size = (this.#file?.size ?? 0) + this.#batch.length;
    return size + bytes <= this.#options.fileSize || size <= this.#beginning;
  }

  get isOld(): boolean {
    return this.#file !== null && this.#options.monotonic() - this.#begun >= this.#options.fileAge;
  }

  /** Something is to be written before more is added. */
  get isFull(): boolean {
    return this.#batch.length >= MOST_GATHERED;
  }

  /** Adds a block. Returns where it begins in the `view`; -1 where nothing can be written. */
  add(bytes: Uint8Array, start = 0, end = bytes.length): number {
    return this.#file === null ? -1 : this.#batch.add(bytes, start, end);
  }

  /** The blocks that were added and not written yet; valid until the next is added. */
  get view(): DataView {
    return this.#batch.view;
  }

  /** Begins the next file. Returns whether there is one, or it is not yet time to try again. */
  open(): boolean {
    const { folder, total, fileSize, monotonic } = this.#options;
    const now = monotonic();
    if (this.#failure !== null) {
      if (now < this.#failure.again) return false;
      this.#failure.again = now + AGAIN;
      if (!hasSpace(folder.path)) return false;
    }
    try {
      folder.keep(total - fileSize);
      const { file, mark } = folder.create();
      this.#file = file;
      this.#mark = mark;
      this.#beginning = 0;
      this.#begun = now;
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** What was added so far belongs to the beginning of the file. Returns whether it was written. */
  beginningEnds(): boolean {
    const { folder, monotonic, tell } = this.#options;
    if (!this.flush()) return false;
    this.#beginning = this.#file?.size ?? 0;
    folder.created();
    if (this.#failure === null) return true;
    const missing = Math.max(1, Math.round(monotonic() - this.#failure.since));
    this.#failure = null;
    tell(`${inputName(folder.path)} is recorded into again; what was captured in ${missing} s is missing there.`);
    return true;
  }

  /** Writes what was added. Returns whether it could. */
  flush(): boolean {
    if (this.#file === null) return false;
    if (this.#batch.length === 0) return true;
    try {
      this.#file.append(this.#batch);
      this.#batch.clear();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
    this.#mark = null;
    this.#batch.clear();
  }

  #fail(error: unknown): void {
    const code = codeOf(error);
    if (code === null) throw error;
    this.close();
    if (this.#failure !== null) return;
    const { folder, monotonic, tell } = this.#options;
    const now = monotonic();
    this.#failure = { reason: reasonOf(code), since: now, again: now + AGAIN };
    tell(
      `${inputName(folder.path)} cannot be recorded into: ${reasonOf(code)}. The watch goes on, and the recording as soon as it can.`,
    );
  }
}

function hasSpace(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= FREE;
  } catch {
    // Making a file will tell.
    return true;
  }
}

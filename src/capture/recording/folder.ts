import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { codeOf, EnvironmentError, inputName } from "../errors.js";
import { probe } from "../probe.js";
import type { RecordingMark } from "../recording-mark.js";
import { BlockFile } from "./block-file.js";
import { recordingName, recordingNumber } from "./file-names.js";
import { writerOf } from "./writer-of.js";

/** What a folder is made with: nobody else looks into it. */
const MODE = 0o700;
/** Write permissions of others, and the bit by which they cannot take away what is not theirs. */
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/** A file of a recording. */
interface Recorded {
  readonly path: string;
  readonly number: number;
  readonly size: number;
}

/** The folder of a recording. A recording that is begun anew in the same folder is that one, continued. */
export class RecordingFolder {
  readonly path: string;
  /** There are files in it from before. */
  readonly continues: boolean;
  readonly #id: string;
  #last: number;

  private constructor(path: string, newest: RecordingMark | null, last: number) {
    this.path = path;
    this.continues = last > 0;
    this.#id = newest?.id ?? randomBytes(8).toString("hex");
    this.#last = last;
  }

  /**
   * Makes the folder, unless it is there, and tries whether files can be made in it.
   *
   * @param tell takes a sentence of caution
   * @throws EnvironmentError if nothing can be recorded there, or another process does so
   */
  static async open(path: string, tell: (sentence: string) => void): Promise<RecordingFolder> {
    try {
      mkdirSync(path, { recursive: true, mode: MODE });
      const { mode } = statSync(path);
      if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) tell(`${inputName(path)} ${OPEN_TO_OTHERS}`);
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
      const newest = filesIn(path).at(-1);
      const writer = newest === undefined ? null : writerOf(newest.path);
      if (writer !== null) throw busyError(path, writer);
      const probed = newest === undefined ? null : await probe(newest.path).catch(() => null);
      const folder = new RecordingFolder(path, probed?.recording ?? null, newest?.number ?? 0);
      folder.#tryOut();
      return folder;
    } catch (error) {
      throw folderError(error, path);
    }
  }

  /** The next file. @throws whatever node:fs throws */
  create(): { readonly file: BlockFile; readonly mark: RecordingMark } {
    // It may have been taken away while this was running.
    mkdirSync(this.path, { recursive: true, mode: MODE });
    const number = this.#last + 1;
    const file = new BlockFile(this.#pathOf(number));
    return { file, mark: { id: this.#id, file: number } };
  }

  /** The file that was created holds something, and keeps its number. */
  created(): void {
    this.#last += 1;
  }

  /** Deletes the oldest files until the others have no more than so many bytes. What cannot be deleted stays. */
  keep(bytes: number): void {
    const files = filesIn(this.path);
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files) {
      if (total <= bytes) return;
      try {
        unlinkSync(path);
        total -= size;
      } catch {
        // Somebody else was quicker, or took the permission away.
      }
    }
  }

  #pathOf(number: number): string {
    return join(this.path, recordingName(number, Date.now()));
  }

  #tryOut(): void {
    new BlockFile(this.#pathOf(this.#last + 1)).close();
  }
}

const OPEN_TO_OTHERS =
  "may be written to by other users, who can take away what is recorded in it: chmod go-w, or name a directory of its own.";

/** The files of recordings in a folder, and nothing else of it; the oldest first. */
function filesIn(folder: string): Recorded[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry): Recorded[] => {
      const number = recordingNumber(entry.name);
      if (number === null || !entry.isFile()) return [];
      const path = join(folder, entry.name);
      const size = statSync(path, { throwIfNoEntry: false })?.size;
      return size === undefined ? [] : [{ path, number, size }];
    })
    .sort((a, b) => a.number - b.number || (a.path < b.path ? -1 : 1));
}

function busyError(path: string, process: number): EnvironmentError {
  const folder = inputName(path);
  return new EnvironmentError(
    "EBUSY",
    `${folder} is being recorded into by another process (${process}): name a directory of its own.`,
  );
}

function folderError(error: unknown, path: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = codeOf(error);
  if (error instanceof EnvironmentError || code === null) return error;
  return new EnvironmentError(code, `Nothing can be recorded in ${inputName(path)}: ${reasonOf(code)}.`, error);
}

/** Why nothing can be written, for a sentence. */
export function reasonOf(code: string): string {
  return REASONS[code] ?? `the system says ${code}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EEXIST: "it is a file, not a directory",
  ENOTDIR: "a part of its path is a file, not a directory",
  EROFS: "its file system is mounted read-only",
  ENOSPC: "its disk is full",
  EDQUOT: "this user's quota is used up",
};

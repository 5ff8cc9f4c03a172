import { execFile } from "node:child_process";
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../capture/errors.js";

/** What of the host is looked at. Nothing is ever written. */
export interface System {
  /** The text of a file below the root, at most the first 4 MB; null: there is none, or it may not be read. */
  read(path: string): string | null;
  /** The same, as it is. */
  readBytes(path: string): Uint8Array | null;
  /** The names in a folder; empty where there is none. */
  list(path: string): readonly string[];
  /** What a symbolic link says. */
  link(path: string): string | null;
  /** Standard output of a command; null: it is not installed, or failed. */
  run(command: string, args: readonly string[]): Promise<string | null>;
  /** Paths that exist and may not be read by this user. */
  readonly denied: ReadonlySet<string>;
  /** Commands that are not installed. */
  readonly absent: ReadonlySet<string>;
}

const MOST_OF_A_FILE = 4 * 1024 * 1024;
/** Longer answers of commands are not of the kind that is expected. */
const MOST_OF_AN_ANSWER = 16 * 1024 * 1024;
/** Milliseconds for one command. */
const PATIENCE = 10_000;

/** The machine that this runs on, or a copy of its /proc, /sys and /run below another root. */
export class LocalSystem implements System {
  readonly denied = new Set<string>();
  readonly absent = new Set<string>();

  constructor(private readonly root = "/") {}

  read(path: string): string | null {
    return this.#attempt(path, (full) => beginningOf(full).toString("utf8"));
  }

  readBytes(path: string): Uint8Array | null {
    return this.#attempt(path, beginningOf);
  }

  list(path: string): readonly string[] {
    return this.#attempt(path, (full) => readdirSync(full)) ?? [];
  }

  link(path: string): string | null {
    return this.#attempt(path, (full) => readlinkSync(full));
  }

  run(command: string, args: readonly string[]): Promise<string | null> {
    const env = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    return new Promise((settle) => {
      execFile(command, args, { env, timeout: PATIENCE, maxBuffer: MOST_OF_AN_ANSWER }, (error, stdout) => {
        if (error !== null && error.code === "ENOENT") this.absent.add(command);
        settle(error === null ? stdout : null);
      });
    });
  }

  #attempt<T>(path: string, read: (full: string) => T): T | null {
    try {
      return read(join(this.root, path));
    } catch (error) {
      const code = codeOf(error);
      if (code === "EACCES" || code === "EPERM") this.denied.add(path);
      return null;
    }
  }
}

/** Files of /proc and /sys do not tell their size. */
function beginningOf(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const blocks: Buffer[] = [];
    for (let total = 0; total < MOST_OF_A_FILE;) {
      const block = Buffer.alloc(Math.min(65_536, MOST_OF_A_FILE - total));
      const count = readSync(file, block);
      if (count === 0) break;
      blocks.push(block.subarray(0, count));
      total += count;
    }
    return Buffer.concat(blocks);
  } finally {
    closeSync(file);
  }
}

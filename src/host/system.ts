import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What of the host is looked at. Nothing is ever written. */
export interface System {
  /** The text of a file below the root; null: there is none, or it may not be read. */
  read(path: string): string | null;
  /** The names in a folder; empty where there is none. */
  list(path: string): readonly string[];
  /** What a symbolic link says. */
  link(path: string): string | null;
  /** Standard output of a command; null: it is not installed, or failed. */
  run(command: string, args: readonly string[]): Promise<string | null>;
  /** Paths that exist and may not be read by this user, told once each. */
  readonly denied: ReadonlySet<string>;
}

/** Longer answers are not of the kind that is expected. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Milliseconds for one command. */
const PATIENCE = 10_000;

/** The machine that this runs on, or a copy of its /proc and /sys below another root. */
export class LocalSystem implements System {
  readonly denied = new Set<string>();

  constructor(private readonly root = "/") {}

  read(path: string): string | null {
    return this.#attempt(path, (full) => readFileSync(full, "utf8"));
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
      execFile(command, args, { env, timeout: PATIENCE, maxBuffer: MOST_BYTES }, (error, stdout) => {
        settle(error === null ? stdout : null);
      });
    });
  }

  #attempt<T>(path: string, read: (full: string) => T): T | null {
    try {
      return read(join(this.root, path));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : null;
      if (code === "EACCES" || code === "EPERM") this.denied.add(path);
      return null;
    }
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { isAnswer, type Answer, type Order } from "./messages.js";

const PROGRAM = fileURLToPath(new URL("child.js", import.meta.url));
/** It does little and keeps nothing: a small heap and few threads will do, and nobody need tidy it while nothing happens. */
const SPARING = ["--max-semi-space-size=1", "--v8-pool-size=1", "--no-memory-reducer", "--no-warnings"];
/**
 * It ends with SIGABRT whenever an interface goes away, which must not leave a core file each time. Node cannot set
 * limits, every shell can.
 */
const WITHOUT_CORES = 'ulimit -c 0; exec "$0" "$@"';
/** Milliseconds in which one that is to end gives at least something of what it still has. */
const PATIENCE = 2000;

/** What becomes of a capture process. */
export interface CaptureProcessHost {
  bytes(chunk: Buffer): void;
  answer(answer: Answer): void;
  /**
   * It has ended, and all that it wrote was told.
   *
   * @param how for a sentence: "SIGABRT", "exit code 1"
   * @param words the last line that it, or libpcap, printed; null: none
   */
  ended(how: string, words: string | null): void;
}

/** One capture process (child.ts), seen from outside. */
export class CaptureProcess {
  readonly #child: ChildProcess;
  readonly #stdout: Readable;
  #words: string | null = null;
  /** It is to end, and will be ended if nothing comes of it. */
  #patience: NodeJS.Timeout | null = null;

  constructor(host: CaptureProcessHost) {
    const command = ["-c", WITHOUT_CORES, process.execPath, ...SPARING, PROGRAM];
    const child = spawn("/bin/sh", command, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error("a child process has no pipes");
    this.#stdout = stdout;
    stdout.on("data", (chunk: Buffer) => {
      this.#patience?.refresh();
      host.bytes(chunk);
    });
    createInterface(stderr).on("line", (line) => {
      this.#words = line;
    });
    child.on("message", (message) => {
      if (isAnswer(message)) host.answer(message);
    });
    child.on("error", (error) => {
      this.#words = error.message;
    });
    child.on("close", (code, signal) => host.ended(signal ?? `exit code ${code ?? "none"}`, this.#words));
  }

  send(order: Order): void {
    // One that has just died is told of by `ended`.
    this.#child.send(order, () => undefined);
  }

  /** Has it write what it knows, which may be much, and end; if it does neither, it is ended. */
  end(): void {
    this.send({ do: "end" });
    this.#patience = setTimeout(() => {
      if (this.isPaused) this.#patience?.refresh();
      else this.kill();
    }, PATIENCE);
    this.#patience.unref();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Nothing of it is being read. */
  get isPaused(): boolean {
    return this.#stdout.isPaused();
  }

  /** Its reader is behind. */
  pause(): void {
    this.#stdout.pause();
  }

  resume(): void {
    this.#stdout.resume();
  }
}

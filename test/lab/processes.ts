import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A line that a program printed, and when it came, in milliseconds of a clock that all of them share. */
export interface Line {
  readonly text: string;
  readonly came: number;
}

/** A program that runs beside the test, with what it says. */
export class Running {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #listeners = new Set<() => void>();
  #over = false;

  constructor(
    command: readonly string[],
    options: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: Readable } = {},
  ) {
    const [program = "", ...args] = command;
    const stdin = options.stdin ?? null;
    this.child = spawn(program, args, {
      env: { ...process.env, ...options.env },
      stdio: [stdin === null ? "ignore" : "pipe", "pipe", "pipe"],
    });
    if (stdin !== null && this.child.stdin !== null) {
      this.child.stdin.on("error", () => undefined);
      stdin.pipe(this.child.stdin);
    }
    this.#ended = new Promise((settle) => {
      this.child.on("error", () => settle(null));
      this.child.on("close", (code) => {
        this.#over = true;
        settle(code);
        this.#tell();
      });
    });
  }

  /** Keeps what it prints, on both streams or only on standard error. */
  listen(to: "both" | "stderr" = "both"): this {
    const { stdout, stderr } = this.child;
    for (const stream of to === "both" ? [stdout, stderr] : [stderr]) {
      if (stream !== null) createInterface(stream).on("line", (text) => this.#heard(text));
    }
    return this;
  }

  /** Lines that fit, so far. */
  saying(pattern: RegExp): Line[] {
    return this.lines.filter(({ text }) => pattern.test(text));
  }

  /** Waits until so many lines have fitted. @throws Error if it ends before, or takes too long */
  async said(pattern: RegExp, times: number, seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1000;
    while (this.saying(pattern).length < times) {
      if (this.#over) throw new Error(`ended before it said ${String(pattern)}:\n${this.#tail()}`);
      if (performance.now() > until) throw new Error(`did not say ${String(pattern)}:\n${this.#tail()}`);
      await this.#next(Math.max(1, until - performance.now()));
    }
  }

  /** Its exit code, once it has ended by itself. */
  get exit(): Promise<number | null> {
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it and returns its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.#over) this.child.kill(signal);
    return this.#ended;
  }

  #heard(text: string): void {
    this.lines.push({ text, came: performance.now() });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #next(milliseconds: number): Promise<void> {
    return new Promise((settle) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        settle();
      };
      const timer = setTimeout(done, milliseconds);
      this.#listeners.add(done);
    });
  }

  #tail(): string {
    return this.lines
      .slice(-20)
      .map(({ text }) => text.slice(0, 300))
      .join("\n");
  }
}

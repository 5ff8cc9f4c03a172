import { spawn } from "node:child_process";
import type { Finding } from "../report/events.js";
import { safeJson } from "../report/safe-text.js";
import { complain as complaint } from "./complaint.js";

/** Seconds after which a run is ended. */
const PATIENCE = 60;
/** Findings that may wait for the run before them; a flood of findings must not become a flood of processes. */
const MOST_WAITING = 100;
const SHELL = "/bin/sh";

/**
 * Runs a command for each finding, one after the other, with the record on its standard input. What it prints goes to
 * standard error: standard output is for the watch itself.
 */
export class FindingHook {
  readonly #waiting: Finding[] = [];
  readonly #said = new Map<string, string>();
  readonly #complaints = new Set<string>();
  #running: Promise<void> | null = null;

  /** @param patience seconds for one run */
  constructor(
    private readonly command: string,
    private readonly patience = PATIENCE,
    private readonly complain = complaint,
  ) {}

  /** Something happened, and this is what is known of it. */
  tell(finding: Finding): void {
    this.#said.set(finding.id, gist(finding));
    if (this.#waiting.length >= MOST_WAITING) {
      this.#complain(`more than ${MOST_WAITING} findings wait for --exec; what is beyond is not handed to it.`);
      return;
    }
    this.#waiting.push(finding);
    this.#running ??= this.#run();
  }

  /** What was found in the end; only what was not told before is handed on. */
  conclude(finding: Finding): void {
    if (this.#said.get(finding.id) !== gist(finding)) this.tell(finding);
  }

  /** Returns when every run is over; the last of them have as long as each has. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const failure = await runOnce(this.command, `${safeJson(next)}\n`, this.patience);
      if (failure !== null) this.#complain(`--exec ${failure}`);
    }
    this.#running = null;
  }

  #complain(sentence: string): void {
    if (this.#complaints.has(sentence)) return;
    this.#complaints.add(sentence);
    this.complain(sentence);
  }
}

/** What a reader of an alarm would want to hear of again. */
function gist({ code, severity, confidence }: Finding): string {
  return `${code} ${severity} ${confidence}`;
}

/** @returns what went wrong, null: nothing */
function runOnce(command: string, input: string, patience: number): Promise<string | null> {
  return new Promise((settle) => {
    // A group of its own: Ctrl-C ends the watch, not the alarm; and what it started ends with it.
    const child = spawn(SHELL, ["-c", command], { stdio: ["pipe", 2, 2], detached: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, patience * 1000);
    const over = (failure: string | null): void => {
      clearTimeout(timer);
      settle(failure);
    };
    child.on("error", (error) => {
      over(`could not be run: ${error.message}.`);
    });
    child.on("exit", (code, signal) => {
      if (late) over(`took longer than ${patience} s and was ended.`);
      else if (signal !== null) over(`was ended by ${signal}.`);
      else over(code === 0 ? null : `ended with exit code ${String(code)}.`);
    });
    // It need not read what it is given.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

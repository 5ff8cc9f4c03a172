import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds between looks, and looks in a row at which it must be found waiting. */
const LOOK = 50;
const LOOKS = 4;
/** SIGINT is signal 2: the second bit of the mask. */
const CATCHES_SIGINT = 0b10;

/**
 * Returns once a program has taken over Ctrl-C and waits for input: how long it takes to start depends on the machine.
 * Where there is no /proc it just waits for long.
 */
export async function waitsForInput({ pid }: ChildProcess): Promise<void> {
  let seen = 0;
  let worked = "";
  while (seen < LOOKS) {
    await pause(LOOK);
    const status = read(`/proc/${String(pid)}/status`);
    if (status === null) {
      await pause(2000);
      return;
    }
    const sleeps = /^State:\s*S/m.test(status);
    const work = workOf(pid);
    seen = catchesSigint(status) && sleeps && work === worked ? seen + 1 : 0;
    worked = work;
  }
}

/** Returns once a program has heard a Ctrl-C, and leaves the next one to the system; without /proc after a while. */
export async function heardSigint({ pid }: ChildProcess): Promise<void> {
  let status = read(`/proc/${String(pid)}/status`);
  if (status === null) await pause(500);
  for (; status !== null && catchesSigint(status); status = read(`/proc/${String(pid)}/status`)) await pause(LOOK);
}

function catchesSigint(status: string): boolean {
  const caught = parseInt(/^SigCgt:\s*[0-9a-f]*([0-9a-f])$/m.exec(status)?.[1] ?? "0", 16);
  return (caught & CATCHES_SIGINT) !== 0;
}

/** Ticks of the processor that it has used: fields 14 and 15 of /proc/PID/stat, proc(5). */
function workOf(pid: number | undefined): string {
  const stat = read(`/proc/${String(pid)}/stat`) ?? "";
  return stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14).join(" ");
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

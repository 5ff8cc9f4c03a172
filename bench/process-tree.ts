import { readdirSync, readFileSync } from "node:fs";

/** A process and all that it has started, as Linux tells of them in /proc. */

/** Proportional set sizes in bytes: memory that several of them share counts once in all. */
export function memoryOf(pid: number): number {
  return sumOf(pid, (one) => {
    const rollup = readFileSync(`/proc/${one}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
  });
}

/**
 * Seconds of processor time so far, as the scheduler counts it in nanoseconds (Documentation/scheduler/sched-stats.rst):
 * what is charged in ticks, as in /proc/PID/stat, is far off for those that run for less than one of them.
 */
export function processorTimeOf(pid: number): number {
  return sumOf(pid, (one) =>
    readdirSync(`/proc/${one}/task`)
      .map((thread) => Number(readFileSync(`/proc/${one}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e9)
      .reduce((sum, time) => sum + time, 0),
  );
}

export function childrenOf(pid: number): number[] {
  const words = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return words === "" ? [] : words.split(" ").map(Number);
}

function sumOf(pid: number, measure: (pid: number) => number): number {
  return childrenOf(pid).reduce((sum, child) => sum + sumOf(child, measure), measure(pid));
}

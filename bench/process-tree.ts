import { readFileSync } from "node:fs";

/** A process and all that it has started, as Linux tells of them in /proc. */

/** Proportional set sizes in bytes: memory that several of them share counts once in all. */
export function memoryOf(pid: number): number {
  return sumOf(pid, (one) => {
    const rollup = readFileSync(`/proc/${one}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
  });
}

/** Seconds of processor time so far. */
export function processorTimeOf(pid: number): number {
  return sumOf(pid, (one) => {
    const stat = readFileSync(`/proc/${one}/stat`, "utf8");
    const [user = NaN, system = NaN] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14).map(Number);
    return (user + system) / TICKS;
  });
}

/** USER_HZ, 100 on every Linux that Node runs on. */
const TICKS = 100;

export function childrenOf(pid: number): number[] {
  const words = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return words === "" ? [] : words.split(" ").map(Number);
}

function sumOf(pid: number, measure: (pid: number) => number): number {
  return childrenOf(pid).reduce((sum, child) => sum + sumOf(child, measure), measure(pid));
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Seconds for which some task had to wait since the host was booted. */
export interface PressureTotals {
  readonly cpu: number;
  readonly io: number;
  readonly memory: number;
}

/** The line of Documentation/accounting/psi.rst; its total is in microseconds, and does not lag as the averages do. */
const SOME = /^some .*\btotal=(\d+)$/m;

/** @returns null where the kernel tells no pressure: before Linux 4.20, without CONFIG_PSI, or with psi=0 */
export function readPressure(root = "/"): PressureTotals | null {
  const [cpu, io, memory] = ["cpu", "io", "memory"].map((resource) => total(join(root, "proc/pressure", resource)));
  return cpu === undefined || io === undefined || memory === undefined || Number.isNaN(cpu + io + memory)
    ? null
    : { cpu, io, memory };
}

function total(path: string): number {
  try {
    return Number(SOME.exec(readFileSync(path, "utf8"))?.[1] ?? NaN) / 1e6;
  } catch {
    return NaN;
  }
}

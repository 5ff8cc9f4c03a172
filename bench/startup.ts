import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { milliseconds, spread } from "./figures.js";
import { alternately, freshPages, type Command } from "./programs.js";

const PAGE_BYTES = 4096;
const PAGES = 16_384;

/** How much longer a small capture takes, from start to exit, than a Node process that does nothing. */
export function measureStartup(program: string, capture: string, rounds: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-bench-"));
  try {
    const nothing = join(folder, "nothing.cjs");
    writeFileSync(nothing, "");
    const doingNothing: Command = [process.execPath, nothing];
    const analyzing: Command = [process.execPath, program, "analyze", capture];
    const commands: Command[] = [doingNothing, [process.execPath, program, "--version"], analyzing];
    alternately(commands, 1);
    const [empty = [], version = [], small = []] = alternately(commands, rounds);
    const more = small.map((time, index) => time - (empty[index] ?? NaN));
    return [
      `an empty node:              ${milliseconds(spread(empty))}`,
      `leasetap --version:         ${milliseconds(spread(version))}`,
      `leasetap analyze, 82 frames: ${milliseconds(spread(small))}`,
      `more than an empty node:    ${milliseconds(spread(more))}, by pairs`,
      `of it for fresh memory:     ${freshMemory(doingNothing, analyzing)}`,
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the kernel, and where there is one the hypervisor, takes to hand out the pages that one uses more than the other. */
function freshMemory(less: Command, more: Command): string {
  const [fewer, many] = [freshPages(less), freshPages(more)];
  if (fewer === null || many === null) return "not measured, as GNU time is missing";
  const each = pageMilliseconds();
  const pages = many - fewer;
  return `${(pages * each).toFixed(0)} ms, ${pages} pages of ${(1000 * each).toFixed(1)} µs each`;
}

/** How long it takes to use a page for the first time. */
function pageMilliseconds(): number {
  const memory = Buffer.allocUnsafeSlow(PAGES * PAGE_BYTES);
  const started = performance.now();
  for (let at = 0; at < memory.length; at += PAGE_BYTES) memory[at] = 1;
  return (performance.now() - started) / PAGES;
}

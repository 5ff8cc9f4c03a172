import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { milliseconds, spread } from "./figures.js";
import { alternately, type Command } from "./programs.js";

/** How much longer a small capture takes, from start to exit, than a Node process that does nothing. */
export function measureStartup(program: string, capture: string, rounds: number): string[] {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-bench-"));
  try {
    const nothing = join(folder, "nothing.cjs");
    writeFileSync(nothing, "");
    const commands: Command[] = [
      [process.execPath, nothing],
      [process.execPath, program, "--version"],
      [process.execPath, program, "analyze", capture],
    ];
    alternately(commands, 1);
    const [empty = [], version = [], small = []] = alternately(commands, rounds);
    const more = small.map((time, index) => time - (empty[index] ?? NaN));
    return [
      `an empty node:              ${milliseconds(spread(empty))}`,
      `leasetap --version:         ${milliseconds(spread(version))}`,
      `leasetap analyze, 82 frames: ${milliseconds(spread(small))}`,
      `more than an empty node:    ${milliseconds(spread(more))}, by pairs`,
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { describe, expect, test } from "vitest";
import { analyze } from "./analyzer.js";
import { stories } from "./matrix.js";
import { nothing, plus, score, type Fault, type Score } from "./score.js";
import { summary, table } from "./table.js";
import type { Cell } from "./types.js";

function setting(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} is not a whole number`);
  return value;
}

/** STORIES=n tells more of them, STORIES_SEED=n others; with STORIES_TABLE=1, STORIES_FAULTS=n mistakes are printed. */
const count = setting("STORIES", 300);
const seed = setting("STORIES_SEED", 1);
const shown = setting("STORIES_FAULTS", 20);
const wordy = process.env["STORIES_TABLE"] === "1";

const parts = ["fault", "client", "server", "vantage", "begins", "ends"] as const;

describe("stories with known truth", () => {
  test("outcomes and causes are right, and nobody is alarmed for nothing", { timeout: 600_000 }, async (context) => {
    const results: { cell: Cell; score: Score }[] = [];
    const faults: Fault[] = [];
    const tell = (): void => {
      console.log(parts.map((part) => table(results, part)).join("\n\n"));
      for (const { story, what } of faults.slice(0, shown)) console.log(`${story}\n  ${what}`);
    };
    if (!wordy) context.onTestFailed(tell);

    for (const story of stories(seed, count)) {
      const result = await score(story, analyze);
      results.push({ cell: story.cell, score: result.score });
      faults.push(...result.faults);
    }
    if (wordy) tell();
    console.log(summary(results));

    const total = results.reduce((sum, { score: each }) => plus(sum, each), nothing);
    expect(total.wrong / Math.max(1, total.right + total.wrong)).toBeLessThan(0.02);
    expect(total.causeRight / Math.max(1, total.renewals)).toBeGreaterThan(0.9);
    expect(total.falseAlarms / count).toBeLessThan(0.01);
  });
});

import { describe, expect, test } from "vitest";
import { analyze } from "./analyzer.js";
import { stories } from "./matrix.js";
import { nothing, plus, score, type Fault, type Score } from "./score.js";
import { table } from "./table.js";
import type { Cell } from "./types.js";

/** STORIES=n tells more of them, STORIES_SEED=n others; STORIES_FAULTS=n prints that many mistakes. */
const count = Number(process.env["STORIES"] ?? 400);
const seed = Number(process.env["STORIES_SEED"] ?? 1);
const shown = Number(process.env["STORIES_FAULTS"] ?? 20);

describe("stories with known truth", () => {
  test("outcomes and causes are right, and nobody is alarmed for nothing", { timeout: 600_000 }, async () => {
    const results: { cell: Cell; score: Score }[] = [];
    const faults: Fault[] = [];
    for (const story of stories(seed, count)) {
      const result = await score(story, analyze);
      results.push({ cell: story.cell, score: result.score });
      faults.push(...result.faults);
    }
    const total = results.reduce((sum, { score: each }) => plus(sum, each), nothing);
    const parts = ["fault", "client", "server", "vantage", "begins", "ends"] as const;
    console.log(parts.map((part) => table(results, part)).join("\n\n"));
    if (shown > 0) console.log(faults.slice(0, shown).map(({ story, what }) => `${story}\n  ${what}`).join("\n"));
    expect(total.wrong / Math.max(1, total.right + total.wrong)).toBeLessThan(0.02);
    expect(total.causeRight / Math.max(1, total.renewals)).toBeGreaterThan(0.9);
    expect(total.falseAlarms / count).toBeLessThan(0.01);
  });
});

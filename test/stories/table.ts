import { nothing, plus, type Score } from "./score.js";
import type { Cell } from "./types.js";

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)}%`;
}

const columns = [
  "stories",
  "outcomes",
  "unknown",
  "wrong",
  "over",
  "renewals",
  "cause",
  "best",
  "cycles",
  "sure",
  "false",
  "missed",
] as const;

function row(name: string, score: Score): string[] {
  const judged = score.right + score.unknown + score.wrong;
  return [
    name,
    String(score.stories),
    percent(score.right, judged),
    String(score.unknown),
    String(score.wrong),
    String(score.overclaimed),
    String(score.renewals),
    percent(score.causeRight, score.renewals),
    percent(score.causeBest, score.renewals),
    percent(score.outcomeRight, score.outcomes),
    String(score.overconfident),
    String(score.falseAlarms),
    String(score.missedAlarms),
  ];
}

/** One compact table: a line for each value of `part` ("fault", "client" …), and the totals. */
export function table(results: readonly { cell: Cell; score: Score }[], part: keyof Cell): string {
  const groups = new Map<string, Score>();
  for (const { cell, score } of results) groups.set(cell[part], plus(groups.get(cell[part]) ?? nothing, score));
  const total = results.reduce((sum, { score }) => plus(sum, score), nothing);
  const rows = [
    [part, ...columns],
    ...[...groups].sort(([one], [other]) => one.localeCompare(other)).map(([name, score]) => row(name, score)),
    row("total", total),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** The totals in one line. */
export function summary(results: readonly { score: Score }[]): string {
  const total = results.reduce((sum, { score }) => plus(sum, score), nothing);
  const { stories, right, unknown, wrong, renewals, causeRight, outcomes, outcomeRight } = total;
  return [
    `${stories} stories`,
    `replies ${percent(right, right + unknown + wrong)} right, ${unknown} unknown, ${wrong} wrong`,
    `causes ${percent(causeRight, renewals)} of ${renewals}`,
    `cycles ${percent(outcomeRight, outcomes)} of ${outcomes}`,
    `alarms ${total.falseAlarms} false, ${total.missedAlarms} missed`,
  ].join("; ");
}

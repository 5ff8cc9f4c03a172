/**
 * Takes code away from a Markdown page, by the rules of CommonMark 0.31 (§4.5 fenced blocks, §6.1 code spans), so that
 * a test sees what a page would interpret.
 */
export function withoutCode(lines: readonly string[]): string[] {
  const rest: string[] = [];
  let fence: string | null = null;
  for (const line of lines) {
    if (fence !== null) {
      // A closing fence is at least as long, and nothing but spaces follows it.
      const closing = /^ {0,3}(`{3,})\s*$/.exec(line)?.[1] ?? "";
      if (closing.length >= fence.length) fence = null;
      continue;
    }
    fence = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1] ?? null;
    if (fence === null) rest.push(withoutSpans(line));
  }
  if (fence !== null) throw new Error("a block of code does not end");
  return rest;
}

/** A run of backticks opens a span that the next run of the same length closes; without one it is text. */
function withoutSpans(line: string): string {
  const runs = [...line.matchAll(/\\`|`+/g)].filter(([run]) => run !== "\\`");
  let rest = "";
  let at = 0;
  for (const [index, open] of runs.entries()) {
    if (open.index < at) continue;
    const close = runs.slice(index + 1).find(([run]) => run.length === open[0].length);
    if (close === undefined) continue;
    rest += `${line.slice(at, open.index)}CODE`;
    at = close.index + close[0].length;
  }
  return rest + line.slice(at);
}

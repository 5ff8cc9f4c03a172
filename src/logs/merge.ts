import { isAtLeast } from "../findings/severity.js";
import { isMoreCertain } from "../findings/cause.js";
import { count } from "../findings/prose/words.js";
import { MOST_PLACES } from "./client-cycle.js";
import type { LogFinding } from "./finding.js";

/**
 * One finding for each client and cause, however often it happened; the worst case tells the story. What a server
 * that was away for a while would look like once is more than that only when it happens again.
 */
export function merged(findings: readonly LogFinding[]): LogFinding[] {
  const groups = new Map<string, LogFinding[]>();
  for (const finding of findings) {
    const { who, code } = finding;
    const key = JSON.stringify([who.role, who.host, who.program, who.device, who.hardware, code]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group) => together(group) ?? []);
}

function together(group: readonly LogFinding[]): LogFinding | null {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return null;
  if (group.length === 1) return first.code === "unicast-blocked" ? { ...first, confidence: "possible" } : first;
  const worst = group.reduce((a, b) =>
    (isAtLeast(b.severity, a.severity) && !isAtLeast(a.severity, b.severity)) ||
    isMoreCertain(b.confidence, a.confidence)
      ? b
      : a,
  );
  return {
    ...worst,
    from: first.from,
    to: last.to,
    evidence: group.flatMap(({ evidence }) => evidence).slice(0, MOST_PLACES),
    summary: `${worst.summary}. The same happened ${count(group.length, "time")} in this log, from line ${first.from.line} to line ${last.to.line}`,
  };
}

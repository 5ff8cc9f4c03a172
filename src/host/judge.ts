import type { HostFacts } from "./facts.js";
import { judgePort } from "./judge-port.js";
import { judgeRules } from "./judge-rules.js";
import type { HostJudgement } from "./judgement.js";

const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** What the facts mean: faults first, then what is only exposed. */
export function judgeHost(facts: HostFacts): HostJudgement[] {
  const ports = [
    ...facts.bridges.flatMap((bridge) => bridge.ports.map((port) => judgePort(port, bridge, facts))),
    ...facts.loose.map((port) => judgePort(port, null, facts)),
  ];
  return [...judgeRules(facts), ...ports.flatMap((judgement) => judgement ?? [])].sort(
    (a, b) => ORDER[a.severity] - ORDER[b.severity],
  );
}

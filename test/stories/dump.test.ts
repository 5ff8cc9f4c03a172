import { test } from "vitest";
import { stories } from "./matrix.js";
test("dump", () => {
  const by = new Map<string, Map<string, number>>(); let frames = 0; let n = 0; let max = 0;
  const t = Date.now();
  for (const s of stories(Number(process.env["SB"] ?? 1), 3000)) {
    n++; frames += s.frames.length; max = Math.max(max, s.frames.length);
    const p = s.truth.clients.find((c) => c.role === "patient");
    const key = s.cell.fault;
    const m = by.get(key) ?? new Map(); by.set(key, m);
    const add = (k: string) => m.set(k, (m.get(k) ?? 0) + 1);
    if (!p) { add("ABSENT"); continue; }
    add(`sev:${p.least}..${p.most}`);
    for (const c of p.cycles) if (c.best) add(`${c.kind[0]}:${c.outcome}:${c.best}${c.undecidable ? "?" : ""}`);
  }
  console.log(n, frames, max, Date.now() - t, "ms");
  for (const [k, m] of by) console.log(k, JSON.stringify(Object.fromEntries([...m].sort((a, b) => b[1] - a[1]))));
}, 600000);

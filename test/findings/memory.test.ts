import { describe, expect, it } from "vitest";
import { day } from "../../bench/day.js";
import { createReader } from "../../src/capture/reader.js";
import { AttemptBudget } from "../../src/findings/attempt-budget.js";
import { Inspector } from "../../src/inspector.js";
import type { Cycle } from "../../src/lease/cycle.js";
import { inUse } from "../support/heap.js";
import { ack, discover, renew, script } from "../support/script.js";

const CLIENTS = 500;
const HOURS = 6;
const HOUR = 3600;
/** The header and the seconds after which every client has renewed its lease twice or more. */
const EARLY = 1 + 2 * HOUR;

describe("what is kept", () => {
  it("of clients that are well does not grow with their renewals", { timeout: 180_000 }, () => {
    const before = inUse();
    const inspector = new Inspector({ keepFrames: false, keepHealthy: false });
    const sink = inspector.input("day.pcap");
    const reader = createReader(sink);
    let blocks = 0;
    let early = 0;
    for (const block of day(CLIENTS, HOURS, 1, Infinity)) {
      reader.feed(block);
      sink.blockEnd();
      inspector.drain();
      blocks += 1;
      if (blocks === EARLY) early = inUse() - before;
    }
    const late = inUse() - before;
    reader.end();
    sink.end();
    const { clients, findings, healthy } = inspector.finish();
    expect(late).toBeLessThan(1.5 * early);
    expect([clients, findings.filter(({ severity }) => severity !== "note")]).toEqual([CLIENTS, []]);
    expect(healthy.renewals).toBeGreaterThan(CLIENTS * HOURS);
  });

  it("of clients that are not is the first and the last attempts of old cycles, and all of new ones", () => {
    const thinned: Cycle[] = [];
    const budget = new AttemptBudget(30, (cycle) => thinned.push(cycle));
    const cycles = [lost(20), lost(20), lost(20), lost(5)];
    for (const cycle of cycles) budget.add(cycle);
    expect(thinned).toEqual([cycles[0]]);
    expect(cycles.map(({ attempts }) => attempts.length)).toEqual([8, 20, 20, 5]);
    expect(cycles.map(({ attempts, dropped }) => attempts.length + dropped)).toEqual([20, 20, 20, 5]);
    const secs = cycles[0]?.attempts.map(({ message }) => message.secs);
    expect(secs).toEqual([0, 1, 2, 3, 16, 17, 18, 19]);
  });
});

/** A renewal of so many attempts that ended with the lease. */
function lost(attempts: number): Cycle {
  const story = script({ lease: 120 }).bound(0);
  for (let count = 0; count < attempts; count += 1) {
    story.at(60 + count, renew({ secs: count })).at(60.01 + count, ack({ sum: "partial" }));
  }
  const run = story.at(120, discover({ xid: 2 })).run();
  const cycle = run.diagnoses.map((diagnosis) => diagnosis.cycle).find(({ kind }) => kind === "renewal");
  if (cycle === undefined) throw new Error("no renewal");
  return cycle;
}

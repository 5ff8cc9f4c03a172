import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReader } from "../../src/capture/reader.js";
import type { CaptureInterface, FrameSink } from "../../src/capture/sink.js";
import type { Inspection } from "../../src/findings/inspection.js";
import { feed } from "../support/script-feed.js";
import type { Wire } from "../support/script-frames.js";
import { STORIES } from "../support/script-stories.js";
import { cycles, findings, leaseStates, lost, proofs } from "../support/script-view.js";
import { describeWithShared } from "../support/shared.js";

const TIMEOUT = 120_000;

/** What may befall a capture. Positions are parts of its length, so that they fit any. */
type Change =
  | { readonly change: "drop" | "repeat" | "swap" | "late"; readonly at: number; readonly by: number }
  | { readonly change: "spoil"; readonly at: number; readonly by: number };

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const change: fc.Arbitrary<Change> = fc.record({
  change: fc.constantFrom("drop", "repeat", "swap", "late", "spoil"),
  at: part,
  by: part,
});
const changes = fc.array(change, { maxLength: 8 });
const drops = fc.array(part, { maxLength: 6 });
/** Which story: a number, so that a counterexample can be read. */
const story = fc.integer({ min: 0, max: STORIES.length - 1 });

function framesOf(index: number): readonly Wire[] {
  return STORIES[index]?.frames ?? [];
}

function apply(frames: readonly Wire[], list: readonly Change[]): Wire[] {
  const result = [...frames];
  for (const { change: kind, at, by } of list) {
    const index = Math.floor(at * result.length);
    const frame = result[index];
    if (frame === undefined) continue;
    switch (kind) {
      case "drop":
        result.splice(index, 1);
        break;
      case "repeat":
        result.splice(Math.floor(by * result.length), 0, frame);
        break;
      case "swap": {
        const other = Math.floor(by * result.length);
        result[index] = result[other] ?? frame;
        result[other] = frame;
        break;
      }
      case "late":
        result[index] = { ...frame, time: frame.time + by * 30 };
        break;
      case "spoil": {
        const bytes = frame.bytes.slice();
        const position = Math.floor(by * bytes.length);
        bytes[position] = (bytes[position] ?? 0) ^ (1 << Math.floor(at * 8));
        result[index] = { ...frame, bytes };
      }
    }
  }
  return result;
}

function without(frames: readonly Wire[], list: readonly number[]): Wire[] {
  return apply(
    frames,
    list.map((at) => ({ change: "drop", at, by: 0 })),
  );
}

/** What must hold whatever was on the wire. */
function expectSound(run: Inspection, frames: number): void {
  const known = new Set(run.diagnoses.map(({ cycle }) => cycle));
  for (const { cycle, lost: attempts, causes, main } of run.diagnoses) {
    expect(new Set(attempts).size).toBe(attempts.length);
    expect([...causes.keys()]).toEqual([...attempts]);
    for (const attempt of attempts) {
      expect(cycle.attempts).toContain(attempt);
      expect(attempt.replies.some(({ outcome, message }) => outcome === "accepted" && message.kind === "ACK")).toBe(
        false,
      );
    }
    for (const judgement of [...causes.values(), ...(main === null ? [] : [main])]) {
      expect(judgement.confidence === "certain" && judgement.witness === null).toBe(false);
      expect(judgement.alternatives).not.toContain(judgement.cause);
    }
    if (cycle.outcome === "renewed") {
      if (!cycle.blind) expect(cycle.accepted?.message.kind).toBe("ACK");
      expect(cycle.accepted?.outcome).not.toBe("ignored");
    }
    if (cycle.outcome === "refused") expect(cycle.accepted?.message.kind).toBe("NAK");
  }
  for (const finding of run.findings) {
    if (finding.kind === "loss") {
      expect(finding.diagnoses.length).toBeGreaterThan(0);
      expect(finding.diagnoses.every(({ cycle }) => known.has(cycle) && cycle.binding === finding.binding)).toBe(true);
    }
    expect(finding.evidence.every(({ frameNumber }) => frameNumber >= 1 && frameNumber <= frames)).toBe(true);
  }
  const losses = run.findings.flatMap((finding) => (finding.kind === "loss" ? [finding] : []));
  losses.forEach((a, index) => {
    expect(losses.slice(index + 1).some((b) => b.binding === a.binding && b.code === a.code)).toBe(false);
  });
  for (const { outage } of run.leases) expect(outage === null || outage >= 0).toBe(true);
}

/** All that is said of clients. */
function told(run: Inspection) {
  return {
    cycles: cycles(run),
    proofs: proofs(run),
    lost: lost(run),
    leases: leaseStates(run),
    findings: findings(run),
  };
}

function inOrder(frames: readonly Wire[]): Wire[] {
  return [...frames].sort((a, b) => a.time - b.time);
}

describe("whatever happens to a capture", () => {
  it("there is one cause for each lost attempt, and no renewal without an ACK", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, changes, (index, list) => {
        const changed = apply(framesOf(index), list);
        expectSound(feed(changed), changed.length);
      }),
      { numRuns: 15_000 },
    );
  });

  it("several conversations in one do not upset each other's bookkeeping", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, story, changes, fc.double({ min: 0, max: 60, noNaN: true }), (first, second, list, shift) => {
        const both = inOrder([
          ...framesOf(first),
          ...framesOf(second).map((frame) => ({ ...frame, time: frame.time + shift })),
        ]);
        const changed = apply(both, list);
        expectSound(feed(changed, { block: 5 }), changed.length);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("a capture of which frames are missing", () => {
  it("seen at two points tells the same as seen at one", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, drops, (index, list) => {
        const left = without(framesOf(index), list);
        const twice = left.flatMap((frame) => [frame, { ...frame, point: 1, time: frame.time + 0.000_05 }]);
        expect(told(feed(inOrder(twice), { points: ["vnet0", "br0"] }))).toEqual(told(feed(left)));
      }),
      { numRuns: 5000 },
    );
  });

  it("in two files tells the same as in one", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, drops, (index, list) => {
        const left = without(framesOf(index), list);
        const twice = left.flatMap((frame) => [frame, { ...frame, point: 1, time: frame.time + 0.000_05 }]);
        expect(told(feed(inOrder(twice), { points: ["a", "b"], apart: true }))).toEqual(told(feed(left)));
      }),
      { numRuns: 3000 },
    );
  });

  it("tells the same whatever the blocks that it is read in", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, drops, fc.constantFrom(2, 3, 7, 20, Infinity), (index, list, block) => {
        const left = without(framesOf(index), list);
        expect(told(feed(left, { block }))).toEqual(told(feed(left)));
      }),
      { numRuns: 6000 },
    );
  });

  it("gives the same findings where healthy cycles are let go", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(story, drops, (index, list) => {
        const left = without(framesOf(index), list);
        expect(findings(feed(left, { keepHealthy: false }))).toEqual(findings(feed(left)));
      }),
      { numRuns: 4000 },
    );
  });
});

/** Small enough to be played thousands of times. */
const LARGEST = 20_000;

describeWithShared("the recordings", (shared) => {
  const recordings = readdirSync(join(shared, "scenarios"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".pcap"))
    .map((name) => join(shared, "scenarios", name))
    .filter((path) => statSync(path).size <= LARGEST)
    .map(read)
    .filter((frames) => frames.length > 0);
  const recording = fc.integer({ min: 0, max: recordings.length - 1 });

  it("keep one cause for each lost attempt whatever happens to them", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(recording, changes, (index, list) => {
        const changed = apply(recordings[index] ?? [], list);
        expectSound(feed(changed, { block: 4 }), changed.length);
      }),
      { numRuns: 5000 },
    );
  });

  it("tell the same whatever the blocks that they are read in", { timeout: TIMEOUT }, () => {
    for (const frames of recordings) expect(told(feed(frames, { block: Infinity }))).toEqual(told(feed(frames)));
  });
});

/** The frames of an Ethernet capture, with times from its first frame on; none if it is of another kind. */
function read(path: string): Wire[] {
  const frames: Wire[] = [];
  const linkTypes = new Set<number>();
  let start = NaN;
  const sink: FrameSink = {
    interface: ({ linkType }: CaptureInterface) => {
      linkTypes.add(linkType);
    },
    frame: (bytes, _view, offset, captured, original, whole, nanos) => {
      if (Number.isNaN(start)) start = whole;
      const time = whole - start + nanos / 1e9;
      frames.push({ time, point: 0, bytes: bytes.slice(offset, offset + captured), original });
    },
    observedUntil: () => undefined,
  };
  const reader = createReader(sink);
  reader.feed(readFileSync(path));
  reader.end();
  return [...linkTypes].every((linkType) => linkType === 1) ? frames : [];
}

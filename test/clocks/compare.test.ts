import { describe, expect, it } from "vitest";
import { compareClocks, type Comparison, type Match } from "../../src/clocks/compare.js";
import { aheadAt } from "../../src/clocks/input-clock.js";

const START = 1_700_000_000;

interface Story {
  /** Seconds from the start at which messages are sent. */
  readonly times: readonly number[];
  /** By how much the clock that is looked at is ahead. */
  readonly ahead: (time: number) => number;
  /** Seconds from the nearer point to the farther one; requests meet the one that is compared with first. */
  readonly way?: number;
  readonly only?: "requests" | "replies";
  readonly likeness?: Match["likeness"];
}

/** Each request is followed by its reply after 2 ms. */
function story({ times, ahead, way = 0.0001, only, likeness = "unique" }: Story): Match[] {
  return times
    .flatMap((time) => [
      { time, fromClient: true, delay: way },
      { time: time + 0.002, fromClient: false, delay: -way },
    ])
    .filter(({ fromClient }) => only === undefined || fromClient === (only === "requests"))
    .map(({ time, fromClient, delay }, index) => ({
      reference: START + time,
      time: START + time + delay + ahead(time),
      frame: 10 * (index + 1),
      fromClient,
      likeness,
    }));
}

function spansOf(comparison: Comparison | null): [number, number][] {
  return (comparison?.spans ?? []).map(({ from, ahead }) => [from, Math.round(ahead * 1e4) / 1e4]);
}

const EVERY_MINUTE = Array.from({ length: 20 }, (_, index) => 60 * index);

describe("the clocks of two captures", () => {
  it.each([0.3, -0.3, 3.2, 3600, -86_400.5])("differ by %d s", (ahead) => {
    const comparison = compareClocks(story({ times: EVERY_MINUTE, ahead: () => ahead }));
    expect(spansOf(comparison)).toEqual([[10, ahead]]);
    expect(comparison).toMatchObject({ messages: 40, ordered: true });
  });

  it("differ by less than a message takes one way, where both ways are known", () => {
    expect(spansOf(compareClocks(story({ times: EVERY_MINUTE, ahead: () => 0.02, way: 0.005 })))).toEqual([[10, 0.02]]);
  });

  it.each([0.00002, 0.3, -0.3])("agree where a request meets one first and its reply the other, %d s apart", (way) => {
    expect(spansOf(compareClocks(story({ times: EVERY_MINUTE, ahead: () => 0, way })))).toEqual([[10, 0]]);
  });

  it("are told apart by requests alone only if they differ by more than a message takes, and then not in order", () => {
    const requests = (ahead: number) =>
      compareClocks(story({ times: EVERY_MINUTE, ahead: () => ahead, only: "requests" }));
    expect(spansOf(requests(0.05))).toEqual([[10, 0]]);
    expect(requests(0.05)?.ordered).toBe(true);
    expect(spansOf(requests(2))).toEqual([[10, 2.0001]]);
    expect(requests(2)?.ordered).toBe(false);
  });

  it("run at different speeds", () => {
    const comparison = compareClocks(story({ times: EVERY_MINUTE, ahead: (time) => 5 + 5e-5 * time }));
    const [span] = comparison?.spans ?? [];
    if (span === undefined) throw new Error("no span");
    expect(span.drift).toBeCloseTo(5e-5, 6);
    for (const time of [0, 600, 1140]) {
      expect(aheadAt(span, START + time + 5)).toBeCloseTo(5 + 5e-5 * time, 3);
    }
  });

  it("differ by another amount once one of them was set", () => {
    const comparison = compareClocks(story({ times: EVERY_MINUTE, ahead: (time) => (time < 600 ? 2 : -3598) }));
    expect(spansOf(comparison)).toEqual([
      [10, 2],
      [210, -3598],
    ]);
  });

  it("are not told by one message that may have been sent twice, nor by two", () => {
    for (const length of [1, 2]) {
      const matches = story({ times: EVERY_MINUTE, ahead: () => 4, likeness: "same" }).slice(0, length);
      expect(compareClocks(matches)).toBeNull();
    }
    expect(compareClocks(story({ times: [0, 60], ahead: () => 4, likeness: "same" }))).not.toBeNull();
  });

  it("are told by one datagram that no other is like", () => {
    expect(spansOf(compareClocks(story({ times: [0], ahead: () => 4 })))).toEqual([[10, 4]]);
  });

  it("are told by the majority: messages that were sent again count for nothing", () => {
    const true_ = story({ times: EVERY_MINUTE, ahead: () => 2, likeness: "same" });
    const again = story({ times: [90, 190, 290, 390], ahead: () => 5, only: "requests", likeness: "same" });
    const matches = [...true_, ...again.map((match, index) => ({ ...match, frame: 35 + 40 * index }))];
    expect(spansOf(compareClocks(matches))).toEqual([[10, 2]]);
  });

  it("are not told where messages contradict each other", () => {
    const matches = EVERY_MINUTE.flatMap((time, index) =>
      story({ times: [time], ahead: () => 3 + index * 0.9, only: "requests", likeness: "same" }),
    ).map((match, index) => ({ ...match, frame: 10 * (index + 1) }));
    expect(compareClocks(matches)).toBeNull();
  });
});

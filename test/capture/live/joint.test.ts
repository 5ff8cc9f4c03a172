import { describe, expect, it } from "vitest";
import { Joint } from "../../../src/capture/live/joint.js";
import { PacketBlock } from "../../../src/capture/live/packet-block.js";
import { interfaceDescription, interfaceStatistics, sectionHeader } from "../../../src/capture/live/statistics.js";
import type { Comment } from "../../../src/capture/remarks.js";
import { concat, readChunks, split, type Reading } from "../support/collector.js";

/** Microseconds since 1970. */
const START = 1_764_329_000_000_000;
const ETHERNET = 1;

describe("the streams of several capture processes, joined", () => {
  it("are one section, in which each watch has a number of its own", () => {
    const { joint, reading } = listening();
    const [first, second] = [joint.join(), joint.join()];
    first.feed(stream(opening("a0", 0), packet(0, 1, 60)));
    second.feed(stream(opening("b0", 0), packet(0, 2, 61)));
    first.feed(stream(opening("c0", 1), packet(1, 3, 62), packet(0, 4, 63)));
    const { sink } = reading();
    expect(sink.interfaces.map(({ name }) => name)).toEqual(["a0", "b0", "c0"]);
    expect(sink.frames.map(({ captured, interfaceIndex }) => [captured, interfaceIndex])).toEqual([
      [60, 0],
      [61, 1],
      [62, 2],
      [63, 0],
    ]);
    expect(sectionsOf(sink)).toBe(1);
  });

  it("may come in pieces of any size", () => {
    const whole = stream(sectionHeader("child"), opening("a0", 0), packet(0, 1, 60), packet(0, 2, 61));
    for (let size = 1; size < whole.length; size += 7) {
      const { joint, reading } = listening();
      const inflow = joint.join();
      const cuts = Array.from({ length: Math.floor(whole.length / size) }, (_one, index) => (index + 1) * size);
      for (const piece of split(whole, cuts)) inflow.feed(piece.slice());
      expect(reading().sink.frames.map(({ captured }) => captured)).toEqual([60, 61]);
    }
  });

  it("leave out the half block of a process that died, and say what ended with it", () => {
    const { joint, reading } = listening();
    const inflow = joint.join();
    inflow.feed(stream(opening("a0", 0), opening("b0", 1), packet(0, 5, 60), packet(0, 6, 60).subarray(0, 50)));
    joint.leave(inflow, START + 9e6, (name) => `${name} was lost`);
    const { sink, reader } = reading();
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(1);
    expect(reasons(sink)).toEqual(["a0 was lost", "b0 was lost"]);
    // Up to its last frame, or the last word on it, an interface was watched.
    expect(sink.observed.map(({ seconds }) => seconds - START / 1e6)).toEqual([5, 0]);
  });

  it("say of all interfaces of a process how far it has said to have read one", () => {
    const { joint, reading } = listening();
    const inflow = joint.join();
    const read = statistics(0, 7, [{ kind: "clock", monotonic: 5 }]);
    inflow.feed(stream(opening("a0", 0), opening("b0", 1), packet(1, 5, 60), read));
    joint.leave(inflow, START + 9e6, () => "capture process ended");
    const { sink } = reading();
    expect(sink.observed.map(({ seconds }) => seconds - START / 1e6)).toEqual([7, 7, 7]);
  });

  it("say nothing more of a watch that had ended before", () => {
    const { joint, reading } = listening();
    const inflow = joint.join();
    inflow.feed(stream(opening("a0", 0), statistics(0, 2, [{ kind: "gap", reason: "interface down" }])));
    joint.leave(inflow, START + 9e6, () => "capture process ended");
    expect(reasons(reading().sink)).toEqual(["interface down"]);
  });

  it("go on in another section before one grows without end", () => {
    const { joint, reading } = listening();
    const steady = joint.join();
    steady.feed(stream(opening("a0", 0)));
    for (let death = 0; death < 4200; death += 1) {
      const inflow = joint.join();
      inflow.feed(stream(opening("b0", 0)));
      joint.leave(inflow, START + 1e6, () => "interface gone");
    }
    steady.feed(stream(packet(0, 3, 77)));
    const { sink, reader } = reading();
    expect(reader.damage).toBeNull();
    expect(sectionsOf(sink)).toBe(2);
    expect(sink.interfaces.map(({ name }) => name)).toEqual(["a0", "b0"]);
    expect(sink.frames).toMatchObject([{ captured: 77, interfaceIndex: 0 }]);
    // The watch that goes on began when it began.
    expect(new Set(sink.watched.filter(({ interfaceIndex }) => interfaceIndex === 0).map(({ seconds }) => seconds))).toEqual(new Set([START / 1e6])); // prettier-ignore
  });
});

function listening(): { readonly joint: Joint; readonly reading: () => Reading } {
  const written: Uint8Array[] = [];
  const joint = new Joint("leasetap test", (bytes) => written.push(bytes));
  return { joint, reading: () => readChunks(written) };
}

function stream(...blocks: readonly Uint8Array[]): Uint8Array {
  return concat(...blocks);
}

function opening(name: string, id: number): Uint8Array {
  return concat(interfaceDescription(name, ETHERNET, null), statistics(id, 0, []));
}

function statistics(id: number, second: number, comments: readonly Comment[]): Uint8Array {
  const now = START + second * 1e6;
  const progress = { from: START, until: second === 0 ? null : now, received: null };
  return interfaceStatistics(id, now, progress, comments);
}

function packet(id: number, second: number, length: number): Uint8Array {
  const block = new PacketBlock(length);
  return block.around(id, START + second * 1e6, length, length);
}

function sectionsOf({ begun }: Reading["sink"]): number {
  return begun.filter((one) => typeof one !== "number").length;
}

function reasons({ remarks }: Reading["sink"]): string[] {
  return remarks.flatMap(({ remark }) => (remark.kind === "gap" ? [remark.reason] : []));
}

import { describe, expect, it } from "vitest";
import { BackOff } from "../../../src/capture/live/back-off.js";
import { patternOf, wantedOf } from "../../../src/capture/live/interfaces.js";
import { PacketBlock } from "../../../src/capture/live/packet-block.js";
import { interfaceDescription, sectionHeader } from "../../../src/capture/live/statistics.js";
import { WallClock } from "../../../src/capture/live/wall-clock.js";
import { readChunks } from "../support/collector.js";

describe("the interfaces that are wanted", () => {
  it.each([
    ["vnet*", "vnet3", true],
    ["vnet*", "vnet", true],
    ["vnet*", "xvnet3", false],
    ["vnet?", "vnet10", false],
    ["eth0.100", "eth0x100", false],
    ["*", "br-lan", true],
    ["a+b", "a+b", true],
    ["br0", "br01", false],
  ])("%s and %s: %s", (word, name, expected) => {
    expect(patternOf(word).test(name)).toBe(expected);
  });

  it("are in the order in which they were named, once each", () => {
    const wanted = { words: ["vnet*", "br0", "vnet1"], followPorts: false };
    expect(wantedOf(wanted, ["br0", "eth0", "vnet1", "vnet2"])).toEqual(["vnet1", "vnet2", "br0"]);
  });
});

describe("an interface that fails", () => {
  it("is tried again at once a few times, then later and later", () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: 16 }, () => backOff.failed("vnet3", 0) / 1000);
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(backOff.mayTry("vnet3", 299_999)).toBe(false);
    expect(backOff.mayTry("vnet3", 300_000)).toBe(true);
    expect(backOff.mayTry("vnet4", 0)).toBe(true);
  });

  it("is forgiven when it has held for two minutes", () => {
    const backOff = new BackOff();
    for (let failure = 0; failure < 8; failure += 1) backOff.failed("vnet3", 0);
    expect(backOff.failed("vnet3", 4000 + 119_000)).toBe(8000);
    expect(backOff.failed("vnet3", 123_000 + 8000 + 121_000)).toBe(0);
  });
});

describe("a packet block", () => {
  it.each([0, 1, 2, 3, 4, 342, 65535])("holds a frame of %i bytes", (length) => {
    const block = new PacketBlock(65535);
    block.frame.fill(0xaa);
    const written = block.around(0, 1_764_329_000_123_456, length, length + 4).slice();
    const { sink, reader } = readChunks([sectionHeader("test"), interfaceDescription("a0", 1, null), written]);
    expect(reader.damage).toBeNull();
    expect(sink.frames).toEqual([
      {
        bytes: "aa".repeat(length),
        captured: length,
        original: length + 4,
        seconds: 1_764_329_000,
        nanos: 123_456_000,
        interfaceIndex: 0,
      },
    ]);
  });
});

describe("the clock of a capture process", () => {
  it("agrees with Date to the millisecond, and is finer", () => {
    const clock = new WallClock();
    const times = new Set<number>();
    for (let reading = 0; reading < 500; reading += 1) {
      const before = Date.now();
      const time = clock.now();
      const after = Date.now();
      expect(time).toBeGreaterThanOrEqual(before * 1000);
      expect(time).toBeLessThan((after + 1) * 1000);
      times.add(time);
    }
    expect(times.size).toBeGreaterThan(50);
  });
});

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { concat, outcome, readBytes, readChunks, split } from "./support/collector.js";
import { captures, frames, START, style, told } from "./support/traffic.js";

describe("a pcap record that was cut", () => {
  const records = frames.map((frame, index) => pcapRecord(style, START + index, 0, frame));
  const cut = concat(
    pcapHeader(style, 1),
    ...records.slice(0, 20),
    ...records.slice(20, 21).map((r) => r.subarray(0, 70)),
  );
  const seen = told(readBytes(cut));
  const gzipped = gzipSync(concat(pcapHeader(style, 1), ...records));

  it.each(captures)("is none of the bytes of what was put behind it: $name", ({ header, records: others }) => {
    const second = concat(header, ...others);
    const { sink, reader } = readBytes(concat(cut, second));
    expect(told({ sink, reader })).toEqual([...seen, ...told(readBytes(second))]);
    expect(reader.damage).toMatchObject({ offset: cut.length });
    for (const size of [3, 1000]) {
      const chunks = readChunks(split(concat(cut, second), offsetsOf(cut.length + second.length, size)));
      expect(outcome(chunks)).toEqual(outcome({ sink, reader }));
    }
    expect(reader.damage?.sentence).toContain("is cut: another capture begins within it");
  });

  it("is told where not even its header is whole", () => {
    const whole = concat(pcapHeader(style, 1), ...records.slice(0, 20));
    for (const { header, records: others } of captures) {
      const second = concat(header, ...others);
      const { sink, reader } = readBytes(concat(whole, records[20]?.subarray(0, 6) ?? new Uint8Array(), second));
      expect(told({ sink, reader })).toEqual([...told(readBytes(whole)), ...told(readBytes(second))]);
      expect(reader.damage).toMatchObject({ offset: whole.length + 6 });
      expect(reader.damage?.sentence).toContain("is cut: another capture begins within it");
    }
  });

  it.each(captures)("is told if little comes behind it, wherever it is cut: $name", ({ header, records: others }) => {
    const before = concat(pcapHeader(style, 1), ...records.slice(0, 20));
    const record = records[20] ?? new Uint8Array();
    const [first = header, last = header] = others;
    const second = concat(header, first, last);
    // There what stands behind the record looks like what belongs there.
    const undecided = [header.length, header.length + first.length, second.length];
    for (let length = 1; length < record.length - header.length; length += 1) {
      if (undecided.includes(record.length - length)) continue;
      const { sink, reader } = readBytes(concat(before, record.subarray(0, length), second));
      expect([length, ...told({ sink, reader })]).toEqual([
        length,
        ...told(readBytes(before)),
        ...told(readBytes(second)),
      ]);
    }
  });

  it("is told from what is of another link type behind it", () => {
    const { sink } = readBytes(concat(cut, pcapHeader(style, 113), ...records));
    expect(sink.frames.map(({ interfaceIndex }) => sink.interfaces[interfaceIndex]?.linkType)).toEqual([
      ...seen.map(() => 1),
      ...records.map(() => 113),
    ]);
  });

  it("may have a compressed capture behind it, which is not read", () => {
    const { sink, reader } = readBytes(concat(cut, gzipped));
    expect(told({ sink, reader }).slice(0, seen.length)).toEqual(seen);
    expect(reader.damage).toMatchObject({ code: "another-capture", offset: cut.length });
    // What is left of the cut frame, and nothing else.
    for (const { bytes } of sink.frames.slice(seen.length)) expect(frameOf(cut, bytes)).toBe(true);
  });

  it("is not suspected where sound frames carry captures", () => {
    const carriers = [
      ...captures.map(({ header, records: own }) => concat(header, ...own.slice(0, 3)).subarray(0, -5)),
    ];
    const carrying = [...carriers, gzipped.subarray(0, 900)].map((frame) => pcapRecord(style, START, 0, frame));
    const whole = readBytes(concat(pcapHeader(style, 1), ...carrying, ...records));
    expect(whole.reader.damage).toBeNull();
    expect(whole.sink.frames).toHaveLength(carrying.length + records.length);
    // Nor if the record behind one of them is damaged.
    for (const carrier of carrying) {
      const damaged = (records[0] ?? new Uint8Array()).slice();
      damaged.fill(0xff, 8, 16);
      const { sink } = readBytes(concat(pcapHeader(style, 1), ...records, carrier, damaged, ...records));
      expect(told({ sink, reader: whole.reader })).toHaveLength(2 * records.length + 1);
      expect(sink.interfaces).toHaveLength(1);
    }
  });
});

function frameOf(file: Uint8Array, hex: string): boolean {
  return Buffer.from(file).toString("hex").includes(hex);
}

function offsetsOf(length: number, size: number): number[] {
  return Array.from({ length: Math.floor(length / size) }, (_offset, index) => (index + 1) * size);
}

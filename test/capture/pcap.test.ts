import { describe, expect, it } from "vitest";
import { MAX_FRAME_BYTES } from "../../src/capture/parser.js";
import { DamageLog } from "../../src/capture/damage-log.js";
import { Interfaces } from "../../src/capture/interfaces.js";
import { PcapParser } from "../../src/capture/pcap.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { Collector, concat, outcome, readBytes, readChunks, split } from "./support/collector.js";

// Written by hand from draft-ietf-opsawg-pcap, figures 1 and 3.
const bigEndianMicroseconds = [
  ...[0xa1, 0xb2, 0xc3, 0xd4, 0x00, 0x02, 0x00, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x04, 0x00, 0x00, 0, 0, 0, 1],
  ...[0x65, 0x53, 0xf1, 0x00, 0x00, 0x00, 0x00, 0x07, 0, 0, 0, 3, 0, 0, 0, 60, 0xaa, 0xbb, 0xcc],
];
const littleEndianNanoseconds = [
  ...[0x4d, 0x3c, 0xb2, 0xa1, 0x02, 0x00, 0x04, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x00, 0x04, 0x00, 1, 0, 0, 0],
  ...[0x00, 0xf1, 0x53, 0x65, 0x07, 0x00, 0x00, 0x00, 3, 0, 0, 0, 60, 0, 0, 0, 0xaa, 0xbb, 0xcc],
];

const style = { littleEndian: true, nanoseconds: false };
const header = pcapHeader(style, 1);
const frame = Uint8Array.of(1, 2, 3, 4);

/** A record with these four numbers in its header, and a frame of that captured length. */
function record(seconds: number, fraction: number, captured: number, original: number): Uint8Array {
  const bytes = new Uint8Array(16 + captured);
  const view = new DataView(bytes.buffer);
  [seconds, fraction, captured, original].forEach((value, index) => view.setUint32(4 * index, value, true));
  return bytes;
}

describe("PcapParser", () => {
  it("reads a big-endian file in microseconds", () => {
    const { sink, reader } = readBytes(Uint8Array.from(bigEndianMicroseconds));
    expect(reader.damage).toBeNull();
    expect(sink.interfaces).toEqual([{ index: 0, name: null, linkType: 1, digits: 6 }]);
    expect(sink.frames).toEqual([
      { bytes: "aabbcc", captured: 3, original: 60, seconds: 1_700_000_000, nanos: 7000, interfaceIndex: 0 },
    ]);
  });

  it("reads a little-endian file in nanoseconds", () => {
    const { sink, reader } = readBytes(Uint8Array.from(littleEndianNanoseconds));
    expect(reader.damage).toBeNull();
    expect(sink.interfaces).toEqual([{ index: 0, name: null, linkType: 1, digits: 9 }]);
    expect(sink.frames).toEqual([
      { bytes: "aabbcc", captured: 3, original: 60, seconds: 1_700_000_000, nanos: 7, interfaceIndex: 0 },
    ]);
  });

  it("takes the link type from the lower 16 bits, beside the length of the frame check sequence", () => {
    const { sink } = readBytes(pcapHeader(style, 0x2400_0000 + 113));
    expect(sink.interfaces[0]?.linkType).toBe(113);
  });

  it("takes seconds as unsigned, beyond 2038", () => {
    const { sink } = readBytes(concat(header, record(0xffff_fffe, 999_999, 0, 0)));
    expect(sink.frames[0]).toMatchObject({ seconds: 4_294_967_294, nanos: 999_999_000 });
  });

  it("carries a fraction that exceeds a second", () => {
    const { sink, reader } = readBytes(concat(header, record(100, 3_000_001, 0, 0)));
    expect(reader.damage).toBeNull();
    expect(sink.frames[0]).toMatchObject({ seconds: 103, nanos: 1000 });
  });

  it("raises an original length that is below the captured one", () => {
    const { sink } = readBytes(concat(header, record(100, 0, 60, 0)));
    expect(sink.frames[0]).toMatchObject({ captured: 60, original: 60 });
  });

  it("accepts a frame of no bytes", () => {
    const { sink, reader } = readBytes(concat(header, record(100, 0, 0, 60)));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(1);
  });

  it("stops at a length that no frame has, and keeps what came before", () => {
    const wrong = pcapRecord(style, 2, 0, frame);
    new DataView(wrong.buffer).setUint32(8, MAX_FRAME_BYTES + 1, true);
    const { sink, reader } = readBytes(concat(header, pcapRecord(style, 1, 0, frame), wrong));
    expect(sink.frames).toHaveLength(1);
    expect(reader.damage).toMatchObject({ code: "bad-length", offset: 24 + 16 + 4 });
    expect(reader.damage?.sentence).toContain("16777217 bytes");
  });

  it("refuses a version that does not exist", () => {
    const other = header.slice();
    other[4] = 3;
    expect(readBytes(other).reader.damage).toMatchObject({ code: "bad-header", offset: 0 });
  });

  it("knows its place beyond 4 GiB", () => {
    const sink = new Silent();
    const damage = new DamageLog();
    const parser = new PcapParser({ sink, interfaces: new Interfaces(sink), damage });
    const unlimited = pcapHeader(style, 1, 0);
    // The first record is believed for those that follow it. What ends like a magic number begins would be waited for.
    const five = Array.from({ length: 5 }, () => pcapRecord(style, 1, 0, Uint8Array.of(1, 2, 3)));
    const first = concat(unlimited, ...five);
    parser.parse(first, new DataView(first.buffer), 0, first.length, false);
    const large = record(1, 0, MAX_FRAME_BYTES, MAX_FRAME_BYTES);
    const view = new DataView(large.buffer);
    for (let count = 0; count < 300; count += 1) parser.parse(large, view, 0, large.length, false);
    expect(parser.frames).toBe(305);
    const expected = first.length + 300 * (16 + 16 * 1024 * 1024);
    expect(expected).toBeGreaterThan(2 ** 32);
    parser.parse(large, view, 0, 5, true);
    parser.end(5);
    expect(damage.result).toMatchObject({ code: "cut-record", offset: expected });
  });

  it("counts frames beyond 2^31", () => {
    const parser = new PcapParser({
      sink: new Silent(),
      interfaces: new Interfaces(new Silent()),
      damage: new DamageLog(),
    });
    parser.frames = 2 ** 31 - 1;
    const bytes = concat(header, pcapRecord(style, 1, 0, frame), pcapRecord(style, 2, 0, frame));
    parser.parse(bytes, new DataView(bytes.buffer), 0, bytes.length, true);
    expect(parser.frames).toBe(2_147_483_649);
  });
});

describe("the variants of pcap that libpcap reads", () => {
  /** A file of that version, with two records of these lengths: the first number first in the record's header. */
  function versioned(major: number, minor: number, first: number, second: number, captured: number): Uint8Array {
    const file = header.slice();
    const view = new DataView(file.buffer);
    view.setUint16(4, major, true);
    view.setUint16(6, minor, true);
    const one = record(1_700_000_000, 7, captured, 0);
    const lengths = new DataView(one.buffer);
    lengths.setUint32(8, first, true);
    lengths.setUint32(12, second, true);
    return concat(file, one, one);
  }

  it.each([
    ["2.4: the captured length first", 2, 4, 4, 60],
    ["2.3 as it should be", 2, 3, 4, 60],
    ["2.3 as some wrote it", 2, 3, 60, 4],
    ["2.2: the captured length last", 2, 2, 60, 4],
    ["2.0", 2, 0, 60, 4],
    ["543.0 of DG/UX", 543, 0, 60, 4],
  ])("version %s", (_name, major, minor, first, second) => {
    const { sink, reader } = readBytes(versioned(major, minor, first, second, 4));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(2);
    expect(sink.frames[1]).toMatchObject({ captured: 4, original: 60, seconds: 1_700_000_000, nanos: 7000 });
  });

  it.each([true, false])("Kuznetzov's longer record headers, little-endian: %s", (littleEndian) => {
    const file = pcapHeader({ littleEndian, nanoseconds: false }, 1);
    new DataView(file.buffer).setUint32(0, 0xa1b2cd34, littleEndian);
    const { sink, reader } = readBytes(concat(file, modified(littleEndian, 1), modified(littleEndian, 2)));
    expect(reader.damage).toBeNull();
    expect(sink.frames.map(({ seconds, bytes }) => [seconds, bytes])).toEqual([
      [1, "01020304"],
      [2, "01020304"],
    ]);
  });
});

describe("pcap files whose record headers are longer than their magic number says", () => {
  const KUZNETZOV = 0xa1b2cd34;
  const lengthened = (littleEndian: boolean, magic: number, more: number, records: number): Uint8Array => {
    const file = pcapHeader({ littleEndian, nanoseconds: false }, 1);
    new DataView(file.buffer).setUint32(0, magic, littleEndian);
    const parts = Array.from({ length: records }, (_record, index) => {
      const usual = pcapRecord({ littleEndian, nanoseconds: false }, 1_700_000_000 + index, 0, frame);
      return concat(usual.subarray(0, 16), new Uint8Array(more).fill(7), frame);
    });
    return concat(file, ...parts);
  };

  it.each([
    ["Red Hat 6.1", 0xa1b2c3d4, 8],
    ["Nokia", 0xa1b2c3d4, 4],
    ["SuSE 6.3", KUZNETZOV, 12],
  ])("%s", (_name, magic, more) => {
    for (const littleEndian of [true, false]) {
      const bytes = lengthened(littleEndian, magic, more, 3);
      const { sink, reader } = readBytes(bytes);
      expect(reader.damage).toBeNull();
      expect(sink.frames.map(({ bytes: hex }) => hex)).toEqual(["01020304", "01020304", "01020304"]);
      const bit = split(
        bytes,
        Array.from({ length: bytes.length }, (_byte, at) => at),
      );
      expect(outcome(readChunks(bit))).toEqual(outcome({ sink, reader }));
    }
  });

  it("are told by two records: the bytes behind one may be of another that is cut", () => {
    const usual = lengthened(true, 0xa1b2c3d4, 0, 2);
    const { sink, reader } = readBytes(usual.subarray(0, 24 + 20 + 8));
    expect(sink.frames.map(({ bytes: hex }) => hex)).toEqual(["01020304"]);
    expect(reader.damage).toMatchObject({ code: "cut-record", offset: 24 + 20 });
  });

  it("are not suspected where the first capture is cut early, and another one follows", () => {
    const usual = lengthened(true, 0xa1b2c3d4, 0, 9);
    const long = concat(pcapHeader(style, 1), pcapRecord(style, 1_700_000_000, 0, new Uint8Array(100).fill(9)));
    for (let length = 24; length < long.length; length += 1) {
      // There a record of the second file stands where one of the first would.
      if (length <= long.length - 24 && (long.length - 24 - length) % 20 === 0) continue;
      const { sink } = readBytes(concat(long.subarray(0, length), usual));
      expect([length, sink.frames.slice(-8).map(({ bytes }) => bytes)]).toEqual([length, Array(8).fill("01020304")]);
    }
  });

  it("are told though the clock was set behind the first record", () => {
    const bytes = lengthened(true, 0xa1b2c3d4, 8, 6);
    new DataView(bytes.buffer).setUint32(24, 1000, true);
    expect(readBytes(bytes).sink.frames.map(({ bytes: hex }) => hex)).toEqual(Array(6).fill("01020304"));
  });

  it("are not suspected where the second record lies", () => {
    const usual = lengthened(true, 0xa1b2c3d4, 0, 3);
    new DataView(usual.buffer).setUint32(24 + 20 + 8, 0xffff_ffff, true);
    const { sink, reader } = readBytes(usual);
    expect(sink.frames).toHaveLength(2);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: 24 + 20 });
  });
});

/** A record with interface index, protocol and packet type behind the usual header. */
function modified(littleEndian: boolean, seconds: number): Uint8Array {
  const usual = pcapRecord({ littleEndian, nanoseconds: false }, seconds, 0, frame);
  const bytes = concat(usual.subarray(0, 16), new Uint8Array(8), frame);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 3, littleEndian);
  view.setUint16(20, 0x0800, littleEndian);
  return bytes;
}

/** Takes frames without a copy. */
class Silent extends Collector {
  override frame(): void {
    // Nothing to keep.
  }
}

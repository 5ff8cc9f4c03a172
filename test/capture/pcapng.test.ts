import { describe, expect, it } from "vitest";
import * as ng from "../../src/capture/pcapng-writer.js";
import { concat, readBytes } from "./support/collector.js";

const little = ng.createPcapngWriter(true);
const big = ng.createPcapngWriter(false);
const frame = Uint8Array.of(1, 2, 3, 4, 5);
const start = concat(little.sectionHeader(), little.interfaceDescription(1));
const packet = little.enhancedPacket(0, 1_700_000_000_000_007n, frame);

// Written by hand from draft-ietf-opsawg-pcapng, figures 9 to 11: a section, an interface "e0" in nanoseconds, a packet
// of three bytes, cut from 60.
const byHand = [
  ...[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0],
  ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 28],
  ...[0, 0, 0, 1, 0, 0, 0, 40, 0, 113, 0, 0, 0, 4, 0, 0],
  ...[0, 2, 0, 2, 0x65, 0x30, 0, 0, 0, 9, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40],
  ...[0, 0, 0, 6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 60],
  ...[0xaa, 0xbb, 0xcc, 0, 0, 0, 0, 36],
];

describe("PcapngParser", () => {
  it("reads a section, an interface and an enhanced packet", () => {
    const { sink, reader } = readBytes(Uint8Array.from(byHand));
    expect(reader.damage).toBeNull();
    expect(sink.interfaces).toEqual([{ index: 0, name: "e0", linkType: 113, digits: 9 }]);
    // 2^32 + 2 nanoseconds
    expect(sink.frames).toEqual([
      { bytes: "aabbcc", captured: 3, original: 60, seconds: 4, nanos: 294_967_298, interfaceIndex: 0 },
    ]);
  });

  it("counts interfaces on over sections, each in its own byte order and resolution", () => {
    const resolution = [big.byteOption(ng.IF_TSRESOL, 9), big.textOption(ng.IF_NAME, "tap1")];
    const { sink, reader } = readBytes(
      concat(
        start,
        little.interfaceDescription(101),
        packet,
        big.sectionHeader(),
        big.interfaceDescription(1, 0, resolution),
        big.enhancedPacket(0, 1_700_000_000_000_000_009n, frame),
        little.sectionHeader(),
        little.interfaceDescription(113),
        packet,
      ),
    );
    expect(reader.damage).toBeNull();
    expect(sink.interfaces).toEqual([
      { index: 0, name: null, linkType: 1, digits: 6 },
      { index: 1, name: null, linkType: 101, digits: 6 },
      { index: 2, name: "tap1", linkType: 1, digits: 9 },
      { index: 3, name: null, linkType: 113, digits: 6 },
    ]);
    expect(sink.frames.map(({ interfaceIndex, nanos }) => [interfaceIndex, nanos])).toEqual([
      [0, 7000],
      [2, 9],
      [3, 7000],
    ]);
  });

  it("adds if_tsoffset, which may be negative", () => {
    const options = [little.numberOption(ng.IF_TSOFFSET, -1000n)];
    const { sink } = readBytes(concat(little.sectionHeader(), little.interfaceDescription(1, 0, options), packet));
    expect(sink.frames[0]).toMatchObject({ seconds: 1_699_999_000, nanos: 7000 });
  });

  it("reads simple packets without a time, cut at the snapshot length of interface 0", () => {
    const { sink } = readBytes(
      concat(
        little.sectionHeader(),
        little.interfaceDescription(1, 4),
        little.interfaceDescription(1, 2),
        little.simplePacket(frame.subarray(0, 4), 60),
        little.simplePacket(frame.subarray(0, 3)),
      ),
    );
    expect(sink.frames).toEqual([
      { bytes: "01020304", captured: 4, original: 60, seconds: NaN, nanos: 0, interfaceIndex: 0 },
      { bytes: "010203", captured: 3, original: 3, seconds: NaN, nanos: 0, interfaceIndex: 0 },
    ]);
  });

  it("reads the obsolete packet block", () => {
    // Appendix A: as the enhanced packet, but the interface and the drops have 16 bits each.
    const body = packet.slice(8, -4);
    body[2] = 9; // nine drops
    const { sink, reader } = readBytes(concat(start, little.block(2, body)));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toEqual(readBytes(concat(start, packet)).sink.frames);
  });

  it("knows an interface again that a later section describes alike, as where files were joined", () => {
    const tap = [little.textOption(ng.IF_NAME, "tap0")];
    const one = concat(
      little.sectionHeader(),
      little.interfaceDescription(1),
      little.interfaceDescription(1),
      little.interfaceDescription(1, 0, tap),
      little.enhancedPacket(1, 0n, frame),
      little.enhancedPacket(2, 0n, frame),
    );
    const { sink } = readBytes(concat(one, start, packet, one));
    expect(sink.interfaces.map(({ index, name }) => [index, name])).toEqual([
      [0, null],
      [1, null],
      [2, "tap0"],
    ]);
    expect(sink.frames.map(({ interfaceIndex }) => interfaceIndex)).toEqual([1, 2, 0, 1, 2]);
  });

  it("tells from when an interface was watched", () => {
    const from = little.stampOption(ng.ISB_STARTTIME, 1_700_000_000_000_007n);
    const shifted = [little.numberOption(ng.IF_TSOFFSET, -10n), little.textOption(ng.IF_NAME, "tap0")];
    const { sink } = readBytes(
      concat(start, little.interfaceDescription(1, 0, shifted), little.interfaceStatistics(1, 0n, [from])),
    );
    expect(sink.watched).toEqual([{ seconds: 1_699_999_990, nanos: 7000, interfaceIndex: 1 }]);
    expect(sink.observed).toEqual([]);
  });

  it("tells until when the capture was watching", () => {
    // The example of isb_endtime in section 4.6: 97 c3 04 00 aa 47 ca 64 is 2012-06-29 07:28:25.298858 UTC.
    const example = { code: ng.ISB_ENDTIME, value: Uint8Array.of(0x97, 0xc3, 4, 0, 0xaa, 0x47, 0xca, 0x64) };
    const { sink } = readBytes(concat(start, little.interfaceStatistics(0, 0n, [example])));
    expect(sink.observed).toEqual([{ seconds: Date.UTC(2012, 5, 29, 7, 28, 25) / 1000, nanos: 298_858_000 }]);
  });

  it("tells it also where dumpcap wrote microseconds for an interface of nanoseconds", () => {
    const nanoseconds = { code: ng.IF_TSRESOL, value: Uint8Array.of(9) };
    // Of test/inspector/recorded/two-interfaces.pcapng, whose frames are of 22:22:29 to 22:23:24.
    const [from, until] = [1_795_904_541_334_136n, 1_795_904_608_993_833n];
    const { sink } = readBytes(
      concat(
        little.sectionHeader(),
        little.interfaceDescription(1, 0, [nanoseconds]),
        little.interfaceStatistics(0, until, [
          little.stampOption(ng.ISB_STARTTIME, from),
          little.stampOption(ng.ISB_ENDTIME, until),
        ]),
      ),
    );
    expect(sink.watched).toEqual([{ seconds: 1_795_904_541, nanos: 334_136_000, interfaceIndex: 0 }]);
    expect(sink.observed).toEqual([{ seconds: 1_795_904_608, nanos: 993_833_000 }]);
  });

  it("ignores statistics without an end time, and of interfaces that are not described", () => {
    const end = little.stampOption(ng.ISB_ENDTIME, 1n);
    const received = little.numberOption(ng.ISB_IFRECV, 7n);
    const { sink, reader } = readBytes(
      concat(start, little.interfaceStatistics(0, 5n, [received]), little.interfaceStatistics(1, 5n, [end])),
    );
    expect(sink.observed).toEqual([]);
    expect(reader.damage).toBeNull();
  });

  it("passes blocks that it does not know, of any size", () => {
    const unknown = little.block(0x0bad_cafe, new Uint8Array(3_000_000));
    const { sink, reader } = readBytes(concat(start, packet, unknown, packet));
    expect(reader.damage).toBeNull();
    expect(sink.frames).toHaveLength(2);
  });

  it("says where a block that it passes is cut", () => {
    const unknown = little.block(0x0bad_cafe, new Uint8Array(3_000_000));
    const { reader } = readBytes(concat(start, packet, unknown.subarray(0, 2_000_000)));
    expect(reader.damage).toMatchObject({ code: "cut-block", offset: start.length + packet.length });
  });

  it("reads names as UTF-8 up to a zero byte, with what is not UTF-8 replaced", () => {
    const name = { code: ng.IF_NAME, value: Uint8Array.of(0x74, 0xc3, 0xbc, 0xff, 0, 0x78) };
    const { sink } = readBytes(concat(little.sectionHeader(), little.interfaceDescription(1, 0, [name])));
    expect(sink.interfaces[0]?.name).toBe("tü\ufffd");
  });

  it("reads options up to where their list breaks off", () => {
    const description = little.interfaceDescription(1, 0, [
      little.textOption(ng.IF_NAME, "tap0"),
      little.byteOption(ng.IF_TSRESOL, 9),
    ]);
    description[26] = 0xff; // the length of the second option
    const { sink, reader } = readBytes(concat(little.sectionHeader(), description));
    expect(reader.damage).toBeNull();
    expect(sink.interfaces).toEqual([{ index: 0, name: "tap0", linkType: 1, digits: 6 }]);
  });

  describe("loses nothing before and behind", () => {
    const tooLong = packet.slice();
    new DataView(tooLong.buffer).setUint32(20, 9, true);
    const differing = packet.slice();
    new DataView(differing.buffer).setUint32(packet.length - 4, 12, true);
    const odd = packet.slice();
    new DataView(odd.buffer).setUint32(4, packet.length + 1, true);
    const short = packet.slice();
    new DataView(short.buffer).setUint32(4, 28, true);
    const huge = packet.slice();
    new DataView(huge.buffer).setUint32(4, 0x7fff_fff0, true);
    const noMagic = little.sectionHeader();
    noMagic[8] = 0;

    it.each([
      ["a packet of an interface that is not described", little.enhancedPacket(1, 0n, frame)],
      ["a packet that does not fit into its block", tooLong],
      ["lengths that differ", differing],
      ["a length that is no multiple of four", odd],
      ["a length too short for its type", short],
      ["a length that no packet has", huge],
      ["a section header without byte-order magic", noMagic],
    ])("%s", (_name, bad) => {
      const { sink, reader } = readBytes(concat(start, packet, bad, packet, packet));
      const offset = start.length + packet.length;
      expect(reader.damage).toMatchObject({ code: "resynchronised", offset });
      expect(reader.damage?.sentence).toContain(`From byte ${offset} to byte ${offset + bad.length}`);
      expect(sink.frames).toHaveLength(3);
    });
  });

  it("stops at a section of a version that does not exist", () => {
    const version = little.sectionHeader();
    version[12] = 2;
    const { sink, reader } = readBytes(concat(start, packet, version, little.interfaceDescription(1), packet));
    expect(reader.damage).toMatchObject({ code: "bad-block", offset: start.length + packet.length });
    expect(sink.frames).toHaveLength(1);
  });

  it("refuses a simple packet before its interface, and reads what follows", () => {
    const { sink, reader } = readBytes(
      concat(little.sectionHeader(), little.simplePacket(frame), little.interfaceDescription(1), packet),
    );
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: 28 });
    expect(sink.frames).toHaveLength(1);
  });

  it("bounds the number of interfaces", () => {
    const many = Array.from({ length: 65_537 }, () => little.interfaceDescription(1));
    const { sink, reader } = readBytes(concat(little.sectionHeader(), ...many));
    expect(sink.interfaces).toHaveLength(65_536);
    expect(reader.damage).toMatchObject({ code: "bad-block", offset: 28 + 65_536 * 20 });
  });
});

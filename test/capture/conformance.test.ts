import { describe, expect, it } from "vitest";
import { DEFAULT_SNAP_LENGTH, pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import * as ng from "../../src/capture/pcapng-writer.js";
import { describeWithTools } from "../support/tools.js";
import { concat, readBytes } from "./support/collector.js";
import { sampleBytes, samples } from "./support/samples.js";
import { capinfos, expectAgreement, tshark, withFile, type Printed } from "./support/wireshark.js";

const frame = Uint8Array.from({ length: 60 }, (_byte, index) => index);

/** Our reader and tshark see the same frames in these bytes; returns what tshark sees. */
async function agreed(bytes: Uint8Array): Promise<Printed> {
  const truth = await withFile(bytes, tshark);
  expectAgreement(readBytes(bytes), truth);
  return truth;
}

describeWithTools(["tshark", "capinfos"], "the writers' files, to tshark and capinfos,", () => {
  it.each(samples)("are sound: $name", async (sample) => {
    const bytes = sampleBytes(sample);
    const truth = await agreed(bytes);
    const frames = sample.parts.filter((part) => part.frame).length;
    expect(truth.whole).toBe(true);
    expect(truth.frames).toHaveLength(frames);
    expect(await withFile(bytes, capinfos)).toEqual({ packets: frames, encapsulation: "ether" });
  });

  it("tell the time that was written, in every resolution", async () => {
    const writer = ng.createPcapngWriter(true);
    for (const digits of [0, 1, 3, 6, 7, 9, 10]) {
      const bytes = concat(
        writer.sectionHeader(),
        writer.interfaceDescription(1, 0, [writer.byteOption(ng.IF_TSRESOL, digits)]),
        writer.enhancedPacket(0, ng.timeStamp(1_700_000_000, 987_654_321, digits), frame),
      );
      const truth = await agreed(bytes);
      const fraction = "987654321".slice(0, digits).padEnd(9, "0");
      expect(truth.frames[0]?.time).toBe(`1700000000.${fraction}`);
    }
  });
});

describeWithTools(["tshark"], "tshark agrees on", () => {
  const writer = ng.createPcapngWriter(false);
  const section = writer.sectionHeader();

  it.each([1, 6, 9, 10, 20, 30, 32])("units of 2^-%i seconds", async (exponent) => {
    await agreed(
      concat(
        section,
        writer.interfaceDescription(1, 0, [writer.byteOption(ng.IF_TSRESOL, 0x80 + exponent)]),
        writer.enhancedPacket(0, (1_700_000_000n << BigInt(exponent)) + (1n << BigInt(exponent)) / 3n, frame),
      ),
    );
  });

  it.each([1_000_000n, -1_000_000n])("if_tsoffset %i", async (offset) => {
    const options = [writer.numberOption(ng.IF_TSOFFSET, offset)];
    await agreed(
      concat(
        section,
        writer.interfaceDescription(1, 0, options),
        writer.enhancedPacket(0, 1_700_000_000_000_001n, frame),
      ),
    );
  });

  it("simple packets", async () => {
    await agreed(concat(section, writer.interfaceDescription(1, 40), writer.simplePacket(frame.subarray(0, 40), 60)));
  });

  it("interface numbers over several sections", async () => {
    const packet = writer.enhancedPacket(1, 1_700_000_000_000_000n, frame);
    const description = writer.interfaceDescription(1);
    const one = concat(section, description, description, packet);
    const truth = await agreed(concat(one, one, one));
    expect(truth.interfaces).toMatchObject([
      { section: 1, id: 1 },
      { section: 2, id: 1 },
      { section: 3, id: 1 },
    ]);
  });

  const packet = writer.enhancedPacket(0, 1_700_000_000_000_000n, frame);
  const start = concat(section, writer.interfaceDescription(1), packet);
  const differing = packet.slice();
  new DataView(differing.buffer).setUint32(packet.length - 4, packet.length + 4);
  const tooLong = packet.slice();
  new DataView(tooLong.buffer).setUint32(20, 64);

  it.each([
    ["a packet of an interface that is not described", writer.enhancedPacket(9, 0n, frame)],
    ["two lengths that differ", differing],
    ["a packet that does not fit into its block", tooLong],
    ["a block that is cut", packet.subarray(0, -5)],
  ])("what comes before damage, where it stops and we do not: %s", async (_name, bad) => {
    const bytes = concat(start, bad, packet, packet);
    const truth = await agreed(bytes);
    expect(truth).toMatchObject({ whole: false, frames: [{}] });
    expect(readBytes(bytes).sink.frames).toHaveLength(3);
  });

  it("a frame check sequence in the link-type word", async () => {
    const style = { littleEndian: true, nanoseconds: false };
    const bytes = concat(pcapHeader(style, 0x2400_0001, DEFAULT_SNAP_LENGTH), pcapRecord(style, 1, 0, frame));
    await agreed(bytes);
    expect(await withFile(bytes, capinfos)).toEqual({ packets: 1, encapsulation: "ether" });
    expect(readBytes(bytes).sink.interfaces[0]?.linkType).toBe(1);
  });
});

describeWithTools(["tshark", "capinfos"], "tshark agrees on old and modified pcap files:", () => {
  /** A file of three records in that version, both byte orders. */
  function versioned(
    littleEndian: boolean,
    magic: number,
    [major, minor]: readonly [number, number],
    swapped: boolean,
    more: number,
  ): Uint8Array {
    const style = { littleEndian, nanoseconds: false };
    const file = pcapHeader(style, 1);
    const view = new DataView(file.buffer);
    view.setUint32(0, magic, littleEndian);
    view.setUint16(4, major, littleEndian);
    view.setUint16(6, minor, littleEndian);
    const records = [1, 2, 3].map((number) => {
      const record = pcapRecord(style, 4_000_000_000 + number, 1000 * number, frame, 90 + number);
      const lengths = new DataView(record.buffer);
      if (swapped) {
        lengths.setUint32(8, 90 + number, littleEndian);
        lengths.setUint32(12, frame.length, littleEndian);
      }
      return concat(record.subarray(0, 16), new Uint8Array(more), record.subarray(16));
    });
    return concat(file, ...records);
  }

  it.each([
    ["version 2.4, beyond 2038", 0xa1b2c3d4, [2, 4], false, 0],
    ["version 2.3", 0xa1b2c3d4, [2, 3], false, 0],
    ["version 2.3 with lengths interchanged", 0xa1b2c3d4, [2, 3], true, 0],
    ["version 2.2", 0xa1b2c3d4, [2, 2], true, 0],
    ["version 2.0", 0xa1b2c3d4, [2, 0], true, 0],
    ["version 543.0 of DG/UX", 0xa1b2c3d4, [543, 0], true, 0],
    ["Kuznetzov's", 0xa1b2cd34, [2, 4], false, 8],
    ["Red Hat 6.1", 0xa1b2c3d4, [2, 4], false, 8],
    ["SuSE 6.3", 0xa1b2cd34, [2, 4], false, 12],
    ["Nokia", 0xa1b2c3d4, [2, 4], false, 4],
  ] as const)("%s", async (_name, magic, version, swapped, more) => {
    for (const littleEndian of [true, false]) {
      const bytes = versioned(littleEndian, magic, version, swapped, more);
      const truth = await agreed(bytes);
      expect(truth).toMatchObject({ whole: true, frames: [{ captured: 60, original: 91 }, {}, {}] });
      expect(await withFile(bytes, capinfos)).toEqual({ packets: 3, encapsulation: "ether" });
    }
  });
});

describeWithTools(["tshark"], "tshark agrees on pcapng of either byte order:", () => {
  it.each([true, false])("offsets and resolutions together, little-endian: %s", async (littleEndian) => {
    const writer = ng.createPcapngWriter(littleEndian);
    const sections: Uint8Array[] = [];
    for (const offset of [-86_400n, 0n, 1_600_000_000n]) {
      for (const resolution of [0, 3, 6, 9, 0x80 + 10, 0x80 + 30]) {
        const units = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
        const options = [writer.numberOption(ng.IF_TSOFFSET, offset), writer.byteOption(ng.IF_TSRESOL, resolution)];
        sections.push(
          writer.sectionHeader(),
          writer.interfaceDescription(1, 0, options),
          writer.enhancedPacket(0, 100_000_000n * units + units / 3n, frame),
        );
      }
    }
    const truth = await agreed(concat(...sections));
    expect(truth.frames).toHaveLength(18);
  });

  it.each([true, false])("obsolete packet blocks, little-endian: %s", async (littleEndian) => {
    const writer = ng.createPcapngWriter(littleEndian);
    const body = writer.enhancedPacket(0, 1_700_000_000_000_007n, frame, 90).slice(8, -4);
    const drops = new DataView(body.buffer);
    drops.setUint16(0, 0, littleEndian);
    drops.setUint16(2, 9, littleEndian);
    const truth = await agreed(
      concat(writer.sectionHeader(), writer.interfaceDescription(1), writer.block(2, body), writer.block(2, body)),
    );
    expect(truth.frames).toHaveLength(2);
  });
});

describe("timeStamp", () => {
  it.each([
    [0, 1n],
    [6, 1_999_999n],
    [9, 1_999_999_999n],
    [12, 1_999_999_999_000n],
  ])("counts units of 10^-%i seconds", (digits, expected) => {
    expect(ng.timeStamp(1, 999_999_999, digits)).toBe(expected);
  });
});

import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ng from "../../src/capture/pcapng-writer.js";
import { parseRecordingMark, recordingMarkText } from "../../src/capture/recording-mark.js";
import { ARRIVAL_STAMPS, commentText, parseComment } from "../../src/capture/remarks.js";
import { describeWithTools, requireTool } from "../support/tools.js";
import { concat, readBytes, type Reading } from "./support/collector.js";
import { withFile } from "./support/wireshark.js";

const START = 1_764_329_000;
const writer = ng.createPcapngWriter(true);
const frame = Uint8Array.of(1, 2, 3);

function stamp(seconds: number): bigint {
  return BigInt(Math.round((START + seconds) * 1e6));
}

function described(name: string, comment?: string): Uint8Array {
  const options = [writer.textOption(ng.IF_NAME, name)];
  return writer.interfaceDescription(
    1,
    0,
    comment === undefined ? options : [...options, writer.textOption(ng.OPT_COMMENT, comment)],
  );
}

/** Statistics of an interface, said at `at` seconds, with these comments. */
function statistics(at: number, options: readonly ng.PcapngOption[], ...comments: readonly string[]): Uint8Array {
  const texts = comments.map((text) => writer.textOption(ng.OPT_COMMENT, text));
  return writer.interfaceStatistics(0, stamp(at), [...options, ...texts]);
}

function read(...blocks: readonly Uint8Array[]): Reading {
  return readBytes(concat(writer.sectionHeader(), ...blocks));
}

describe("what a comment says", () => {
  it("is told by its grammar", () => {
    expect(parseComment("monotonic 12345.678901")).toEqual({ kind: "clock", monotonic: 12_345.678901 });
    expect(parseComment("stalled from 1764329000.123456 to 1764329003.456789")).toEqual({
      kind: "stalled",
      from: 1_764_329_000.123456,
      to: 1_764_329_003.456789,
    });
    expect(parseComment("gap: interface gone")).toEqual({ kind: "gap", reason: "interface gone" });
    expect(parseComment("pressure cpu 1.500000 io 0.000000 memory 12.000001")).toEqual({
      kind: "pressure",
      cpu: 1.5,
      io: 0,
      memory: 12.000001,
    });
    expect(parseComment("heard on vnet3: 52:54:00:12:65:64 52:54:00:12:65:65")).toEqual({
      kind: "heard",
      port: "vnet3",
      macs: ["52:54:00:12:65:64", "52:54:00:12:65:65"],
    });
  });

  it.each([
    "pressure cpu 1.5 io 0.000000 memory 0.000000",
    "pressure io 1.500000 cpu 0.000000 memory 0.000000",
    "heard on vnet3:",
    "heard on vnet3: 52:54:00:12:65",
    "heard on vnet3: 52:54:00:12:65:64 ",
    "heard on a-name-of-17-chars: 52:54:00:12:65:64",
    "heard on vn et3: 52:54:00:12:65:64",
    "monotonic 12345",
    "monotonic 12345.6789012",
    "monotonic -1.000000",
    "monotonic 1e5.000000",
    "monotonic NaN",
    "monotonic 1234567890123.000000",
    " monotonic 1.000000",
    "Monotonic 1.000000",
    "monotonic 1.000000 ",
    "stalled from 3.000000 to 2.000000",
    "stalled from 3.000000 to 3.000000",
    "stalled from 3.000000",
    "stalled from NaN to Infinity",
    "gap:",
    "gap: ",
    "gap interface gone",
    "the interface has a gap: no",
    "",
  ])("is nothing but a comment: %j", (text) => {
    expect(parseComment(text)).toBeNull();
  });

  it("is written as it is read", () => {
    const micros = fc.integer({ min: 0, max: 2 ** 50 }).map((value) => value / 1e6);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({ kind: fc.constant("clock" as const), monotonic: micros }),
          fc
            .tuple(micros, micros)
            .filter(([from, to]) => from < to)
            .map(([from, to]) => ({ kind: "stalled" as const, from, to })),
          fc.record({ kind: fc.constant("gap" as const), reason: fc.stringMatching(/^\S.{0,150}$/) }),
        ),
        (comment) => {
          const again = parseComment(commentText(comment));
          expect(again?.kind).toBe(comment.kind);
          if (again?.kind === "clock" && comment.kind === "clock") {
            expect(again.monotonic).toBeCloseTo(comment.monotonic, 5);
          }
          if (comment.kind === "gap") expect(again).toEqual(comment);
        },
      ),
    );
  });

  it("may be a reason of any length, of which the beginning is kept", () => {
    const read = parseComment(`gap: ${"x".repeat(1000)}`);
    expect(read).toEqual({ kind: "gap", reason: "x".repeat(200) });
  });
});

describe("interface statistics tell", () => {
  it("what the comments say, with the time of the block", () => {
    const { sink } = read(
      described("br0"),
      statistics(7, [], "monotonic 5.000000", "hello", "stalled from 1.000000 to 2.000000", "gap: interface down"),
    );
    expect(sink.remarks).toEqual([
      { remark: { kind: "clock", monotonic: 5 }, seconds: START + 7, interfaceIndex: 0 },
      { remark: { kind: "stalled", from: 1, to: 2 }, seconds: START + 7, interfaceIndex: 0 },
      { remark: { kind: "gap", reason: "interface down" }, seconds: START + 7, interfaceIndex: 0 },
    ]);
  });

  it("how many frames were seen and lost, where they know it", () => {
    const count = (code: number, value: bigint): ng.PcapngOption => writer.numberOption(code, value);
    const countsOf = (...options: readonly ng.PcapngOption[]): unknown =>
      read(described("br0"), statistics(1, options)).sink.remarks.map(({ remark }) => remark);
    expect(countsOf(count(ng.ISB_IFRECV, 10n), count(ng.ISB_IFDROP, 2n), count(ng.ISB_OSDROP, 3n))).toEqual([
      { kind: "counts", received: 10, dropped: 5 },
    ]);
    expect(countsOf(count(ng.ISB_OSDROP, 3n))).toEqual([{ kind: "counts", received: null, dropped: 3 }]);
    expect(countsOf(count(ng.ISB_IFRECV, 10n))).toEqual([{ kind: "counts", received: 10, dropped: null }]);
    // All ones: Wireshark's "not known".
    expect(countsOf(count(ng.ISB_IFRECV, 10n), count(ng.ISB_IFDROP, -1n))).toEqual([
      { kind: "counts", received: 10, dropped: null },
    ]);
    expect(countsOf()).toEqual([]);
  });

  it("nothing that lies beyond the calendar, and not more than some comments", () => {
    const { sink } = readBytes(
      concat(
        writer.sectionHeader(),
        described("br0"),
        writer.interfaceStatistics(0, 2n ** 64n - 1n, [
          writer.stampOption(ng.ISB_STARTTIME, 2n ** 64n - 1n),
          ...Array.from({ length: 5000 }, () => writer.textOption(ng.OPT_COMMENT, "gap: x")),
        ]),
      ),
    );
    expect(sink.watched).toEqual([]);
    expect(sink.remarks).toHaveLength(32);
    expect(sink.remarks.every(({ seconds }) => Number.isNaN(seconds))).toBe(true);
  });
});

describe("an interface", () => {
  const packet = (id: number): Uint8Array => writer.enhancedPacket(id, stamp(1), frame);

  it("says that its stamps are those of arrival", () => {
    const { sink } = read(described("br0", ARRIVAL_STAMPS), described("br1", "arrival"));
    expect(sink.interfaces.map(({ stampedOnArrival }) => stampedOnArrival)).toEqual([true, undefined]);
  });

  it("is the same one when it comes back after a gap, within a section or in a later one", () => {
    const { sink } = read(
      described("br0"),
      described("vnet3"),
      packet(1),
      writer.interfaceStatistics(1, stamp(1), [writer.textOption(ng.OPT_COMMENT, "gap: interface gone")]),
      described("vnet3"),
      packet(2),
      packet(0),
      writer.sectionHeader(),
      described("vnet3"),
      packet(0),
    );
    expect(sink.interfaces.map(({ name }) => name)).toEqual(["br0", "vnet3"]);
    expect(sink.frames.map(({ interfaceIndex }) => interfaceIndex)).toEqual([1, 1, 0, 1]);
    expect(sink.begun).toEqual([[true, null], 1, [true, null], 1]);
  });

  it("is another one where the first of that name goes on", () => {
    const { sink } = read(described("eth0"), described("eth0"), packet(0), packet(1));
    expect(sink.frames.map(({ interfaceIndex }) => interfaceIndex)).toEqual([0, 1]);
  });
});

describe("a recording of this program", () => {
  const mark = { id: "0123456789abcdef", file: 12 };

  it("says which file it is, in a comment of its section", () => {
    const header = writer.sectionHeader([writer.textOption(ng.OPT_COMMENT, recordingMarkText(mark))]);
    expect(readBytes(header).sink.begun).toEqual([[true, mark]]);
    expect(parseRecordingMark(recordingMarkText(mark))).toEqual(mark);
  });

  it.each([
    "leasetap recording 0123456789ABCDEF, file 12",
    "leasetap recording 0123456789abcdef, file 0",
    "leasetap recording 0123456789abcdef, file -1",
    "leasetap recording 0123456789abcdef",
    "my leasetap recording 0123456789abcdef, file 12",
  ])("is not told by %j", (comment) => {
    expect(parseRecordingMark(comment)).toBeNull();
  });
});

describe("blocks are given to be copied", () => {
  const header = writer.sectionHeader();
  const block = writer.enhancedPacket(0, stamp(1), frame);
  const whole = concat(header, described("br0"), block, writer.block(0x0bad, Uint8Array.of(1, 2, 3)), block);

  it("byte for byte", () => {
    expect(concat(...readBytes(whole).sink.copied)).toEqual(whole);
  });

  it("without what is damaged", () => {
    const wrong = block.slice();
    wrong[4] = 0xff;
    const { sink, reader } = readBytes(concat(whole, wrong, block, block));
    expect(reader.damage?.code).toBe("resynchronised");
    expect(concat(...sink.copied)).toEqual(concat(whole, block, block));
  });
});

describeWithTools(["tshark"], "to Wireshark", () => {
  it("the remarks are comments of interface statistics", async () => {
    const comments = ["monotonic 5.000000", "stalled from 1.000000 to 2.000000", "gap: interface gone"];
    const bytes = concat(
      writer.sectionHeader([writer.textOption(ng.OPT_COMMENT, recordingMarkText({ id: "0".repeat(16), file: 1 }))]),
      described("br0", ARRIVAL_STAMPS),
      statistics(1, [writer.numberOption(ng.ISB_OSDROP, 3n)], ...comments),
    );
    const shown = await withFile(bytes, (path) =>
      spawnSync(requireTool("tshark"), ["-X", "read_format:MIME Files Format", "-r", path, "-V"], { encoding: "utf8" }),
    );
    for (const text of [...comments, ARRIVAL_STAMPS, "leasetap recording 0000000000000000, file 1"]) {
      expect(shown.stdout).toContain(text);
    }
    expect(shown.stdout).toMatch(/Interface Statistics Block/);
  });
});

import { pcapHeader, pcapRecord, type PcapStyle } from "../../../src/capture/pcap-writer.js";
import * as ng from "../../../src/capture/pcapng-writer.js";
import { snoopHeader, snoopRecord } from "../../support/snoop-writer.js";

/** A capture in parts that a reader takes or leaves as a whole: headers, records, blocks. */
export interface Sample {
  readonly name: string;
  readonly parts: readonly { readonly bytes: Uint8Array; readonly frame: boolean }[];
  /** A part that ends within the first bytes of a format's header. */
  readonly cutCode: "cut-record" | "cut-block";
}

/** Frames of lengths that need every kind of padding, with distinct content. */
const frames = [60, 0, 1, 342, 61, 62, 63].map((length, index) =>
  Uint8Array.from({ length }, (_byte, position) => (position * 7 + index) & 0xff),
);

const START = 1_700_000_000;

function pcapSample(name: string, style: PcapStyle): Sample {
  const records = frames.map((frame, index) => ({
    bytes: pcapRecord(style, START + index, 123_456_789 + index, frame, frame.length + index),
    frame: true,
  }));
  return { name, cutCode: "cut-record", parts: [{ bytes: pcapHeader(style, 1), frame: false }, ...records] };
}

function snoopSample(name: string): Sample {
  const records = frames.map((frame, index) => ({
    bytes: snoopRecord(START + index, 123_456, frame, frame.length + index, index),
    frame: true,
  }));
  return { name, cutCode: "cut-record", parts: [{ bytes: snoopHeader(), frame: false }, ...records] };
}

function pcapngSample(name: string, littleEndian: boolean): Sample {
  const writer = ng.createPcapngWriter(littleEndian);
  const header = (bytes: Uint8Array): { bytes: Uint8Array; frame: boolean } => ({ bytes, frame: false });
  const packet = (
    id: number,
    digits: number,
    frame: Uint8Array,
    index: number,
  ): { bytes: Uint8Array; frame: boolean } => ({
    bytes: writer.enhancedPacket(id, ng.timeStamp(START + index, 123_456_789, digits), frame, frame.length + index, [
      writer.textOption(ng.OPT_COMMENT, "x".repeat(index)),
    ]),
    frame: true,
  });
  return {
    name,
    cutCode: "cut-block",
    parts: [
      header(writer.sectionHeader([writer.textOption(ng.SHB_USERAPPL, "leasetap")])),
      header(writer.interfaceDescription(1, 262_144, [writer.textOption(ng.IF_NAME, "br0")])),
      header(writer.interfaceDescription(1, 0, [writer.byteOption(ng.IF_TSRESOL, 9)])),
      ...frames.map((frame, index) => packet(index % 2, index % 2 === 0 ? 6 : 9, frame, index)),
      header(writer.block(0x0bad, Uint8Array.of(1, 2, 3))),
      header(writer.sectionHeader()),
      header(writer.interfaceDescription(1, 0, [writer.byteOption(ng.IF_TSRESOL, 3)])),
      ...frames.map((frame, index) => packet(0, 3, frame, index)),
      header(
        writer.interfaceStatistics(0, ng.timeStamp(START + 100, 0, 3), [
          writer.stampOption(ng.ISB_ENDTIME, ng.timeStamp(START + 100, 0, 3)),
        ]),
      ),
    ],
  };
}

/** One capture of every format, byte order and resolution. */
export const samples: readonly Sample[] = [
  pcapSample("pcap, little-endian, microseconds", { littleEndian: true, nanoseconds: false }),
  pcapSample("pcap, big-endian, microseconds", { littleEndian: false, nanoseconds: false }),
  pcapSample("pcap, little-endian, nanoseconds", { littleEndian: true, nanoseconds: true }),
  pcapSample("pcap, big-endian, nanoseconds", { littleEndian: false, nanoseconds: true }),
  pcapngSample("pcapng, little-endian", true),
  pcapngSample("pcapng, big-endian", false),
  snoopSample("snoop"),
];

export function sampleBytes(sample: Sample): Uint8Array {
  return new Uint8Array(Buffer.concat(sample.parts.map(({ bytes }) => bytes)));
}

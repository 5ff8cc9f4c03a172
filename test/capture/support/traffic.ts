import { pcapHeader, pcapRecord } from "../../../src/capture/pcap-writer.js";
import { createPcapngWriter, timeStamp } from "../../../src/capture/pcapng-writer.js";
import { concat, type Reading } from "./collector.js";

export const style = { littleEndian: true, nanoseconds: false };
export const START = 1_700_000_000;

/** A capture as a list of parts: headers, then one part a frame. */
interface Capture {
  readonly name: string;
  readonly header: Uint8Array;
  readonly records: readonly Uint8Array[];
}

/** Frames that look like traffic: addresses, long runs of zeros, some noise. */
export const frames = Array.from({ length: 60 }, (_frame, index) => {
  const frame = new Uint8Array(60 + ((index * 37) % 400));
  frame.set([0x52, 0x54, 0, 0x12, 0x65, index, 0x52, 0x54, 0, 0x12, 0x65, 1, 8, 0, 0x45, 0]);
  for (let at = 20; at < 50; at += 1) frame[at] = (at * index * 31) & 0xff;
  return frame;
});

function pcapCapture(littleEndian: boolean, nanoseconds: boolean): Capture {
  const own = { littleEndian, nanoseconds };
  return {
    name: `pcap, ${littleEndian ? "little" : "big"}-endian, ${nanoseconds ? "nano" : "micro"}seconds`,
    header: pcapHeader(own, 1),
    records: frames.map((frame, index) => pcapRecord(own, START + index, nanosOf(index), frame)),
  };
}

function pcapngCapture(littleEndian: boolean): Capture {
  const writer = createPcapngWriter(littleEndian);
  return {
    name: `pcapng, ${littleEndian ? "little" : "big"}-endian`,
    header: concat(writer.sectionHeader(), writer.interfaceDescription(1, 262_144)),
    records: frames.map((frame, index) => writer.enhancedPacket(0, timeStamp(START + index, nanosOf(index)), frame)),
  };
}

export const captures = [
  pcapCapture(true, false),
  pcapCapture(false, false),
  pcapCapture(true, true),
  pcapCapture(false, true),
  pcapngCapture(true),
  pcapngCapture(false),
];

/** As spread as those of real clocks. */
function nanosOf(index: number): number {
  return (index * 123_456_000) % 1_000_000_000;
}

/** Each frame in a short line, for comparison. */
export function told({ sink }: Reading): string[] {
  return sink.frames.map(
    ({ bytes, captured, seconds, nanos }) => `${seconds}.${nanos} ${captured} ${bytes.slice(0, 12)}`,
  );
}

import { startsPcap, startsPcapng, startsSnoop } from "./magic.js";
import type { CaptureFormat, CaptureParser, CaptureStream } from "./parser.js";
import { PcapParser } from "./pcap.js";
import { PcapngParser } from "./pcapng.js";

/**
 * The format of a capture that begins here; null: none that is read here, or none yet.
 *
 * @param end at least MAGIC_BYTES behind `offset`
 */
export function captureFormat(view: DataView, offset: number, end: number): CaptureFormat | null {
  if (startsPcap(view, offset)) return "pcap";
  if (startsPcapng(view, offset)) return "pcapng";
  return startsSnoop(view, offset, end) ? "snoop" : null;
}

/** Whether an input that ends within its magic number may once have been a capture. */
export function isCutMagic(bytes: Uint8Array): boolean {
  return bytes.length > 0 && magics.some((magic) => bytes.every((byte, index) => byte === magic[index]));
}

const magics = [
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0xa1, 0xb2, 0xcd, 0x34],
  [0x34, 0xcd, 0xb2, 0xa1],
  [0x0a, 0x0d, 0x0d, 0x0a],
  [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0],
];

/** @param position where in the stream the capture begins */
export function createParser(format: CaptureFormat, stream: CaptureStream, position: number): CaptureParser {
  return format === "pcapng" ? new PcapngParser(stream, position) : new PcapParser(stream, position, format);
}

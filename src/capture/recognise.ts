import { MAGIC_BYTES, startsPcap, startsPcapng } from "./magic.js";
import type { CaptureFormat, CaptureParser, CaptureStream } from "./parser.js";
import { PcapParser } from "./pcap.js";
import { PcapngParser } from "./pcapng.js";

/** The format that these MAGIC_BYTES begin; null: none that is read here. */
export function captureFormat(view: DataView, offset: number): CaptureFormat | null {
  if (startsPcap(view, offset)) return "pcap";
  return startsPcapng(view, offset) ? "pcapng" : null;
}

/** Whether an input that ends after fewer than MAGIC_BYTES may once have been a capture. */
export function isCutMagic(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 &&
    bytes.length < MAGIC_BYTES &&
    magics.some((magic) => bytes.every((byte, index) => byte === magic[index]))
  );
}

const magics = [
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0xa1, 0xb2, 0xcd, 0x34],
  [0x34, 0xcd, 0xb2, 0xa1],
  [0x0a, 0x0d, 0x0d, 0x0a],
];

/** @param position where in the stream the capture begins */
export function createParser(format: CaptureFormat, stream: CaptureStream, position: number): CaptureParser {
  return format === "pcap" ? new PcapParser(stream, position) : new PcapngParser(stream, position);
}

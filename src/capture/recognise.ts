import type { CaptureFormat, CaptureParser } from "./parser.js";
import { isPcapMagic, PcapParser } from "./pcap.js";
import { isPcapngMagic, PcapngParser } from "./pcapng.js";
import type { FrameSink } from "./sink.js";

/** Bytes that tell the format of a capture. */
export const MAGIC_BYTES = 4;

/** The format that these four bytes begin; null: none that is read here. */
export function captureFormat(view: DataView, offset: number): CaptureFormat | null {
  if (isPcapMagic(view, offset)) return "pcap";
  return isPcapngMagic(view, offset) ? "pcapng" : null;
}

/** Whether an input that ends after fewer than four bytes may once have been a capture. */
export function isCutMagic(bytes: Uint8Array): boolean {
  return bytes.length > 0 && magics.some((magic) => bytes.every((byte, index) => byte === magic[index]));
}

const magics = [
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0x0a, 0x0d, 0x0d, 0x0a],
];

export function createParser(format: CaptureFormat, sink: FrameSink): CaptureParser {
  return format === "pcap" ? new PcapParser(sink) : new PcapngParser(sink);
}

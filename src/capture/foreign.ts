import { frameMagic, isSkippable, MAGIC_BYTES } from "./frame-magic.js";
import { BYTE_ORDER_MAGIC } from "./magic.js";
import { printable } from "./printable.js";
import type { Damage } from "./sink.js";

/** How much of an input's beginning tells what it is: the header of a tar archive. */
export const TELLING_BYTES = 512;

interface Signature {
  readonly bytes: readonly number[];
  /** Where they stand; 0 unless it is said. */
  readonly at?: number;
  readonly sentence: string;
}

const signatures: readonly Signature[] = [
  { bytes: [0x1f, 0x8b], sentence: "It is gzip-compressed once more: decompress it first (gunzip)." },
  { bytes: [0x1f, 0x9d], sentence: "It is compressed by compress (.Z): decompress it first (gunzip)." },
  // POSIX.1-2024, pax: "ustar" in the field magic.
  { bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257, sentence: "It is a tar archive: extract the capture first (tar)." },
  { bytes: [0x50, 0x4b, 0x03, 0x04], sentence: "It is a zip archive: extract the capture first (unzip)." },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], sentence: "It is xz-compressed: decompress it first (unxz)." },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], sentence: "It is zstd-compressed once more: decompress it first (unzstd)." },
  { bytes: [0x04, 0x22, 0x4d, 0x18], sentence: "It is lz4-compressed once more: decompress it first (unlz4)." },
  { bytes: [0x42, 0x5a, 0x68], sentence: "It is bzip2-compressed: decompress it first (bunzip2)." },
  { bytes: [0x47, 0x4d, 0x42, 0x55], sentence: "It is a Network Monitor capture: convert it first (editcap)." },
];

/**
 * The damage of an input that is no capture of a format that is read.
 *
 * @param first its first TELLING_BYTES bytes, or all if there are fewer
 */
export function notACapture(first: Uint8Array): Damage {
  return {
    code: "not-a-capture",
    offset: 0,
    sentence: `This is no pcap, pcapng or snoop capture. ${appearance(first)}`,
  };
}

function appearance(first: Uint8Array): string {
  if (first.length === 0) return "It is empty.";
  const known = signatures.find(({ bytes, at = 0 }) => bytes.every((byte, index) => first[at + index] === byte));
  if (known !== undefined) return known.sentence;
  if (first.length === MAGIC_BYTES && isSkippable(frameMagic(first))) {
    return "It holds nothing but skippable frames of zstd or lz4, or is cut within one.";
  }
  if (isConvertedPcapng(first)) {
    return "It was a pcapng capture, whose line ends were converted (FTP in text mode, dos2unix): transfer it again as it is.";
  }
  return isText(first) ? textAppearance(first) : `It begins with the bytes ${hexDump(first)}.`;
}

function textAppearance(first: Uint8Array): string {
  const [line = ""] = new TextDecoder()
    .decode(first)
    .trimStart()
    .split(/[\r\n]/, 1);
  const excerpt = `"${printable(line.slice(0, 40))}"`;
  if (/^<(!doctype|html)/i.test(line)) return `It is a web page, ${excerpt}: the download may have failed.`;
  return `It looks like text, beginning with ${excerpt}.`;
}

/**
 * The type of the first block consists of line ends, and shows by that what text converters did to the file
 * (draft-ietf-opsawg-pcapng section 4.1): the byte-order magic, which has none, follows the length of the block.
 */
function isConvertedPcapng(first: Uint8Array): boolean {
  const ends = first.findIndex((byte) => byte !== 0x0a && byte !== 0x0d);
  if (ends < 2) return false;
  const view = new DataView(first.buffer, first.byteOffset, Math.min(first.length, ends + 2 * FIRST_LENGTH_BYTES + 4));
  for (let at = ends; at + 4 <= view.byteLength; at += 1) {
    if (view.getUint32(at, true) === BYTE_ORDER_MAGIC || view.getUint32(at, false) === BYTE_ORDER_MAGIC) return true;
  }
  return false;
}

/** Line ends in it may have become longer, too. */
const FIRST_LENGTH_BYTES = 4;

/** No control characters but tab, line feed, carriage return and escape. */
function isText(first: Uint8Array): boolean {
  return (
    first.every((byte) => (byte >= 0x20 ? byte !== 0x7f : [0x09, 0x0a, 0x0d, 0x1b].includes(byte))) && isUtf8(first)
  );
}

/** The end of the excerpt may cut a character in two. */
function isUtf8(first: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(first, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function hexDump(first: Uint8Array): string {
  return Array.from(first.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

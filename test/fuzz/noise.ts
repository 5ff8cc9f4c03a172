import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createPcapngWriter, type PcapngWriter } from "../../src/capture/pcapng-writer.js";
import { concat, viewOf } from "./bytes.js";
import type { Random } from "./random.js";

const MAGICS = [
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0x0a, 0x0d, 0x0d, 0x0a],
  [0x1f, 0x8b, 0x08, 0x00],
  [0x34, 0xcd, 0xb2, 0xa1],
  [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 4],
];

/** Bytes without a story: from none that make sense to frames that carry DHCP headers around nothing. */
export function noise(random: Random): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return random.bytes(random.below(400));
    case 1:
      return concat([Uint8Array.from(random.pick(MAGICS)), random.bytes(random.below(300))]);
    case 2:
      return blocks(random);
    case 3:
      return text(random);
    default:
      return records(random);
  }
}

function text(random: Random): Uint8Array {
  const words = [
    "<!DOCTYPE html>",
    "<html>",
    "\u001b[31m",
    "tcpdump: listening\n",
    "\u202e",
    "{}",
    "é",
    "%PDF-1.4\r\n",
    "\t",
  ];
  const parts = Array.from({ length: random.below(12) }, () => new TextEncoder().encode(random.pick(words)));
  return concat(parts);
}

function records(random: Random): Uint8Array {
  const style = { littleEndian: random.oneIn(2), nanoseconds: random.oneIn(2) };
  const frames = Array.from({ length: random.below(6) }, () =>
    pcapRecord(style, random.oneIn(3) ? random.uint32() : 1_700_000_000, random.below(1e9), noiseFrame(random)),
  );
  return concat([pcapHeader(style, random.oneIn(8) ? random.below(300) : 1), ...frames]);
}

/** Random bytes behind as much of Ethernet, IPv4, UDP and BOOTP as leads a decoder further. */
function noiseFrame(random: Random): Uint8Array {
  const bytes = random.bytes(random.below(400));
  if (bytes.length < 46) return bytes;
  const view = viewOf(bytes);
  view.setUint16(12, random.pick([0x0800, 0x0800, 0x0800, 0x0806, 0x8100]));
  bytes[14] = random.pick([0x45, 0x45, 0x46, 0x4f]);
  view.setUint16(16, random.oneIn(3) ? random.below(0x1_0000) : bytes.length - 14);
  view.setUint16(20, 0);
  bytes[23] = random.pick([17, 17, 17, 1]);
  view.setUint16(34, random.pick([67, 68, 4011]));
  view.setUint16(36, random.pick([67, 68]));
  view.setUint16(38, random.oneIn(3) ? random.below(0x1_0000) : bytes.length - 34);
  bytes.set([random.between(1, 2), 1, random.oneIn(4) ? random.below(20) : 6], 42);
  if (bytes.length > 286 && !random.oneIn(4)) {
    view.setUint32(278, 0x63825363);
    bytes.set([53, 1, random.between(0, 20)], 282);
  }
  return bytes;
}

/** Blocks of every type with right lengths around random bodies. */
function blocks(random: Random): Uint8Array {
  const writer = createPcapngWriter(random.oneIn(2));
  const parts = [writer.sectionHeader()];
  for (let count = random.below(8); count > 0; count -= 1) {
    parts.push(block(random, writer));
  }
  return concat(parts);
}

function block(random: Random, writer: PcapngWriter): Uint8Array {
  switch (random.below(4)) {
    case 0:
      return writer.interfaceDescription(1, random.pick([0, 64]), someOptions(random));
    case 1:
      return writer.simplePacket(noiseFrame(random), random.below(500));
    case 2: {
      const stamp = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
      return writer.enhancedPacket(random.below(3), stamp, noiseFrame(random), random.below(500));
    }
    default:
      return writer.block(random.below(12), random.bytes(random.below(60)));
  }
}

function someOptions(random: Random): { code: number; value: Uint8Array }[] {
  const lengths: Readonly<Record<number, number>> = { 9: 1, 14: 8 };
  return Array.from({ length: random.below(4) }, () => {
    const code = random.pick([1, 2, 3, 9, 9, 14, 14, 77]);
    return { code, value: random.bytes(lengths[code] ?? random.below(20)) };
  });
}

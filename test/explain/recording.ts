import { readFileSync } from "node:fs";

/** Frames of an Ethernet capture, read with as little as will do, so that examples are checked by other means. */
export interface Recorded {
  readonly time: bigint;
  readonly captured: number;
  readonly original: number;
  readonly src: string;
  readonly dst: string;
  /** Byte at which the UDP header begins. */
  readonly udpAt: number;
  readonly udpLength: number;
  readonly stored: number;
  readonly srcPort: number;
  readonly dstPort: number;
  /** Sum of the pseudo-header; of UDP header and data without the checksum. Folded. */
  readonly pseudo: number;
  readonly rest: number;
  readonly pseudoWords: readonly number[];
  /** Option 53; null: not there. */
  readonly type: number | null;
  readonly message: string | null;
  readonly ciaddr: string;
  readonly xid: number;
}

const root = new URL("../../", import.meta.url);

/** All frames by number; null for what is no UDP over IPv4. */
export function recorded(capture: string): (Recorded | null)[] {
  const bytes = readFileSync(new URL(capture, root));
  const magic = bytes.readUInt32LE(0);
  if (magic === 0x0a0d0d0a) return [null, ...enhancedPackets(bytes)];
  if (magic !== 0xa1b2c3d4) throw new Error(`${capture} is no little-endian pcap with microseconds`);
  const frames: (Recorded | null)[] = [null];
  for (let at = 24; at + 16 <= bytes.length;) {
    const captured = bytes.readUInt32LE(at + 8);
    const time = BigInt(bytes.readUInt32LE(at)) * 1_000_000n + BigInt(bytes.readUInt32LE(at + 4));
    frames.push(decode(bytes.subarray(at + 16, at + 16 + captured), time, bytes.readUInt32LE(at + 12)));
    at += 16 + captured;
  }
  return frames;
}

/** Of a little-endian pcapng with one interface and microseconds. */
function enhancedPackets(bytes: Buffer): (Recorded | null)[] {
  const frames: (Recorded | null)[] = [];
  for (let at = 0; at + 12 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 6) continue;
    const captured = bytes.readUInt32LE(at + 20);
    const time = BigInt(bytes.readUInt32LE(at + 12)) * 0x1_0000_0000n + BigInt(bytes.readUInt32LE(at + 16));
    frames.push(decode(bytes.subarray(at + 28, at + 28 + captured), time, bytes.readUInt32LE(at + 24)));
  }
  return frames;
}

function decode(frame: Buffer, time: bigint, original: number): Recorded | null {
  const ip = frame.readUInt16BE(12) === 0x8100 ? 18 : 14;
  if (frame.readUInt16BE(ip - 2) !== 0x0800 || frame[ip + 9] !== 17) return null;
  const udpAt = ip + 4 * ((frame[ip] ?? 0) & 15);
  const udpLength = frame.readUInt16BE(udpAt + 4);
  const dhcp = udpAt + 8;
  const addresses = [12, 14, 16, 18].map((offset) => frame.readUInt16BE(ip + offset));
  const pseudoWords = [...addresses, 17, udpLength];
  const { type, message } = options(frame.subarray(dhcp + 240, udpAt + udpLength));
  return {
    time,
    captured: frame.length,
    original,
    src: address(frame, ip + 12),
    dst: address(frame, ip + 16),
    udpAt,
    udpLength,
    stored: frame.readUInt16BE(udpAt + 6),
    srcPort: frame.readUInt16BE(udpAt),
    dstPort: frame.readUInt16BE(udpAt + 2),
    pseudo: add(...pseudoWords),
    rest: add(...words(frame.subarray(udpAt, udpAt + 6)), ...words(frame.subarray(udpAt + 8, udpAt + udpLength))),
    pseudoWords,
    type,
    message,
    ciaddr: address(frame, dhcp + 12),
    xid: frame.readUInt32BE(dhcp + 4),
  };
}

function options(bytes: Buffer): { type: number | null; message: string | null } {
  let type: number | null = null;
  let message: string | null = null;
  for (let at = 0; at + 1 < bytes.length && bytes[at] !== 255;) {
    const [code, length = 0] = [bytes[at], bytes[at + 1]];
    if (code === 53) type = bytes[at + 2] ?? null;
    if (code === 56) message = bytes.toString("latin1", at + 2, at + 2 + length);
    at += code === 0 ? 1 : 2 + length;
  }
  return { type, message };
}

function address(frame: Buffer, at: number): string {
  return [...frame.subarray(at, at + 4)].join(".");
}

function words(bytes: Buffer): number[] {
  return Array.from({ length: Math.ceil(bytes.length / 2) }, (_, index) => {
    return (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0);
  });
}

/** One's complement sum, bit by bit as on paper: whatever overflows is added to the right at once. */
export function add(...values: readonly number[]): number {
  return values.reduce((sum, value) => (sum + value > 0xffff ? sum + value - 0xffff : sum + value), 0);
}

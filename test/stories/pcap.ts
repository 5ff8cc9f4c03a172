import type { Story } from "./types.js";

const ethernetLink = 1;

function block(type: number, body: Uint8Array): Uint8Array {
  const length = 12 + body.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  bytes.set(body, 8);
  view.setUint32(length - 4, length, true);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Classic pcap, little-endian, microseconds. Interfaces are not told apart: meant for stories with one. */
export function writePcap(story: Story): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, story.snaplen, true);
  header.setUint32(20, ethernetLink, true);
  const records = story.frames.flatMap((frame) => {
    const record = new DataView(new ArrayBuffer(16));
    record.setUint32(0, frame.seconds, true);
    record.setUint32(4, Math.floor(frame.nanos / 1000), true);
    record.setUint32(8, frame.bytes.length, true);
    record.setUint32(12, frame.original, true);
    return [new Uint8Array(record.buffer), frame.bytes];
  });
  return joined([new Uint8Array(header.buffer), ...records]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array((bytes.length + 3) & ~3);
  whole.set(bytes);
  return whole;
}

function interfaceBlock(name: string, snaplen: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const body = new DataView(new ArrayBuffer(8));
  body.setUint16(0, ethernetLink, true);
  body.setUint32(4, snaplen, true);
  const nameOption = new DataView(new ArrayBuffer(4));
  nameOption.setUint16(0, 2, true);
  nameOption.setUint16(2, text.length, true);
  const resolution = Uint8Array.of(9, 0, 1, 0, 9, 0, 0, 0); // if_tsresol: 10^-9
  const end = new Uint8Array(4);
  return block(
    1,
    joined([new Uint8Array(body.buffer), new Uint8Array(nameOption.buffer), padded(text), resolution, end]),
  );
}

/** pcapng, one section, nanoseconds, an interface block for each capture point. */
export function writePcapng(story: Story): Uint8Array {
  const section = new DataView(new ArrayBuffer(16));
  section.setUint32(0, 0x1a2b3c4d, true);
  section.setUint16(4, 1, true);
  section.setBigUint64(8, 0xffff_ffff_ffff_ffffn, true);
  const packets = story.frames.map((frame) => {
    const head = new DataView(new ArrayBuffer(20));
    const time = BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanos);
    head.setUint32(0, frame.interface, true);
    head.setUint32(4, Number(time >> 32n), true);
    head.setUint32(8, Number(time & 0xffff_ffffn), true);
    head.setUint32(12, frame.bytes.length, true);
    head.setUint32(16, frame.original, true);
    return block(6, joined([new Uint8Array(head.buffer), padded(frame.bytes)]));
  });
  const interfaces = story.interfaces.map((name) => interfaceBlock(name, story.snaplen));
  return joined([block(0x0a0d0d0a, new Uint8Array(section.buffer)), ...interfaces, ...packets]);
}

import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { constants, gzipSync } from "node:zlib";
import { pcapHeader, pcapRecord } from "../src/capture/pcap-writer.js";
import { createPcapngWriter } from "../src/capture/pcapng-writer.js";
import { Traffic, type Counts } from "./traffic.js";

export const FORMATS = ["pcap", "pcapng", "pcap.gz"] as const;
export type Format = (typeof FORMATS)[number];

const ETHERNET = 1;
const CHUNK = 4 * 1024 * 1024;

/**
 * Writes a capture of that size, in bytes and before compression; of the same seed always the same.
 *
 * @throws what node:fs throws, for example where the disk is full
 */
export function writeCapture(path: string, format: Format, size: number, seed: number): Counts {
  const traffic = new Traffic(seed);
  const { header, record } = format === "pcapng" ? pcapng() : pcap();
  const descriptor = openSync(path, "w");
  let chunk: Uint8Array[] = [header];
  let pending = header.length;
  let written = 0;
  const flush = (): void => {
    const bytes = Buffer.concat(chunk);
    // Each chunk a member of its own: gzip(1) and leasetap read them on.
    const out = format === "pcap.gz" ? gzipSync(bytes, { level: constants.Z_BEST_SPEED }) : bytes;
    for (let at = 0; at < out.length;) at += writeSync(descriptor, out, at);
    written += pending;
    chunk = [];
    pending = 0;
  };
  try {
    while (written + pending < size) {
      const bytes = record(traffic.next(), traffic.time);
      chunk.push(bytes);
      pending += bytes.length;
      if (pending >= CHUNK) flush();
    }
    flush();
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return traffic.counts;
}

interface Layout {
  readonly header: Uint8Array;
  /** @param time microseconds since 1970 */
  readonly record: (frame: Uint8Array, time: number) => Uint8Array;
}

function pcap(): Layout {
  const style = { littleEndian: true, nanoseconds: false };
  return {
    header: pcapHeader(style, ETHERNET),
    record: (frame, time) => pcapRecord(style, Math.floor(time / 1e6), (time % 1e6) * 1000, frame),
  };
}

function pcapng(): Layout {
  const writer = createPcapngWriter(true);
  return {
    header: Buffer.concat([writer.sectionHeader(), writer.interfaceDescription(ETHERNET, 262_144)]),
    record: (frame, time) => writer.enhancedPacket(0, BigInt(time), frame),
  };
}

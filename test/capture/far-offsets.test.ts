import { expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createReader } from "../../src/capture/reader.js";

const STYLE = { littleEndian: true, nanoseconds: false };
/** As large as frames may be (MAXIMUM_SNAPLEN of libpcap). */
const LARGE = 262_144;
const COPIES = 32;
const GIB = 2 ** 30;

it("offsets past 2 and 4 GiB are told exactly", { timeout: 120_000 }, () => {
  const record = pcapRecord(STYLE, 1_700_000_000, 0, new Uint8Array(LARGE));
  const block = new Uint8Array(record.length * COPIES);
  for (let copy = 0; copy < COPIES; copy += 1) block.set(record, copy * record.length);
  for (const size of [2 * GIB, 4 * GIB]) {
    let frames = 0;
    const reader = createReader({
      interface: () => undefined,
      observedUntil: () => undefined,
      frame: () => {
        frames += 1;
      },
    });
    const header = pcapHeader(STYLE, 1);
    reader.feed(header);
    const blocks = Math.ceil(size / block.length) + 1;
    for (let count = 0; count < blocks; count += 1) reader.feed(block);
    reader.feed(record.subarray(0, 1000));
    reader.end();
    expect(frames).toBe(blocks * COPIES);
    expect(reader.damage?.code).toBe("cut-record");
    expect(reader.damage?.offset).toBe(header.length + blocks * block.length);
    expect(reader.damage?.offset).toBeGreaterThan(size);
  }
});

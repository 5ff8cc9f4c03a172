import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import {
  createPcapngWriter,
  IF_NAME,
  IF_TSOFFSET,
  IF_TSRESOL,
  timeStamp,
  ISB_ENDTIME,
} from "../../src/capture/pcapng-writer.js";
import { snoopHeader, snoopRecord } from "../support/snoop-writer.js";
import { concat } from "./bytes.js";
import type { Shot } from "./corpus.js";
import { hostileText } from "./hostile.js";
import type { Random } from "./random.js";

const ETHERNET = 1;
const OTHER_LINKS = [0, 101, 105, 113, 127, 228, 276, 0xffff];
const OFFSETS = [0n, 0n, 3600n, -3600n, 2_000_000_000n, -1_700_000_000n, 8_640_000_000_000n, -8_640_000_000_000n, -1n];

/** The frames as a capture file of any kind that is read here; `points` interfaces where the format has them. */
export function writeCapture(random: Random, shots: readonly Shot[], points: number): Uint8Array {
  if (points > 1 || random.oneIn(3)) return writePcapng(random, shots, points);
  return random.oneIn(8) ? writeSnoop(random, shots) : writePcap(random, shots);
}

function linkType(random: Random): number {
  return random.oneIn(50) ? random.pick(OTHER_LINKS) : ETHERNET;
}

function writePcap(random: Random, shots: readonly Shot[]): Uint8Array {
  const style = { littleEndian: random.oneIn(2), nanoseconds: random.oneIn(2) };
  const fcs = random.oneIn(40) ? 0x2400_0000 : 0;
  const records = shots.map(({ seconds, nanos, bytes, original }) =>
    pcapRecord(style, (seconds ?? 0) >>> 0, nanos, bytes, original),
  );
  return concat([pcapHeader(style, linkType(random) + fcs), ...records]);
}

function writeSnoop(random: Random, shots: readonly Shot[]): Uint8Array {
  const header = random.oneIn(50) ? snoopHeader(random.below(12), random.below(4)) : snoopHeader();
  const records = shots.map(({ seconds, nanos, bytes, original }, index) =>
    snoopRecord((seconds ?? 0) >>> 0, Math.floor(nanos / 1000), bytes, original, index),
  );
  return concat([header, ...records]);
}

function writePcapng(random: Random, shots: readonly Shot[], points: number): Uint8Array {
  const writer = createPcapngWriter(random.oneIn(2));
  const digits = random.pick([6, 6, 9, 9, 0, 3, 12]);
  const offset = random.oneIn(10) ? random.pick(OFFSETS) : 0n;
  const parts = [writer.sectionHeader()];
  const describe = (): void => {
    for (let point = 0; point < points; point += 1) {
      const options = [
        ...(digits === 6 && random.oneIn(2) ? [] : [writer.byteOption(IF_TSRESOL, digits)]),
        ...(offset === 0n ? [] : [writer.numberOption(IF_TSOFFSET, offset)]),
        ...(random.oneIn(2) ? [] : [{ code: IF_NAME, value: hostileText(random) }]),
      ];
      parts.push(writer.interfaceDescription(linkType(random), random.pick([0, 0, 96, 0x40000]), options));
    }
  };
  describe();
  for (const { bytes, original, seconds, nanos, point } of shots) {
    if (random.oneIn(60)) {
      parts.push(writer.block(random.pick([2, 4, 5, 10, 0xbad, 0x40000bad]), random.bytes(random.below(80))));
    }
    if (random.oneIn(100)) {
      parts.push(writer.sectionHeader());
      describe();
    }
    if (seconds === null || random.oneIn(100)) {
      parts.push(writer.simplePacket(bytes, original));
    } else {
      parts.push(writer.enhancedPacket(point % points, timeStamp(seconds, nanos, digits), bytes, original));
    }
  }
  const last = shots.at(-1)?.seconds ?? null;
  if (last !== null && random.oneIn(5)) {
    const end = last + random.pick([0, 10, 1000, 1e6, -50]);
    const stamp = timeStamp(Math.max(0, end), 0, digits);
    parts.push(writer.interfaceStatistics(random.below(points), stamp, [writer.stampOption(ISB_ENDTIME, stamp)]));
  }
  return concat(parts);
}

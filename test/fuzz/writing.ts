import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createPcapngWriter } from "../../src/capture/pcapng-writer.js";
import { snoopHeader, snoopRecord } from "../support/snoop-writer.js";
import { LINKS, wrap, type Link } from "../wire/links.js";
import { concat } from "./bytes.js";
import type { Shot } from "./corpus.js";
import type { Random } from "./random.js";
import { Statements } from "./statements.js";

const ETHERNET = 1;
const OTHER_LINKS = [0, 101, 105, 113, 127, 228, 276, 0xffff];

/** The frames as a capture file of any kind that is read here; `points` interfaces where the format has them. */
export function writeCapture(random: Random, shots: readonly Shot[], points: number): Uint8Array {
  const link = random.oneIn(6) ? random.pick(LINKS) : null;
  const carried = link === null ? shots : shots.map((shot) => over(link, shot));
  const carrier = link?.linkType ?? ETHERNET;
  if (points > 1 || random.oneIn(3)) return writePcapng(random, carried, points, carrier);
  return carrier === ETHERNET && random.oneIn(8) ? writeSnoop(random, shots) : writePcap(random, carried, carrier);
}

/** The Ethernet frame over another link layer; what it cannot carry becomes something else. */
function over(link: Link, shot: Shot): Shot {
  const bytes = wrap(link, shot.bytes);
  return { ...shot, bytes, original: bytes.length + Math.max(0, shot.original - shot.bytes.length) };
}

/** Mostly that of the frames. */
function linkType(random: Random, carrier: number): number {
  return random.oneIn(50) ? random.pick(OTHER_LINKS) : carrier;
}

function writePcap(random: Random, shots: readonly Shot[], carrier: number): Uint8Array {
  const style = { littleEndian: random.oneIn(2), nanoseconds: random.oneIn(2) };
  const fcs = random.oneIn(40) ? 0x2400_0000 : 0;
  const records = shots.map(({ seconds, nanos, bytes, original }) =>
    pcapRecord(style, (seconds ?? 0) >>> 0, nanos, bytes, original),
  );
  return concat([pcapHeader(style, linkType(random, carrier) + fcs), ...records]);
}

function writeSnoop(random: Random, shots: readonly Shot[]): Uint8Array {
  const header = random.oneIn(50) ? snoopHeader(random.below(12), random.below(4)) : snoopHeader();
  const records = shots.map(({ seconds, nanos, bytes, original }, index) =>
    snoopRecord((seconds ?? 0) >>> 0, Math.floor(nanos / 1000), bytes, original, index),
  );
  return concat([header, ...records]);
}

function writePcapng(random: Random, shots: readonly Shot[], points: number, carrier: number): Uint8Array {
  const writer = createPcapngWriter(random.oneIn(2));
  const statements = new Statements(random, writer);
  const begin = (): Uint8Array[] => [
    statements.section(),
    ...Array.from({ length: points }, () => statements.interface(linkType(random, carrier))),
  ];
  const parts = begin();
  const talkative = random.oneIn(4);
  for (const { bytes, original, seconds, nanos, point } of shots) {
    if (random.oneIn(60)) {
      parts.push(writer.block(random.pick([2, 4, 5, 10, 0xbad, 0x40000bad]), random.bytes(random.below(80))));
    }
    if (random.oneIn(100)) parts.push(...begin());
    if (seconds === null || random.oneIn(100)) {
      parts.push(writer.simplePacket(bytes, original));
    } else {
      parts.push(writer.enhancedPacket(point % points, statements.stamp({ seconds, nanos }), bytes, original));
      if (talkative && random.oneIn(3)) parts.push(statements.statistics(random.below(points), seconds));
    }
    // It goes on, on the same interface.
    if (talkative && random.oneIn(20)) parts.push(statements.interface(linkType(random, carrier)));
  }
  const last = shots.at(-1)?.seconds ?? null;
  if (last !== null && random.oneIn(5)) parts.push(statements.statistics(random.below(points), last));
  return concat(parts);
}

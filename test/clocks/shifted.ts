import { readFileSync } from "node:fs";

const HEADER = 24;
const RECORD = 16;

/**
 * A capture whose clock was different: a classic pcap with microseconds, little-endian, as tcpdump writes it here.
 *
 * @param ahead seconds by which stamps are later, by the number of the frame from 1 and its stamp
 */
export function shifted(path: string, ahead: (frame: number, stamp: number) => number): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path));
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0, true) !== 0xa1b2c3d4) throw new Error(`${path} is of another form`);
  let frame = 0;
  for (let at = HEADER; at + RECORD <= bytes.length; at += RECORD + view.getUint32(at + 8, true)) {
    frame += 1;
    const [seconds, micros] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const moved = micros + Math.round(ahead(frame, seconds + micros / 1e6) * 1e6);
    view.setUint32(at, seconds + Math.floor(moved / 1e6), true);
    view.setUint32(at + 4, moved - 1e6 * Math.floor(moved / 1e6), true);
  }
  return bytes;
}

import { concat } from "../capture/support/collector.js";
import * as ng from "../../src/capture/pcapng-writer.js";
import type { Wire } from "./script-frames.js";

const START = 1_700_000_000;
const ETHERNET = 1;
const NANOSECONDS = 9;
const writer = ng.createPcapngWriter(true);

export interface DumpcapFile {
  readonly name?: string;
  /** From when to when it was watched; seconds from the start of a script. */
  readonly from: number;
  readonly to: number;
  /** `-b`, or killed: nothing is said of the watch. */
  readonly silent?: boolean;
  /** As it is stated, where that is not the truth. */
  readonly stated?: { readonly from?: number; readonly to?: number };
  /** Seconds by which its clock is ahead. */
  readonly ahead?: number;
}

/**
 * A file as dumpcap 4.0 writes it: its frames in nanoseconds, and when the watch is over one block that says from when to
 * when it was, in microseconds.
 */
export function dumpcapFile(
  frames: readonly Wire[],
  { name = "br0", from, to, silent = false, stated = {}, ahead = 0 }: DumpcapFile,
): Uint8Array {
  const micros = (time: number): bigint => BigInt(START) * 1_000_000n + BigInt(Math.round((time + ahead) * 1e6));
  const seen = frames.filter(({ time }) => time >= from && time < to);
  const options = [writer.textOption(ng.IF_NAME, name), writer.byteOption(ng.IF_TSRESOL, NANOSECONDS)];
  const statistics = writer.interfaceStatistics(0, micros(to), [
    writer.textOption(ng.OPT_COMMENT, "Counters provided by dumpcap"),
    writer.stampOption(ng.ISB_STARTTIME, micros(stated.from ?? from)),
    writer.stampOption(ng.ISB_ENDTIME, micros(stated.to ?? to)),
    writer.numberOption(ng.ISB_IFRECV, BigInt(seen.length)),
    writer.numberOption(ng.ISB_IFDROP, 0n),
  ]);
  return concat(
    writer.sectionHeader(),
    writer.interfaceDescription(ETHERNET, 0x4_0000, options),
    ...seen.map(({ time, bytes, original }) => writer.enhancedPacket(0, 1000n * micros(time), bytes, original)),
    ...(silent ? [] : [statistics]),
  );
}

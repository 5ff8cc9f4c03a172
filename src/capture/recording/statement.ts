import { INTERFACE_STATISTICS_BYTES, STAMP_HIGH, STAMP_LOW } from "../pcapng-layout.js";
import { optionsOf, optionText } from "../pcapng-options.js";
import { ISB_ENDTIME, ISB_IFRECV, ISB_STARTTIME, OPT_COMMENT, type PcapngOption } from "../pcapng-writer.js";
import { parseComment } from "../remarks.js";

/** Counts of frames: isb_ifrecv to isb_usrdeliv. */
const LAST_COUNT = 8;

/** What a block of interface statistics says, as far as recording it depends on that. Offsets are those of the block. */
export interface Statement {
  readonly high: number;
  readonly low: number;
  /** Where the times lie since when and up to when the interface was watched; -1: it does not say. */
  readonly from: number;
  readonly until: number;
  readonly counts: readonly PcapngOption[];
  /** It is the end of the watch. */
  readonly gap: boolean;
  /** Readings of a steady clock, as they stand. */
  readonly clocks: readonly string[];
  /** It says more than these times, how many frames were received, and readings of the clock. */
  readonly more: boolean;
}

/** @param at where the block begins */
export function readStatement(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  total: number,
  littleEndian: boolean,
): Statement {
  let [from, until, gap, more] = [-1, -1, false, false];
  const counts: PcapngOption[] = [];
  const clocks: string[] = [];
  for (const option of optionsOf(view, at + INTERFACE_STATISTICS_BYTES - 4, at + total - 4, littleEndian)) {
    const { code, offset, length } = option;
    const text = code === OPT_COMMENT ? (optionText(bytes, option) ?? "") : null;
    const comment = text === null ? null : parseComment(text);
    if (text !== null && comment?.kind === "clock") clocks.push(text);
    else if (code === ISB_STARTTIME && length === 8 && from < 0) from = offset - at;
    else if (code === ISB_ENDTIME && length === 8 && until < 0) until = offset - at;
    else if (code !== ISB_IFRECV) more = true;
    if (comment?.kind === "gap") gap = true;
    if (code >= ISB_IFRECV && code <= LAST_COUNT) counts.push({ code, value: bytes.slice(offset, offset + length) });
  }
  const high = view.getUint32(at + STAMP_HIGH, littleEndian);
  const low = view.getUint32(at + STAMP_LOW, littleEndian);
  return { high, low, from, until, counts, gap, clocks, more };
}

import type { PcapngClock } from "./pcapng-clock.js";
import { INTERFACE_STATISTICS_BYTES } from "./pcapng-layout.js";
import { commentsOf, optionsOf, type OptionValue } from "./pcapng-options.js";
import { parseComment } from "./remarks.js";
import type { FrameSink } from "./sink.js";

// draft-ietf-opsawg-pcapng section 4.6: interface number and time stamp, then options.
const STAMP_HIGH = 12;
const STAMP_LOW = 16;
const ISB_STARTTIME = 2;
const ISB_ENDTIME = 3;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** Where counts end: what is beyond is "not known" (all ones, as Wireshark writes it), or a lie. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * Tells a sink what an Interface Statistics Block says.
 *
 * @param at where the block begins
 * @param total its length
 * @returns whether it says that the watch of the interface is over
 */
export function tellStatistics(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  total: number,
  littleEndian: boolean,
  { clock, index }: { readonly clock: PcapngClock; readonly index: number },
  sink: FrameSink,
): boolean {
  const start = at + INTERFACE_STATISTICS_BYTES - 4;
  const end = at + total - 4;
  const found = new Map<number, OptionValue>();
  for (const option of optionsOf(view, start, end, littleEndian)) {
    if (option.length >= 8 && !found.has(option.code)) found.set(option.code, option);
  }
  const readStamp = (option: OptionValue | undefined): boolean => {
    if (option === undefined) return false;
    clock.read(view.getUint32(option.offset, littleEndian), view.getUint32(option.offset + 4, littleEndian));
    return !Number.isNaN(clock.seconds);
  };
  const count = (code: number): number | null => {
    const option = found.get(code);
    const value = option === undefined ? Infinity : Number(view.getBigUint64(option.offset, littleEndian));
    return value <= MOST ? value : null;
  };

  if (readStamp(found.get(ISB_STARTTIME))) sink.observedFrom?.(clock.seconds, clock.nanos, index);
  if (readStamp(found.get(ISB_ENDTIME))) sink.observedUntil(clock.seconds, clock.nanos, index);
  const comments = commentsOf(bytes, view, start, end, littleEndian).flatMap((text) => parseComment(text) ?? []);
  const received = count(ISB_IFRECV);
  const dropped = sum(count(ISB_IFDROP), count(ISB_OSDROP));
  clock.read(view.getUint32(at + STAMP_HIGH, littleEndian), view.getUint32(at + STAMP_LOW, littleEndian));
  const { seconds, nanos } = clock;
  if (received !== null || dropped !== null) {
    sink.remark?.({ kind: "counts", received, dropped }, seconds, nanos, index);
  }
  for (const comment of comments) sink.remark?.(comment, seconds, nanos, index);
  return comments.some(({ kind }) => kind === "gap");
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

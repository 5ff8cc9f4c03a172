import type { PcapngClock } from "./pcapng-clock.js";
import { INTERFACE_STATISTICS_BYTES } from "./pcapng-layout.js";
import { commentsOf, optionsOf, type OptionValue } from "./pcapng-options.js";
import { parseComment } from "./remarks.js";
import type { FrameSink } from "./sink.js";

// draft-ietf-opsawg-pcapng section 4.6: interface number and time stamp, then options.
const STAMP = 12;
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
  const readAt = (offset: number): void => {
    readTime(clock, view.getUint32(offset, littleEndian), view.getUint32(offset + 4, littleEndian));
  };
  const readStamp = (option: OptionValue | undefined): boolean => {
    if (option === undefined) return false;
    readAt(option.offset);
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
  readAt(at + STAMP);
  const { seconds, nanos } = clock;
  if (received !== null || dropped !== null) {
    sink.remark?.({ kind: "counts", received, dropped }, seconds, nanos, index);
  }
  for (const comment of comments) sink.remark?.(comment, seconds, nanos, index);
  return comments.some(({ kind }) => kind === "gap");
}

const NANOSECONDS = 1_000_000_000;
/** The upper half of microseconds since 1970 in the years 2001 to 2099; as nanoseconds, weeks after 1 January 1970. */
const CENTURY = { from: 232_830, to: 954_605 };

/**
 * dumpcap writes these times in microseconds, also where if_tsresol says nanoseconds and its frames have them (seen with
 * dumpcap 4.0).
 */
function readTime(clock: PcapngClock, high: number, low: number): void {
  if (clock.unitsPerSecond === NANOSECONDS && high >= CENTURY.from && high < CENTURY.to) {
    const nanos = ((BigInt(high) << 32n) | BigInt(low)) * 1000n;
    clock.read(Number(nanos >> 32n), Number(nanos & 0xffff_ffffn));
  } else {
    clock.read(high, low);
  }
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

import type { Kind } from "../lease/message.js";
import type { PacketPoint } from "./diary.js";

/** A line that says that a message was sent or taken. */
export interface LogPoint {
  /** Seconds since 1970 by the clock of the log. */
  readonly time: number;
  readonly kind: Kind;
  /** Hardware address of the client; null: the log's own. */
  readonly client: string | null;
  readonly address: number | null;
  readonly xid: number | null;
}

/** How a log lies beside packets. */
export interface Alignment<P extends LogPoint> {
  /** Seconds by which the clock of the log is ahead. */
  readonly ahead: number;
  /** The message of each line, as far as it is to be seen. */
  readonly seen: ReadonlyMap<P, PacketPoint>;
}

/** Stamps of whole seconds are up to one early, and a line is written a little after the message. */
const WINDOW = 1.5;
/** Differences are counted in steps of this, in seconds. */
const STEP = 0.5;
/** Pairs of lines and messages that are compared; of more, the lines nearest to the packets by their stamps are. */
const MOST_PAIRS = 4_000_000;

/**
 * Finds the difference of two clocks at which the most lines of a log have their message: a log may be hours off, as its
 * zone is not known or the guest's clock was never set. At a tie the smallest difference counts.
 *
 * @returns null where nothing fits
 */
export function align<P extends LogPoint>(lines: readonly P[], packets: readonly PacketPoint[]): Alignment<P> | null {
  const groups = new Map<string, PacketPoint[]>();
  for (const packet of packets) {
    for (const key of [packet.kind, `${packet.client} ${packet.kind}`]) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [packet]);
      else group.push(packet);
    }
  }
  const candidates = (line: P): readonly PacketPoint[] =>
    groups.get(line.client === null ? line.kind : `${line.client} ${line.kind}`) ?? [];
  const usable = nearest(lines, packets);
  const ahead = commonDifference(usable, candidates);
  if (ahead === null) return null;
  const seen = new Map<P, PacketPoint>();
  const taken = new Set<PacketPoint>();
  for (const line of [...usable].sort((a, b) => a.time - b.time)) {
    const packet = closest(line, candidates(line), ahead, taken);
    if (packet === null) continue;
    seen.set(line, packet);
    taken.add(packet);
  }
  return { ahead, seen };
}

function nearest<P extends LogPoint>(lines: readonly P[], packets: readonly PacketPoint[]): readonly P[] {
  const most = Math.max(1, Math.floor(MOST_PAIRS / Math.max(1, packets.length)));
  const middle = packets[packets.length >> 1]?.time ?? 0;
  if (lines.length <= most) return lines;
  return [...lines].sort((a, b) => Math.abs(a.time - middle) - Math.abs(b.time - middle)).slice(0, most);
}

function commonDifference<P extends LogPoint>(
  lines: readonly P[],
  candidates: (line: P) => readonly PacketPoint[],
): number | null {
  const counts = new Map<number, number>();
  const voters = withoutBursts(lines);
  for (const line of voters) {
    for (const packet of candidates(line)) {
      if (!fits(line, packet)) continue;
      const step = Math.floor((line.time - packet.time) / STEP);
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
  }
  let best: { step: number; count: number } | null = null;
  for (const step of counts.keys()) {
    const count = [step, step + 1, step + 2].reduce((sum, near) => sum + (counts.get(near) ?? 0), 0);
    const closer = best !== null && count === best.count && Math.abs(step) < Math.abs(best.step);
    if (best === null || count > best.count || closer) best = { step, count };
  }
  if (best === null) return null;
  const from = best.step * STEP;
  const within = voters.flatMap((line) =>
    candidates(line)
      .filter((packet) => fits(line, packet))
      .map((packet) => line.time - packet.time)
      .filter((difference) => difference >= from && difference < from + 3 * STEP),
  );
  within.sort((a, b) => a - b);
  return within[within.length >> 1] ?? null;
}

/** A server that takes up a backlog writes many lines at one moment: they tell no more of its clock than one. */
function withoutBursts<P extends LogPoint>(lines: readonly P[]): P[] {
  const latest = new Map<string, number>();
  return [...lines]
    .sort((a, b) => a.time - b.time)
    .filter(({ kind, client, address, time }) => {
      const key = `${kind} ${client ?? ""} ${String(address)}`;
      const before = latest.get(key) ?? -Infinity;
      latest.set(key, time);
      return time - before >= STEP;
    });
}

function fits(line: LogPoint, packet: PacketPoint): boolean {
  if (line.xid !== null && line.xid !== packet.xid) return false;
  return line.address === null || packet.address === null || line.address === packet.address;
}

function closest(
  line: LogPoint,
  packets: readonly PacketPoint[],
  ahead: number,
  taken: ReadonlySet<PacketPoint>,
): PacketPoint | null {
  let best: PacketPoint | null = null;
  const time = line.time - ahead;
  for (let index = firstAfter(packets, time - WINDOW); index < packets.length; index += 1) {
    const packet = packets[index];
    if (packet === undefined || packet.time > time + WINDOW) break;
    const nearer = best === null || Math.abs(packet.time - time) < Math.abs(best.time - time);
    if (nearer && fits(line, packet) && !taken.has(packet)) best = packet;
  }
  return best;
}

function firstAfter(packets: readonly PacketPoint[], time: number): number {
  let [low, high] = [0, packets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((packets[middle]?.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { ForeignDatagrams } from "./foreign-datagrams.js";
import { FRAGMENT_OFFSET, MORE_FRAGMENTS } from "./ipv4.js";
import { Reassembly } from "./reassembly.js";
import { showsDhcp } from "./skim.js";
import { wholeDatagram, type WholeFrame } from "./whole-datagram.js";

/** Datagrams with DHCP ports that are put together at a time; the oldest has to go. */
export const MOST_DATAGRAMS = 256;
/** The same for those of which later fragments came first, and nobody knows what they are. */
export const MOST_UNKNOWN = 64;
/** Seconds of capture time that fragments may lie apart, as in Linux (net.ipv4.ipfrag_time). */
export const LIFETIME = 30;

/** A frame with a fragment of a UDP datagram. */
export interface FragmentFrame<T> {
  /** From the link header on; ours to keep. */
  readonly bytes: Uint8Array;
  /** Where its IPv4 header begins. */
  readonly ip: number;
  /** Length on the wire. */
  readonly original: number;
  /** Where it was captured: only fragments of one place are put together. */
  readonly scope: number;
  /** Its VLAN identifiers as one number. */
  readonly tags: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** What the caller wants to know of it later. */
  readonly context: T;
}

interface Datagram<T> {
  /** When its first sign was seen. */
  readonly began: number;
  /** Null: it was completed. */
  reassembly: Reassembly | null;
  /** With the UDP header; null while only later ones have come. */
  readonly first: FragmentFrame<T> | null;
  /** Nobody waits to be told that it was not completed: it has been told, or the datagram is one that was, seen again. */
  told: boolean;
}

/**
 * Puts IPv4 fragments of DHCP messages together (RFC 791 §3.2), in memory of fixed size. Fragments of one datagram have
 * source, destination, identification and protocol in common, and the VLAN. The first tells by its ports whether they
 * matter; for those of other datagrams that come in order, nothing is allocated.
 */
export class Fragments<T> {
  /** Null where there were none, as in most captures. */
  #foreign: ForeignDatagrams | null = null;
  readonly #dhcp = new Map<string, Datagram<T>>();
  readonly #unknown = new Map<string, Datagram<T>>();
  /** First fragments that were given up, and nobody has been told yet. */
  readonly #lost: FragmentFrame<T>[] = [];
  #oldestWaiting = Infinity;

  /**
   * Whether a fragment belongs to a datagram that is known not to be DHCP. To be asked of every UDP fragment; for the
   * others, `add` is next.
   *
   * @param bytes the memory that `view` covers too
   * @param ip where the IPv4 header begins
   * @param end where the captured bytes of the frame end
   */
  isForeign(
    bytes: Uint8Array,
    view: DataView,
    ip: number,
    end: number,
    scope: number,
    tags: number,
    time: number,
  ): boolean {
    if ((view.getUint16(ip + 6) & FRAGMENT_OFFSET) !== 0) {
      return this.#foreign?.has(view, ip, scope, tags, time, LIFETIME) ?? false;
    }
    const udp = ip + (view.getUint8(ip) & 0x0f) * 4;
    if (showsDhcp(bytes, view, udp, Math.min(end, ip + view.getUint16(ip + 2)))) {
      this.#foreign?.forget(view, ip, scope, tags);
      return false;
    }
    this.#foreign ??= new ForeignDatagrams();
    this.#foreign.add(view, ip, scope, tags, time);
    if (this.#unknown.size > 0) this.#unknown.delete(keyOf(view, ip, scope, tags));
    return true;
  }

  /** Time of the oldest first fragment that is neither completed nor told; Infinity: there is none. */
  get oldestWaiting(): number {
    return this.#oldestWaiting;
  }

  /** Takes a fragment that is not foreign. Gives the frame that it completes, or null. */
  add(frame: FragmentFrame<T>): WholeFrame | null {
    const whole = this.#take(frame);
    this.#look();
    return whole;
  }

  /** The first fragments from before `before` (seconds since 1970) that lack others. Each is given once. */
  overdue(before: number): FragmentFrame<T>[] {
    return this.#giveUp(({ time }) => time < before);
  }

  /** All that lack others: the input is over. */
  flush(): FragmentFrame<T>[] {
    return this.#giveUp(() => true);
  }

  #take(frame: FragmentFrame<T>): WholeFrame | null {
    const { bytes, ip, scope, tags } = frame;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const fragment = view.getUint16(ip + 6);
    const start = (fragment & FRAGMENT_OFFSET) * 8;
    const key = keyOf(view, ip, scope, tags);
    const datagram = start === 0 ? this.#ofFirst(key, frame) : this.#ofLater(key, frame);
    const { reassembly, first } = datagram;
    if (reassembly === null) return null;
    const payload = ip + (view.getUint8(ip) & 0x0f) * 4;
    const length = ip + view.getUint16(ip + 2) - payload;
    const captured = bytes.subarray(Math.min(payload, bytes.length), Math.max(payload + length, payload));
    reassembly.add(start, captured, length, (fragment & MORE_FRAGMENTS) === 0);
    if (first === null || !reassembly.complete) return null;
    datagram.reassembly = null;
    datagram.told = true;
    return wholeDatagram(bytes.subarray(0, ip), first, reassembly);
  }

  #giveUp(isDue: (first: FragmentFrame<T>) => boolean): FragmentFrame<T>[] {
    const due = this.#lost.splice(0);
    for (const datagram of this.#dhcp.values()) {
      const { first, told } = datagram;
      if (told || first === null || !isDue(first)) continue;
      datagram.told = true;
      due.push(first);
    }
    this.#look();
    return due;
  }

  #look(): void {
    let oldest = this.#lost[0]?.time ?? Infinity;
    for (const { told, first } of this.#dhcp.values()) {
      if (!told && first !== null && first.time < oldest) oldest = first.time;
    }
    this.#oldestWaiting = oldest;
  }

  /** The datagram that a first fragment begins, or repeats. */
  #ofFirst(key: string, frame: FragmentFrame<T>): Datagram<T> {
    const known = this.#alive(this.#dhcp, key, frame.time);
    if (known !== null && known.reassembly !== null) return known;
    const before = this.#alive(this.#unknown, key, frame.time);
    this.#unknown.delete(key);
    this.#dhcp.delete(key);
    const began = before?.began ?? frame.time;
    const reassembly = before?.reassembly ?? new Reassembly();
    const datagram = { began, reassembly, first: frame, told: known !== null };
    this.#keep(this.#dhcp, MOST_DATAGRAMS, key, datagram);
    return datagram;
  }

  #ofLater(key: string, frame: FragmentFrame<T>): Datagram<T> {
    const known = this.#alive(this.#dhcp, key, frame.time);
    if (known !== null && known.reassembly !== null) return known;
    const before = this.#alive(this.#unknown, key, frame.time);
    if (before !== null) return before;
    const datagram = { began: frame.time, reassembly: new Reassembly(), first: null, told: true };
    this.#keep(this.#unknown, MOST_UNKNOWN, key, datagram);
    return datagram;
  }

  /** The datagram of that name, if its fragments can still come. */
  #alive(table: Map<string, Datagram<T>>, key: string, time: number): Datagram<T> | null {
    const datagram = table.get(key);
    if (datagram === undefined) return null;
    if (!(Math.abs(time - datagram.began) > LIFETIME)) return datagram;
    this.#drop(table, key, datagram);
    return null;
  }

  #keep(table: Map<string, Datagram<T>>, most: number, key: string, datagram: Datagram<T>): void {
    for (const [oldest, old] of table) {
      if (table.size < most && !(Math.abs(datagram.began - old.began) > LIFETIME)) break;
      this.#drop(table, oldest, old);
    }
    table.set(key, datagram);
  }

  #drop(table: Map<string, Datagram<T>>, key: string, { first, told }: Datagram<T>): void {
    table.delete(key);
    if (!told && first !== null) this.#lost.push(first);
  }
}

/** Fragments with the same text belong together; the protocol is UDP in all of them. */
function keyOf(view: DataView, ip: number, scope: number, tags: number): string {
  return `${scope} ${tags} ${view.getUint32(ip + 12)} ${view.getUint32(ip + 16)} ${view.getUint16(ip + 4)}`;
}

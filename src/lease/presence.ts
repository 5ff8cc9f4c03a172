import { reversed } from "../wire/addresses.js";
import { PresenceLog } from "./presence-log.js";

/**
 * When each known client was last heard of, by any frame, as far as time has come. The hot path writes what it sees
 * into logs, which may be read far ahead; `advance` brings them in, so that nothing is judged by what came after it.
 * Open addressing on typed arrays: nothing is allocated but when a client is added.
 */
export class Presence {
  readonly #logs: PresenceLog[] = [];
  #size = 0;
  /** A few at first: memory that most captures never fill takes longer to get than they take to read. */
  #capacity = 64;
  #table = new Int32Array(2 * this.#capacity);
  /** By number of client: upper 16 and lower 32 bits of the hardware address. */
  #high = new Uint16Array(this.#capacity);
  #low = new Int32Array(this.#capacity);
  #lastSeen = new Float64Array(this.#capacity);
  #lastAddress = new Uint32Array(this.#capacity);
  #lastAddressSeen = new Float64Array(this.#capacity);
  /** When the first frame of it that is no DHCP was seen: only from then on does their absence mean something. */
  #observable = new Float64Array(this.#capacity).fill(Infinity);
  /** 1: a DHCP unicast from it or to it was seen. */
  #unicast = new Uint8Array(this.#capacity);
  /** The bridge port behind which each was seen last, where the host tells, and when that was another one. */
  readonly #ports = new Map<number, { port: string; movedAt: number }>();

  /** Where one input writes which clients it sees. */
  log(): PresenceLog {
    const log = new PresenceLog();
    this.#logs.push(log);
    return log;
  }

  /** Time has come to `until` (seconds since 1970, not included): what was seen before it is known from now on. */
  advance(until: number): void {
    for (const log of this.#logs) {
      while (log.time < until) {
        this.#seen(log.client, log.address, log.time);
        log.next();
      }
    }
  }

  /** Begins to watch a hardware address (48-bit number). More than a million are not watched. */
  add(mac: number): void {
    const high = Math.floor(mac / 0x100000000);
    const low = mac | 0;
    if (this.#find(high, low) >= 0 || this.#size >= LIMIT) {
      return;
    }
    if (this.#size >= this.#capacity) {
      this.#grow();
    }
    this.#high[this.#size] = high;
    this.#low[this.#size] = low;
    this.#place(this.#size);
    this.#size += 1;
  }

  /** Clients so far; their numbers begin at 0, and none is ever forgotten. */
  get size(): number {
    return this.#size;
  }

  /** The last four octets of a client's hardware address, as they stand in a frame: the first is the lowest byte. */
  lastOctets(client: number): number {
    return reversed(this.#low[client] ?? 0);
  }

  /**
   * The number of a sender; -1 if nobody watches it, as is so of most frames.
   *
   * @param macHigh upper 16 bits of its hardware address
   * @param macLow lower 32 bits, signed or not
   */
  clientOf(macHigh: number, macLow: number): number {
    return this.#find(macHigh, macLow | 0);
  }

  /** A DHCP message from it or to it alone passed here. */
  sawUnicast(mac: number): void {
    const client = this.#numberOf(mac);
    if (client >= 0) this.#unicast[client] = 1;
  }

  /** Whether DHCP unicasts from it or to it pass here; where only broadcasts do, it may renew unseen. */
  showsUnicast(mac: number): boolean {
    return this.#unicast[this.#numberOf(mac)] === 1;
  }

  /** Whether its other frames are seen here, as was known by `before` (seconds since 1970): their absence is evidence. */
  isObservable(mac: number, before: number): boolean {
    return (this.#observable[this.#numberOf(mac)] ?? Infinity) < before;
  }

  /**
   * The host's bridge has learned it behind a port: it sent some frame, which need not have been captured.
   *
   * @param client see `clientOf`
   * @param time of that frame, seconds since 1970
   */
  behind(client: number, port: string, time: number): void {
    const known = this.#ports.get(client);
    if (known === undefined) this.#ports.set(client, { port, movedAt: -Infinity });
    else if (known.port !== port) this.#ports.set(client, { port, movedAt: time });
  }

  /** When it was first seen behind another port than before, in seconds since 1970; -Infinity: never. */
  movedAt(mac: number): number {
    return this.#ports.get(this.#numberOf(mac))?.movedAt ?? -Infinity;
  }

  /** When it was last heard of, in seconds since 1970; -Infinity: never. */
  lastSeen(mac: number): number {
    const seen = this.#lastSeen[this.#numberOf(mac)] ?? 0;
    return seen === 0 ? -Infinity : seen;
  }

  /** When it last used that IPv4 address as a source, in seconds since 1970; -Infinity: not as far as is known. */
  lastUse(mac: number, address: number): number {
    const client = this.#numberOf(mac);
    return this.#lastAddress[client] === address ? (this.#lastAddressSeen[client] ?? -Infinity) : -Infinity;
  }

  /** Whether it last used some other IPv4 address than `address`, after `since` (seconds since 1970). */
  usesOther(mac: number, address: number, since: number): boolean {
    const client = this.#numberOf(mac);
    const last = this.#lastAddress[client] ?? 0;
    return last !== 0 && last !== address && (this.#lastAddressSeen[client] ?? -Infinity) > since;
  }

  /** A frame that is no DHCP; an address of 0 says nothing. */
  #seen(client: number, address: number, time: number): void {
    if (time > (this.#lastSeen[client] ?? 0)) this.#lastSeen[client] = time;
    if (this.#observable[client] === Infinity) this.#observable[client] = time;
    if (address !== 0) {
      this.#lastAddress[client] = address;
      this.#lastAddressSeen[client] = time;
    }
  }

  #numberOf(mac: number): number {
    return this.#find(Math.floor(mac / 0x100000000), mac | 0);
  }

  #find(high: number, low: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hash(high, low) & mask;
    for (;;) {
      const client = (table[slot] ?? 0) - 1;
      if (client < 0 || (this.#low[client] === low && this.#high[client] === high)) {
        return client;
      }
      slot = (slot + 1) & mask;
    }
  }

  #place(client: number): void {
    const mask = this.#table.length - 1;
    let slot = hash(this.#high[client] ?? 0, this.#low[client] ?? 0) & mask;
    while (this.#table[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = client + 1;
  }

  #grow(): void {
    const known = this.#capacity;
    this.#capacity *= 2;
    this.#high = widened(this.#high, new Uint16Array(this.#capacity));
    this.#low = widened(this.#low, new Int32Array(this.#capacity));
    this.#lastSeen = widened(this.#lastSeen, new Float64Array(this.#capacity));
    this.#lastAddress = widened(this.#lastAddress, new Uint32Array(this.#capacity));
    this.#lastAddressSeen = widened(this.#lastAddressSeen, new Float64Array(this.#capacity));
    this.#observable = widened(this.#observable, new Float64Array(this.#capacity).fill(Infinity));
    this.#unicast = widened(this.#unicast, new Uint8Array(this.#capacity));
    this.#table = new Int32Array(2 * this.#capacity);
    for (let client = 0; client < known; client += 1) this.#place(client);
  }
}

const LIMIT = 1 << 20;

function widened<T extends { set(values: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

function hash(high: number, low: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

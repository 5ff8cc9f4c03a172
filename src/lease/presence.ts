/**
 * When each known client was last heard of, by any frame. Fed from the hot path for every frame of a capture: open
 * addressing on typed arrays, nothing is allocated but when a client is added.
 */
export class Presence {
  #capacity = 1024;
  #size = 0;
  /** Upper 16 and lower 32 bits of the hardware address, plus one bit that marks a used slot. */
  #high = new Int32Array(this.#capacity);
  #low = new Int32Array(this.#capacity);
  #lastSeen = new Float64Array(this.#capacity);
  #lastAddress = new Uint32Array(this.#capacity);
  #lastAddressSeen = new Float64Array(this.#capacity);
  /** The last use before that, at least `APART` earlier; 0: none. */
  #usedBefore = new Float64Array(this.#capacity);
  /** When the first frame of it that is no DHCP was seen: only from then on does their absence mean something. */
  #observable = new Float64Array(this.#capacity).fill(Infinity);
  /** 1: a DHCP unicast from it or to it was seen. */
  #unicast = new Uint8Array(this.#capacity);

  /** Begins to watch a hardware address (48-bit number). More than a million are not watched. */
  add(mac: number): void {
    const high = Math.floor(mac / 0x100000000) | USED;
    const low = mac | 0;
    if (this.#find(high, low) >= 0 || this.#size >= LIMIT) {
      return;
    }
    if (this.#size * 2 >= this.#capacity) {
      this.#grow();
    }
    this.#place(high, low);
  }

  /**
   * Where a sender is kept; -1 if nobody watches it, as is so of most frames.
   *
   * @param macHigh upper 16 bits of its hardware address
   * @param macLow lower 32 bits, signed or not
   */
  slot(macHigh: number, macLow: number): number {
    return this.#find(macHigh | USED, macLow | 0);
  }

  /**
   * A frame that is not DHCP was seen from it.
   *
   * @param slot see `slot`
   * @param address IPv4 source address, or 0 if it has none
   * @param time seconds since 1970
   */
  seen(slot: number, address: number, time: number): void {
    this.#lastSeen[slot] = time;
    if (this.#observable[slot] === Infinity) this.#observable[slot] = time;
    if (address !== 0) {
      const last = this.#lastAddressSeen[slot] ?? 0;
      if (this.#lastAddress[slot] !== address) this.#usedBefore[slot] = 0;
      else if (time - last > APART) this.#usedBefore[slot] = last;
      this.#lastAddress[slot] = address;
      this.#lastAddressSeen[slot] = time;
    }
  }

  /** A DHCP message from it or to it alone passed here. */
  sawUnicast(mac: number): void {
    const slot = this.#slotOf(mac);
    if (slot >= 0) this.#unicast[slot] = 1;
  }

  /** Whether DHCP unicasts from it or to it pass here; where only broadcasts do, it may renew unseen. */
  showsUnicast(mac: number): boolean {
    const slot = this.#slotOf(mac);
    return slot >= 0 && this.#unicast[slot] === 1;
  }

  /** Whether its other frames are seen here, as was known by `before` (seconds since 1970): their absence is evidence. */
  isObservable(mac: number, before: number): boolean {
    const slot = this.#slotOf(mac);
    return slot >= 0 && (this.#observable[slot] ?? Infinity) < before;
  }

  /** When it was last heard of, in seconds since 1970; -Infinity: never. */
  lastSeen(mac: number): number {
    const slot = this.#slotOf(mac);
    const seen = slot < 0 ? 0 : (this.#lastSeen[slot] ?? 0);
    return seen === 0 ? -Infinity : seen;
  }

  /**
   * When it last used that IPv4 address as a source before `before`; -Infinity: not as far as is known. Times are
   * seconds since 1970. Frames are seen here up to `APART` ahead of the messages that are being judged.
   */
  lastUse(mac: number, address: number, before: number): number {
    const slot = this.#slotOf(mac);
    if (slot < 0 || this.#lastAddress[slot] !== address) {
      return -Infinity;
    }
    const last = this.#lastAddressSeen[slot] ?? 0;
    const use = last < before ? last : (this.#usedBefore[slot] ?? 0);
    return use === 0 ? -Infinity : use;
  }

  /** Whether it last used some other IPv4 address than `address`, after `since` (seconds since 1970). */
  usesOther(mac: number, address: number, since: number): boolean {
    const slot = this.#slotOf(mac);
    const last = slot < 0 ? 0 : (this.#lastAddress[slot] ?? 0);
    return last !== 0 && last !== address && (this.#lastAddressSeen[slot] ?? -Infinity) > since;
  }

  #slotOf(mac: number): number {
    return this.#find(Math.floor(mac / 0x100000000) | USED, mac | 0);
  }

  #find(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let slot = hash(high, low) & mask;
    while (this.#high[slot] !== 0) {
      if (this.#low[slot] === low && this.#high[slot] === high) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  #place(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let slot = hash(high, low) & mask;
    while (this.#high[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#lastAddress[slot] = 0;
    this.#size += 1;
    return slot;
  }

  #grow(): void {
    const old = {
      high: this.#high,
      low: this.#low,
      lastSeen: this.#lastSeen,
      lastAddress: this.#lastAddress,
      lastAddressSeen: this.#lastAddressSeen,
      usedBefore: this.#usedBefore,
      observable: this.#observable,
      unicast: this.#unicast,
    };
    this.#capacity *= 2;
    this.#size = 0;
    this.#high = new Int32Array(this.#capacity);
    this.#low = new Int32Array(this.#capacity);
    this.#lastSeen = new Float64Array(this.#capacity);
    this.#lastAddress = new Uint32Array(this.#capacity);
    this.#lastAddressSeen = new Float64Array(this.#capacity);
    this.#usedBefore = new Float64Array(this.#capacity);
    this.#observable = new Float64Array(this.#capacity).fill(Infinity);
    this.#unicast = new Uint8Array(this.#capacity);
    old.high.forEach((high, from) => {
      if (high === 0) {
        return;
      }
      const to = this.#place(high, old.low[from] ?? 0);
      this.#lastSeen[to] = old.lastSeen[from] ?? 0;
      this.#lastAddress[to] = old.lastAddress[from] ?? 0;
      this.#lastAddressSeen[to] = old.lastAddressSeen[from] ?? 0;
      this.#usedBefore[to] = old.usedBefore[from] ?? 0;
      this.#observable[to] = old.observable[from] ?? Infinity;
      this.#unicast[to] = old.unicast[from] ?? 0;
    });
  }
}

const USED = 0x10000;
const LIMIT = 1 << 20;
/** Seconds; more than frames run ahead of the messages that are judged by them. */
const APART = 3;

function hash(high: number, low: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

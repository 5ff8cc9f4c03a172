/** One sighting of a client within so many seconds is kept: what is judged by them is coarser. */
const APART = 0.5;

/**
 * Which clients one input has seen, in the order of its frames, until their time has come: a queue on typed arrays that
 * allocates only when it grows.
 */
export class PresenceLog {
  /** As few as in Presence, for the same reason. */
  #capacity = 64;
  #head = 0;
  #size = 0;
  #clients = new Int32Array(this.#capacity);
  #addresses = new Uint32Array(this.#capacity);
  #times = new Float64Array(this.#capacity);
  /** By number of client: what was logged of it last. */
  #loggedTime = new Float64Array(this.#capacity);
  #loggedAddress = new Uint32Array(this.#capacity);

  /** Entries that wait. */
  get size(): number {
    return this.#size;
  }

  /** Of the oldest entry, in seconds since 1970; Infinity: there is none. */
  get time(): number {
    return this.#size === 0 ? Infinity : (this.#times[this.#head] ?? Infinity);
  }

  get client(): number {
    return this.#clients[this.#head] ?? -1;
  }

  get address(): number {
    return this.#addresses[this.#head] ?? 0;
  }

  /** Passes on to the next entry. */
  next(): void {
    this.#head = (this.#head + 1) & (this.#capacity - 1);
    this.#size -= 1;
  }

  /**
   * A frame that is not DHCP was seen from a client.
   *
   * @param client see `Presence.clientOf`
   * @param address IPv4 source address, or 0 if it has none
   * @param time seconds since 1970
   */
  add(client: number, address: number, time: number): void {
    if (client >= this.#loggedTime.length) this.#know(client);
    const since = time - (this.#loggedTime[client] ?? 0);
    if (since >= 0 && since < APART && (address === 0 || address === this.#loggedAddress[client])) return;
    this.#loggedTime[client] = time;
    this.#loggedAddress[client] = address;
    if (this.#size === this.#capacity) this.#grow();
    const at = (this.#head + this.#size) & (this.#capacity - 1);
    this.#clients[at] = client;
    this.#addresses[at] = address;
    this.#times[at] = time;
    this.#size += 1;
  }

  #know(client: number): void {
    const length = 2 ** Math.ceil(Math.log2(client + 1));
    const times = new Float64Array(length);
    times.set(this.#loggedTime);
    this.#loggedTime = times;
    const addresses = new Uint32Array(length);
    addresses.set(this.#loggedAddress);
    this.#loggedAddress = addresses;
  }

  #grow(): void {
    const clients = new Int32Array(2 * this.#capacity);
    const addresses = new Uint32Array(2 * this.#capacity);
    const times = new Float64Array(2 * this.#capacity);
    for (let index = 0; index < this.#size; index += 1) {
      const from = (this.#head + index) & (this.#capacity - 1);
      clients[index] = this.#clients[from] ?? 0;
      addresses[index] = this.#addresses[from] ?? 0;
      times[index] = this.#times[from] ?? 0;
    }
    this.#clients = clients;
    this.#addresses = addresses;
    this.#times = times;
    this.#head = 0;
    this.#capacity *= 2;
  }
}

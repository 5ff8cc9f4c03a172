const SLOTS = 1024;

/**
 * Fragmented datagrams that are known not to be DHCP, as many as came lately: guests with network file systems send
 * little else. Each has one place, which the next one with that place takes; nothing is allocated for one.
 */
export class ForeignDatagrams {
  /** Source address and IP identification. */
  readonly #senders = new Float64Array(SLOTS).fill(-1);
  readonly #destinations = new Float64Array(SLOTS);
  readonly #scopes = new Float64Array(SLOTS);
  readonly #tags = new Float64Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);

  /**
   * The datagram of this fragment is foreign.
   *
   * @param ip where the fragment's IPv4 header begins in `view`
   * @param scope where it was captured
   * @param tags its VLAN identifiers as one number
   * @param time seconds since 1970
   */
  add(view: DataView, ip: number, scope: number, tags: number, time: number): void {
    const slot = slotOf(view, ip, scope, tags);
    this.#senders[slot] = senderOf(view, ip);
    this.#destinations[slot] = view.getUint32(ip + 16);
    this.#scopes[slot] = scope;
    this.#tags[slot] = tags;
    this.#times[slot] = time;
  }

  /** A datagram of the same name begins that is not foreign. */
  forget(view: DataView, ip: number, scope: number, tags: number): void {
    const slot = slotOf(view, ip, scope, tags);
    if (this.#isAt(slot, view, ip, scope, tags)) this.#senders[slot] = -1;
  }

  /** Whether the datagram of this fragment is known to be foreign, from at most `lifetime` seconds ago. */
  has(view: DataView, ip: number, scope: number, tags: number, time: number, lifetime: number): boolean {
    const slot = slotOf(view, ip, scope, tags);
    return (
      this.#isAt(slot, view, ip, scope, tags) &&
      // Without time stamps nothing grows old.
      !(Math.abs(time - (this.#times[slot] ?? 0)) > lifetime)
    );
  }

  #isAt(slot: number, view: DataView, ip: number, scope: number, tags: number): boolean {
    return (
      this.#senders[slot] === senderOf(view, ip) &&
      this.#destinations[slot] === view.getUint32(ip + 16) &&
      this.#scopes[slot] === scope &&
      this.#tags[slot] === tags
    );
  }
}

function senderOf(view: DataView, ip: number): number {
  return view.getUint32(ip + 12) * 0x1_0000 + view.getUint16(ip + 4);
}

function slotOf(view: DataView, ip: number, scope: number, tags: number): number {
  const addresses = Math.imul(view.getInt32(ip + 12), 0x9e3779b1) ^ Math.imul(view.getInt32(ip + 16), 0x85ebca6b);
  const place = Math.imul(((scope % 0x1_0000_0000) | 0) ^ ((tags % 0x1_0000_0000) | 0), 0xc2b2ae35);
  const mixed = Math.imul(addresses ^ place ^ view.getUint16(ip + 4), 0x9e3779b1);
  return (mixed >>> 20) & (SLOTS - 1);
}

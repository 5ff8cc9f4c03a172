/** Later fragments of one interface that are handed on in a second. DHCP messages in pieces are rare, and come alone. */
const PER_SECOND = 200;
const SECOND = 1_000_000;

const ETHER_TYPE = 12;
const TAG_BYTES = 4;
const MOST_TAGS = 2;
const IPV4 = 0x0800;
/** Behind the EtherType: flags and offset of the header, the offset being the lower 13 bits. */
const FRAGMENT = 2 + 6;
const OFFSET = 0x1fff;

/**
 * Bounds what guests can make the watch do with fragments: the filter lets later ones pass, which do not show what they
 * are a part of, and those of file servers may come by the ten thousand.
 */
export class FragmentBudget {
  /** Fragments that were not handed on, so far. */
  leftOut = 0;
  #second = 0;
  #passed = 0;

  /**
   * Whether a frame is to be handed on.
   *
   * @param frame begins with an Ethernet frame
   * @param captured bytes of it
   * @param now microseconds, of a clock that may be set
   */
  allows(frame: Uint8Array, captured: number, now: number): boolean {
    if (!isLaterFragment(frame, captured)) return true;
    const second = Math.floor(now / SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#passed = 0;
    }
    this.#passed += 1;
    if (this.#passed <= PER_SECOND) return true;
    this.leftOut += 1;
    return false;
  }
}

function isLaterFragment(frame: Uint8Array, captured: number): boolean {
  let at = ETHER_TYPE;
  for (let tags = 0; tags < MOST_TAGS && isTag(word(frame, at)); tags += 1) at += TAG_BYTES;
  return at + FRAGMENT + 2 <= captured && word(frame, at) === IPV4 && (word(frame, at + FRAGMENT) & OFFSET) !== 0;
}

function isTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100;
}

function word(frame: Uint8Array, at: number): number {
  return ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
}

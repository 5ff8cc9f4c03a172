import type { LinkHeader } from "./frame.js";
import type { Stopped } from "./stopped.js";

/** What the header of a frame says: who speaks to whom, and where its payload begins. */
export interface DecodedLink {
  readonly link: LinkHeader | null;
  /** What the payload is, by its EtherType, whatever number this link layer has for it; 0: something else. */
  readonly etherType: number;
  readonly next: number;
  readonly stopped: Stopped | null;
}

/**
 * How one link layer is read. All but `decode` are called for every frame and allocate nothing; `offset` is where the
 * frame begins in `view`, `captured` the bytes present.
 */
export interface LinkLayer {
  /** Where a payload of this EtherType begins, behind any VLAN tags; -1 if the frame carries none. */
  readonly find: (view: DataView, offset: number, captured: number, etherType: number) => number;
  /** The VLAN identifiers as one number, different for different tags; 0 for a frame without. */
  readonly tags: (view: DataView, offset: number, captured: number) => number;
  /** Where the six octets of the sender's hardware address stand; -1 if the frame shows none. */
  readonly source: (view: DataView, offset: number, captured: number) => number;
  /**
   * Which of several interfaces this frame was captured at, and which way it went: twice the interface's number, plus 1
   * for frames that left the host. Null: all frames are of one place. Asked where there is a payload.
   */
  readonly vantage: ((view: DataView, offset: number) => number) | null;
  /** The header of the frame that begins at 0 of `view`. */
  readonly decode: (view: DataView) => DecodedLink;
}

/** For link layers that have no hardware addresses and no tags. */
export const NO_ADDRESSES: LinkHeader = { src: null, dst: null, vlan: [] };

/** What link layers without hardware addresses and tags have in common. */
export const PLAIN: Pick<LinkLayer, "tags" | "source" | "vantage"> = {
  tags: () => 0,
  source: () => -1,
  vantage: null,
};

import type { LinkHeader } from "./frame.js";
import type { DecodedLink } from "./link-layer.js";

/*
 * VLAN tags, IEEE 802.1Q §9, big-endian. Where a link layer has an EtherType, a tag's TPID may stand; then follow:
 *
 *   0  priority and drop eligible (high 4 bits), VLAN identifier (low 12 bits)
 *   2  the next EtherType
 */
export const VLAN_TAG = 4;

/** The TPID of nearly all tags. */
export const DOT1Q = 0x8100;

/** 802.1Q, 802.1ad, and the number that QinQ equipment used before 802.1ad had one. */
export function isVlanTag(etherType: number): boolean {
  return etherType === DOT1Q || etherType === 0x88a8 || etherType === 0x9100;
}

/**
 * Where the payload begins if it is of the EtherType that is wanted; -1 if it is not, or the frame ends before it.
 *
 * @param etherType what the link layer says
 * @param next where the link layer's header ends
 * @param end where the frame ends
 */
export function payloadBehindTags(
  view: DataView,
  etherType: number,
  next: number,
  end: number,
  wanted: number,
): number {
  let type = etherType;
  let at = next;
  while (isVlanTag(type)) {
    if (at + VLAN_TAG > end) return -1;
    type = view.getUint16(at + 2);
    at += VLAN_TAG;
  }
  return type === wanted ? at : -1;
}

/** The VLAN identifiers as one number: exact for three tags, and hardly ever the same for more. 0: no tag. */
export function foldTags(view: DataView, etherType: number, next: number, end: number): number {
  let type = etherType;
  let folded = 0;
  for (let at = next; isVlanTag(type) && at + VLAN_TAG <= end; at += VLAN_TAG) {
    folded = (folded * 4097 + (view.getUint16(at) & 0x0fff) + 1) % Number.MAX_SAFE_INTEGER;
    type = view.getUint16(at + 2);
  }
  return folded;
}

const NO_TAGS: readonly number[] = [];

/** The tags of a frame that begins at 0 of `view`, and what stands behind them. */
export function decodeTags(
  view: DataView,
  etherType: number,
  next: number,
  { src, dst }: Pick<LinkHeader, "src" | "dst">,
): DecodedLink {
  if (!isVlanTag(etherType)) return { link: { src, dst, vlan: NO_TAGS }, etherType, next, stopped: null };
  const length = view.byteLength;
  const vlan: number[] = [];
  let type = etherType;
  let at = next;
  while (isVlanTag(type)) {
    if (at + VLAN_TAG > length) {
      const stopped = { layer: "vlan", offset: length, needed: VLAN_TAG, had: length - at };
      return { link: { src, dst, vlan }, etherType: type, next: length, stopped };
    }
    vlan.push(view.getUint16(at) & 0x0fff);
    type = view.getUint16(at + 2);
    at += VLAN_TAG;
  }
  return { link: { src, dst, vlan }, etherType: type, next: at, stopped: null };
}

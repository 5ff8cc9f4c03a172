import { ETHERNET } from "./ethernet.js";
import { IEEE_802_11 } from "./ieee80211.js";
import type { LinkLayer } from "./link-layer.js";
import { LOOPBACK } from "./loopback.js";
import { PPP, PPP_HDLC } from "./ppp.js";
import { RADIOTAP } from "./radiotap.js";
import { RAW_IP } from "./raw-ip.js";
import { SLL } from "./sll.js";
import { SLL2 } from "./sll2.js";

/** By LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
const LAYERS: ReadonlyMap<number, LinkLayer> = new Map([
  [0, LOOPBACK],
  [1, ETHERNET],
  [9, PPP],
  [12, RAW_IP],
  [14, RAW_IP],
  [50, PPP_HDLC],
  [101, RAW_IP],
  [105, IEEE_802_11],
  [108, LOOPBACK],
  [113, SLL],
  [127, RADIOTAP],
  [228, RAW_IP],
  [229, RAW_IP],
  [276, SLL2],
]);

/** How the frames of a link type are read; null: it is not known. */
export function linkLayer(linkType: number): LinkLayer | null {
  return LAYERS.get(linkType) ?? null;
}

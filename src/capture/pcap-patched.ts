import { Found } from "./chain.js";
import { PcapChainRule } from "./pcap-chain.js";
import type { PcapLayout } from "./pcap-layout.js";

/**
 * The layout of a file whose record headers may be longer than its magic number says: another length counts only where the
 * usual one has the first record lead nowhere, and that one leads from record to record.
 *
 * @param layout as the file header tells it
 * @param at where the first record begins
 * @param last nothing follows `end`
 * @returns "more" if that takes bytes beyond `end`; never if `last`
 */
export function patchedLayout(
  layout: PcapLayout,
  view: DataView,
  at: number,
  end: number,
  last: boolean,
): PcapLayout | "more" {
  const usual = new PcapChainRule(layout).begins(view, at, end, last);
  if (usual !== Found.NONE) return usual === Found.HERE ? layout : "more";
  for (const headerBytes of layout.patchedHeaderBytes) {
    const candidate = { ...layout, headerBytes };
    const found = new PcapChainRule(candidate).goesOn(view, at, end, last);
    if (found === Found.HERE) return candidate;
    if (found === Found.MORE) return "more";
  }
  return layout;
}

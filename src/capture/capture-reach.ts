import { Found } from "./chain.js";
import { captureStart, FILE_HEADER_BYTES, SNOOP_HEADER_BYTES, Start, startsPcapng, startsSnoop } from "./magic.js";
import { PcapChainRule } from "./pcap-chain.js";
import { readPcapLayout } from "./pcap-layout.js";
import { PcapngChainRule } from "./pcapng-chain.js";
import { readSnoopLayout } from "./snoop-layout.js";

/**
 * Whether a capture reaches over an offset: its records, one after the other, lead to one behind it, to the end of the
 * stream, or to another capture. Those of a capture that a frame carries do not: behind the frame something else stands.
 *
 * @param at where the capture begins
 * @param over what its records must lead beyond
 * @param last nothing follows `end`
 * @returns MORE if that takes bytes beyond `end`; never if `last`
 */
export function reaches(view: DataView, at: number, over: number, end: number, last: boolean): Found {
  if (startsPcapng(view, at)) return new PcapngChainRule().leadsBeyond(view, at, over, end, last);
  const snoop = startsSnoop(view, at, end);
  const layout = snoop ? readSnoopLayout(view, at) : readPcapLayout(view, at);
  if (typeof layout === "string") return Found.NONE;
  const rule = new PcapChainRule(layout);
  let next = at + (snoop ? SNOOP_HEADER_BYTES : FILE_HEADER_BYTES);
  while (next <= over) {
    const found = recordAt(rule, layout.headerBytes, view, next, end, last);
    if (found !== Found.HERE || end - next < layout.headerBytes || !rule.isSound(view, next)) return found;
    next += rule.size(rule.captured(view, next));
  }
  return recordAt(rule, layout.headerBytes, view, next, end, last);
}

/** Whether a record begins here, or another capture, or the stream ends. */
function recordAt(
  rule: PcapChainRule,
  headerBytes: number,
  view: DataView,
  at: number,
  end: number,
  last: boolean,
): Found {
  if (end - at < headerBytes) return last ? Found.HERE : Found.MORE;
  if (rule.isSound(view, at)) return Found.HERE;
  const start = captureStart(view, at, end);
  if (start === Start.MORE && !last) return Found.MORE;
  return start === Start.YES ? Found.HERE : Found.NONE;
}

import { EtherType } from "./ether-type.js";
import { NO_ADDRESSES, PLAIN, type DecodedLink, type LinkLayer } from "./link-layer.js";

/*
 * Raw IP: no link header at all, the frame is the datagram. LINKTYPE_RAW (101; 12 and 14 where programs wrote the DLT_
 * number of their system), LINKTYPE_IPV4 (228), LINKTYPE_IPV6 (229). The first 4 bits are IP's version.
 */
function versionOf(view: DataView, offset: number): number {
  return view.getUint8(offset) >>> 4;
}

function decode(view: DataView): DecodedLink {
  if (view.byteLength === 0) {
    return { link: NO_ADDRESSES, etherType: 0, next: 0, stopped: { layer: "ipv4", offset: 0, needed: 20, had: 0 } };
  }
  // What is neither 4 nor 6 stops as IPv4 of a wrong version.
  const etherType = versionOf(view, 0) === 6 ? EtherType.IPV6 : EtherType.IPV4;
  return { link: NO_ADDRESSES, etherType, next: 0, stopped: null };
}

export const RAW_IP: LinkLayer = {
  ...PLAIN,
  find: (view, offset, captured, etherType) =>
    captured > 0 && etherType === EtherType.IPV4 && versionOf(view, offset) === 4 ? offset : -1,
  decode,
};

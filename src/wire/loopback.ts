import { EtherType } from "./ether-type.js";
import { NO_ADDRESSES, PLAIN, type DecodedLink, type LinkLayer } from "./link-layer.js";

/*
 * BSD loopback, LINKTYPE_NULL (0) and LINKTYPE_LOOP (108):
 *
 *   0  address family, 32 bits; in the byte order of the host that captured (NULL), or in network order (LOOP)
 *
 * A family is a small number, so whichever half holds it tells the order. AF_INET is 2 everywhere; AF_INET6 is 24 on
 * NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS and 10 on Linux.
 */
const HEADER = 4;
const AF_INET = 2;
const AF_INET6: readonly number[] = [10, 24, 28, 30];

function familyOf(view: DataView, offset: number): number {
  const family = view.getUint32(offset);
  return family < 0x1_0000 ? family : view.getUint32(offset, true);
}

function decode(view: DataView): DecodedLink {
  const length = view.byteLength;
  if (length < HEADER) {
    const stopped = { layer: "loopback", offset: length, needed: HEADER, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  const family = familyOf(view, 0);
  const etherType = family === AF_INET ? EtherType.IPV4 : AF_INET6.includes(family) ? EtherType.IPV6 : 0;
  return { link: NO_ADDRESSES, etherType, next: HEADER, stopped: null };
}

export const LOOPBACK: LinkLayer = {
  ...PLAIN,
  find: (view, offset, captured, etherType) =>
    captured >= HEADER && etherType === EtherType.IPV4 && familyOf(view, offset) === AF_INET ? offset + HEADER : -1,
  decode,
};

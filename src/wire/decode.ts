import { decodeDhcp } from "./dhcp.js";
import { decodeLink, EtherType } from "./ethernet.js";
import type { Frame, Ipv4Header, LinkHeader } from "./frame.js";
import type { Stopped } from "./stopped.js";
import { decodeIpv4, IpProtocol } from "./ipv4.js";
import { decodeUdp, isDhcpPort, UDP_HEADER } from "./udp.js";

/**
 * Reads an Ethernet frame layer by layer, as far as its bytes and lengths allow. Never throws: a frame that cannot be
 * read to its end says where it stopped, and of several bounds met it names the innermost.
 *
 * @param bytes from the destination address on; the frame keeps them, so they must be the caller's to give away
 * @param original length on the wire, in bytes
 */
export function decodeEthernet(bytes: Uint8Array, original: number): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { link, etherType, next, stopped } = decodeLink(view);
  if (stopped !== null) return { bytes, original, link, ip: null, udp: null, dhcp: null, stopped };
  if (etherType !== EtherType.IPV4) {
    return { bytes, original, link, ip: null, udp: null, dhcp: null, stopped: leadsElsewhere("ethertype", next) };
  }
  return decodeNetwork(bytes, view, original, link, next);
}

/** From the IPv4 header at `offset` on; for link layers other than Ethernet as well. */
export function decodeNetwork(
  bytes: Uint8Array,
  view: DataView,
  original: number,
  link: LinkHeader | null,
  offset: number,
): Frame {
  const network = decodeIpv4(view, offset, bytes.length);
  const { ip } = network;
  const elsewhere = ip === null || network.next < 0 ? null : noUdp(ip, network.next);
  if (ip === null || network.next < 0 || elsewhere !== null) {
    return { bytes, original, link, ip, udp: null, dhcp: null, stopped: elsewhere ?? network.stopped };
  }
  const transport = decodeUdp(view, network.next, network.end);
  const { udp } = transport;
  const outer = transport.stopped ?? network.stopped;
  if (udp === null || udp.length < UDP_HEADER) return { bytes, original, link, ip, udp, dhcp: null, stopped: outer };
  const data = udp.offset + UDP_HEADER;
  if (!isDhcpPort(udp.src) && !isDhcpPort(udp.dst)) {
    return { bytes, original, link, ip, udp, dhcp: null, stopped: leadsElsewhere("udp-port", data) };
  }
  const { dhcp, stopped } = decodeDhcp(bytes, view, data, transport.end, transport.stopped !== null);
  return { bytes, original, link, ip, udp, dhcp, stopped: stopped ?? outer };
}

/** Why the payload of this datagram is no UDP header. */
function noUdp(ip: Ipv4Header, next: number): Stopped | null {
  if (ip.protocol !== IpProtocol.UDP) return leadsElsewhere("ip-protocol", next);
  if (ip.fragmentOffset !== 0) return leadsElsewhere("ip-fragment", next);
  return null;
}

function leadsElsewhere(layer: string, offset: number): Stopped {
  return { layer, offset, needed: 0, had: 0 };
}

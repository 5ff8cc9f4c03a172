import { decodeDhcp } from "./dhcp.js";
import { EtherType } from "./ether-type.js";
import { ETHERNET } from "./ethernet.js";
import type { Frame, Ipv4Header } from "./frame.js";
import { decodeIpv4, IpProtocol } from "./ipv4.js";
import type { LinkLayer } from "./link-layer.js";
import type { Stopped } from "./stopped.js";
import { decodeUdp, isDhcpPort, UDP_HEADER } from "./udp.js";

/**
 * Reads a frame layer by layer, as far as its bytes and lengths allow. Never throws: a frame that cannot be read to its
 * end says where it stopped, and of several bounds met it names the innermost.
 *
 * @param bytes from the link header on; the frame keeps them, so they must be the caller's to give away
 * @param original length on the wire, in bytes
 */
export function decodeFrame(layer: LinkLayer, bytes: Uint8Array, original: number): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { link, etherType, next, stopped } = layer.decode(view);
  const elsewhere = etherType === EtherType.IPV4 ? null : leadsElsewhere("ethertype", next);
  if (stopped !== null || elsewhere !== null) {
    return { bytes, original, link, ip: null, udp: null, dhcp: null, stopped: stopped ?? elsewhere, reassembled: null };
  }
  return { bytes, original, link, ...decodeNetwork(bytes, view, next), reassembled: null };
}

/** The same for an Ethernet frame, from its destination address on. */
export function decodeEthernet(bytes: Uint8Array, original: number): Frame {
  return decodeFrame(ETHERNET, bytes, original);
}

/** A first fragment whose later ones did not come: what it shows of the message, and that the rest is missing. */
export function decodeFirstFragment(layer: LinkLayer, bytes: Uint8Array, original: number): Frame {
  const frame = decodeFrame(layer, bytes, original);
  const { ip, udp } = frame;
  if (ip === null || udp === null) return frame;
  const end = Math.min(bytes.length, ip.offset + ip.totalLength);
  const had = Math.max(end - udp.offset, UDP_HEADER);
  const stopped = { layer: "ip-fragment", offset: end, needed: Math.max(udp.length, had), had };
  return { ...frame, stopped };
}

/** From the IPv4 header at `offset` on. */
function decodeNetwork(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
): Pick<Frame, "ip" | "udp" | "dhcp" | "stopped"> {
  const network = decodeIpv4(view, offset, bytes.length);
  const { ip } = network;
  const elsewhere = ip === null || network.next < 0 ? null : noUdp(ip, network.next);
  if (ip === null || network.next < 0 || elsewhere !== null) {
    return { ip, udp: null, dhcp: null, stopped: elsewhere ?? network.stopped };
  }
  const transport = decodeUdp(view, network.next, network.end);
  const { udp } = transport;
  const outer = transport.stopped ?? network.stopped;
  if (udp === null || udp.length < UDP_HEADER) return { ip, udp, dhcp: null, stopped: outer };
  const data = udp.offset + UDP_HEADER;
  if (!isDhcpPort(udp.src) && !isDhcpPort(udp.dst)) {
    return { ip, udp, dhcp: null, stopped: leadsElsewhere("udp-port", data) };
  }
  const { dhcp, stopped } = decodeDhcp(bytes, view, data, transport.end, transport.stopped !== null);
  return { ip, udp, dhcp, stopped: stopped ?? outer };
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

/**
 * What of an interface is captured: DHCP, later fragments of datagrams that may be DHCP, ICMP errors about it, and ARP and
 * neighbour discovery, by which guests show that they are alive. Everything else stays in the kernel.
 */

/** Behind so many VLAN tags is looked: QinQ has two. */
const MOST_TAGS = 2;
const TAG_BYTES = 4;
/** Where an Ethernet header has its EtherType, and where it ends without tags. */
const ETHER_TYPE = 12;
const ETHERNET_HEADER = 14;
/** 802.1Q, 802.1ad, and what QinQ used before it. */
const TAGS = ["0x8100", "0x88a8", "0x9100"];

/** Units of 8 bytes: where the second fragment begins on links of 1500 bytes, the usual MTU (1480 bytes of payload). */
const SECOND_FRAGMENT = 185;

/**
 * The filter for interfaces whose frames are Ethernet.
 *
 * Tags are looked for by offset, not with libpcap's `vlan`: that word shifts all that stands behind it, and means
 * something else live, where the kernel has taken the outer tag off, than in a file. These offsets mean the same in both.
 *
 * @param port the interface is the port of a bridge, at which broadcasts for everybody come out: of ARP and neighbour
 *   discovery only what enters there is taken, which is what the guest behind it sends
 * @returns an expression of pcap-filter(7)
 */
export function ethernetFilter(port: boolean): string {
  const entering = port ? " and inbound" : "";
  let expression = "";
  for (let tags = MOST_TAGS; tags >= 0; tags -= 1) {
    const payload = payloadFilter(tags * TAG_BYTES, entering);
    const tagged = field(ETHER_TYPE + tags * TAG_BYTES, 2);
    expression = tags === MOST_TAGS ? payload : `(${payload}) or ((${anyOf(tagged, TAGS)}) and (${expression}))`;
  }
  return expression;
}

/** The filter for interfaces without a link layer, such as tun devices. */
export const PLAIN_FILTER =
  "(udp and (port 67 or port 68 or port 4011 or port 546 or port 547)) or (icmp and icmp[0] = 3)";

function payloadFilter(tags: number, entering: string): string {
  const type = field(ETHER_TYPE + tags, 2);
  const ip = ETHERNET_HEADER + tags;
  return `(${type} = 0x0800 and (${ipv4(ip)})) or (${type} = 0x86dd and (${ipv6(ip, entering)})) or (${type} = 0x0806${entering})`;
}

/** @param ip where the header begins */
function ipv4(ip: number): string {
  const next = `${ip} + ((ether[${ip}] & 0xf) << 2)`;
  const fragment = field(ip + 6, 2);
  const offset = `(${fragment} & 0x1fff)`;
  const ports = [`ether[${next} : 2]`, `ether[${next} + 2 : 2]`].map((port) => anyOf(port, ["67", "68", "4011"]));
  // Most datagrams in pieces are large ones, of file servers: of theirs none is like the end of a DHCP message.
  const end = `${offset} < ${SECOND_FRAGMENT} or (${offset} = ${SECOND_FRAGMENT} and ${fragment} & 0x2000 = 0)`;
  const udp = `(${offset} = 0 and (${ports.join(" or ")})) or (${offset} > 0 and (${end}))`;
  // RFC 792: 8 bytes, then the header of the datagram that could not be delivered.
  const unreachable = `ether[${next}] = 3 and ether[${next} + ${8 + 9}] = 17`;
  return `(ether[${ip + 9}] = 17 and (${udp})) or (ether[${ip + 9}] = 1 and ${offset} = 0 and ${unreachable})`;
}

/** Without extension headers, which neither DHCPv6 nor neighbour discovery has. */
function ipv6(ip: number, entering: string): string {
  const next = ip + 40;
  const ports = [field(next, 2), field(next + 2, 2)].map((port) => anyOf(port, ["546", "547"]));
  // RFC 4861: router solicitation 133, neighbour solicitation 135 and advertisement 136.
  const alive = anyOf(`ether[${next}]`, ["133", "135", "136"]);
  return `(ether[${ip + 6}] = 17 and (${ports.join(" or ")})) or (ether[${ip + 6}] = 58 and (${alive})${entering})`;
}

function field(offset: number, bytes: number): string {
  return `ether[${offset}:${bytes}]`;
}

function anyOf(field: string, values: readonly string[]): string {
  return values.map((value) => `${field} = ${value}`).join(" or ");
}

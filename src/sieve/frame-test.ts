import { SENDER_IP, TARGET_IP } from "../wire/arp.js";
import { EtherType } from "../wire/ether-type.js";
import { ETHERNET_HEADER } from "../wire/ethernet.js";
import { FRAGMENT_OFFSET, IPV4_HEADER, IpProtocol, MORE_FRAGMENTS } from "../wire/ipv4.js";
import { DHCP_PORTS } from "../wire/udp.js";
import { DOT1Q, VLAN_TAG } from "../wire/vlan.js";
import * as wasm from "./assembler.js";
import { hashOf, isMarked } from "./filter.js";

const { and, equal, get, int, load16, load32, load8, plus, returnWhen, set, unequal, when } = wasm;

// Where things stand in an Ethernet frame, in an IPv4 header, and behind one without options.
const SOURCE = 6;
const ETHER_TYPE = 12;
const FRAGMENT = 6;
const PROTOCOL = 9;
const PORTS = IPV4_HEADER;
const ICMP_TYPE = IPV4_HEADER;

const NO_OPTIONS = 0x45;
const DESTINATION_UNREACHABLE = 3;

/** Bytes that the test looks at: up to the ports behind a tag and an IPv4 header without options. */
export const LEAST_FRAME = ETHERNET_HEADER + VLAN_TAG + PORTS + 4;

// Its parameter and its variables.
const FRAME = 0;
const TYPE = 1;
const IP = 2;
const NUMBER = 3;

const YES = int(1);
const NO = int(0);

/**
 * Whether the Ethernet frame at an address is for certain of no use: IPv6, an ARP from and for no server's address, or
 * IPv4 in which `skimEthernet` finds nothing; and its sender is no client. LEAST_FRAME bytes of it must be there.
 */
export const FRAME_TEST: wasm.WasmFunction = { name: "isOfNoUse", parameters: 1, variables: 3, body };

function body(): wasm.Code {
  return [
    set(TYPE, load16(get(FRAME), ETHER_TYPE)),
    set(IP, plus(get(FRAME), int(ETHERNET_HEADER))),
    when(
      equal(get(TYPE), network(DOT1Q)),
      set(TYPE, load16(get(FRAME), ETHER_TYPE + VLAN_TAG)),
      set(IP, plus(get(IP), int(VLAN_TAG))),
    ),
    when(equal(get(TYPE), network(EtherType.IPV4)), ...stopAtIpv4()),
    when(
      unequal(get(TYPE), network(EtherType.IPV4)),
      when(equal(get(TYPE), network(EtherType.ARP)), ...stopAtArp()),
      returnWhen(and(isNo(EtherType.ARP), isNo(EtherType.IPV6)), NO),
    ),
    ...stopAtKnown(load32(get(FRAME), SOURCE + 2)),
    YES,
  ].join("");
}

function stopAtIpv4(): wasm.Code[] {
  const hasOptions = unequal(load8(get(IP)), int(NO_OPTIONS));
  return [
    set(NUMBER, load8(get(IP), PROTOCOL)),
    when(
      equal(get(NUMBER), int(IpProtocol.UDP)),
      returnWhen(hasOptions, NO),
      returnWhen(and(load16(get(IP), FRAGMENT), network(MORE_FRAGMENTS | FRAGMENT_OFFSET)), NO),
      returnWhen(isDhcpPort(load16(get(IP), PORTS)), NO),
      returnWhen(isDhcpPort(load16(get(IP), PORTS + 2)), NO),
    ),
    when(
      equal(get(NUMBER), int(IpProtocol.ICMP)),
      returnWhen(hasOptions, NO),
      returnWhen(equal(load8(get(IP), ICMP_TYPE), int(DESTINATION_UNREACHABLE)), NO),
    ),
  ];
}

function stopAtArp(): wasm.Code[] {
  return [
    // Behind a tag it is longer than what is there for certain.
    returnWhen(unequal(get(IP), plus(get(FRAME), int(ETHERNET_HEADER))), NO),
    ...stopAtKnown(load32(get(IP), SENDER_IP)),
    ...stopAtKnown(load32(get(IP), TARGET_IP)),
  ];
}

function stopAtKnown(octets: wasm.Code): wasm.Code[] {
  return [set(NUMBER, hashOf(octets)), returnWhen(isMarked(get(NUMBER)), NO)];
}

function isNo(type: number): wasm.Code {
  return unequal(get(TYPE), network(type));
}

function isDhcpPort(port: wasm.Code): wasm.Code {
  return DHCP_PORTS.map((known) => equal(port, network(known))).reduce(wasm.or);
}

/** A 16-bit number of the network, as load16 reads it. */
function network(value: number): wasm.Code {
  return int(((value & 0xff) << 8) | (value >>> 8));
}

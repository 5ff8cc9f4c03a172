import type { Code } from "./page.js";

/** A line that another program prints, or a word that people search for, and the page that explains it. */
export interface Message {
  /** As it is shown in lists. */
  readonly text: string;
  readonly printedBy: string;
  /** Of what a reader typed or pasted, in lower case. */
  readonly pattern: RegExp;
  readonly code: Code;
}

/** The first that fits is taken: longer patterns stand before shorter ones. */
export const MESSAGES: readonly Message[] = [
  {
    text: "5 bad udp checksums in 5 packets",
    printedBy: "ISC dhclient, dhcpd, dhcrelay; FreeBSD's dhclient",
    pattern: /bad (udp|ip) checksums? (seen )?in|bad udp checksums/,
    code: "checksum-rejected",
  },
  {
    text: "checksum failure from ADDRESS",
    printedBy: "dhcpcd",
    pattern: /checksum failure from/,
    code: "checksum-rejected",
  },
  {
    text: "packet with bad UDP checksum, ignoring",
    printedBy: "udhcpc -v",
    pattern: /packet with bad udp checksum/,
    code: "checksum-rejected",
  },
  {
    text: "parse_dhcp: bad UDP checksum",
    printedBy: "OpenBSD's dhcpleased",
    pattern: /parse_dhcp: bad udp checksum/,
    code: "checksum-rejected",
  },
  {
    text: "ignoring packet: invalid UDP checksum",
    printedBy: "systemd-networkd at level debug",
    pattern: /invalid udp checksum/,
    code: "checksum-rejected",
  },
  {
    text: "[bad udp cksum 0x2dec -> 0xfc32!]",
    printedBy: "tcpdump -vv",
    pattern: /bad udp ck?sum/,
    code: "partial",
  },
  {
    text: 'maybe caused by "UDP checksum offload"?',
    printedBy: "Wireshark",
    pattern: /caused by .?udp checksum offload|partial \(pseudo header\) checksum|checksum offload/,
    code: "partial",
  },
  {
    text: "nf_ct_proto_17: bad checksum, bad UDP checksum",
    printedBy: "the kernel of a host with a firewall",
    pattern: /nf_ct|conntrack|bad udp checksum/,
    code: "conntrack",
  },
  {
    text: "re0: Coll in netstat -i",
    printedBy: "netstat in a guest",
    pattern: /\bcoll(ision|isions)?\b/,
    code: "collisions",
  },
  {
    text: "dropping chained buffer",
    printedBy: "le(4), a BSD driver",
    pattern: /dropping chained buffer/,
    code: "card-messages",
  },
  {
    text: "NIC memory corrupt - invalid packet length N",
    printedBy: "ed(4), a BSD driver",
    pattern: /invalid packet length|nic memory corrupt/,
    code: "card-messages",
  },
  {
    text: "DHCPNAK from ADDRESS",
    printedBy: "clients and servers",
    pattern: /dhcpnak|wrong (network|address)|(address|lease \S+) (not available|unavailable)|lease not found/,
    code: "nak",
  },
  {
    text: "unknown lease ADDRESS, ignored (not authoritative)",
    printedBy: "ISC dhcpd",
    pattern: /unknown lease|not authoritative/,
    code: "no-reply",
  },
  {
    text: "No DHCPOFFERS received",
    printedBy: "ISC dhclient",
    pattern:
      /no dhcpoffers|no response to renew|timed out waiting for a valid dhcp|failed to renew dhcp|no working leases/,
    code: "no-reply",
  },
  {
    text: "DHCPDECLINE, address already in use",
    printedBy: "clients and servers",
    pattern: /dhcpdecline|already in use|duplicate (ip )?address|address conflict/,
    code: "duplicate-address",
  },
  {
    text: "port unreachable",
    printedBy: "tcpdump, ICMP",
    pattern: /port unreachable|connection refused/,
    code: "port-unreachable",
  },
];

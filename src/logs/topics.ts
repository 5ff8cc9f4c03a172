import type { Topic } from "./fact.js";

/** What lines mean that belong to the subject and prove nothing by themselves. */
export const TOPICS: Readonly<Record<Topic, string>> = {
  "conntrack-checksum":
    "connection tracking met a UDP datagram with a bad checksum and calls it invalid (net.netfilter.nf_conntrack_checksum=1). A rule that drops invalid packets drops a DHCP reply of that kind, although its receiver might have taken it.",
  "kernel-checksum":
    "the kernel itself threw away a UDP datagram for its checksum; it counts them as InCsumErrors in /proc/net/snmp. That is the fate of a partial sum once its mark is lost.",
  "checksum-target":
    "a CHECKSUM rule of iptables is in place that is not limited to UDP. It works; -p udp --dport 68 keeps it to DHCP.",
  "chained-buffer":
    "the driver of an emulated AMD PCnet card (FreeBSD le(4), NetBSD le) got a frame that spans several buffers and dropped it. No checksum is concerned; another network card model for the guest, such as virtio, avoids it.",
  "packet-length":
    "the driver got a frame of a length that it does not take, and dropped it. Larger frames than the card can hold are a matter of offload (LRO, TSO) or of the MTU, not of DHCP.",
  "reused-lease":
    "the server answered a client that came back soon after its last answer with what is left of the lease (dhcp-cache-threshold). Once or twice is harmless; again and again it means that the client does not take the answers.",
  dhcpv6: "these lines are of DHCPv6, which is not judged yet.",
  "no-free-leases": "the server had no address left to give: enlarge the range or shorten the leases.",
};

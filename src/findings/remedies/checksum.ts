import type { Remedy } from "./remedy.js";

/** Checksums that somebody has to complete, or must stop spoiling. */

const NEXT_RENEWAL =
  "The client's next renewal (T1) is answered once and not repeated. A capture on TAP then shows good checksums on replies; on the bridge they may stay partial.";

export const fillOnHost: Remedy = {
  command: "iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
  what: "Has the kernel complete the UDP checksum of DHCP replies that leave this host. Add -o BRIDGE (the bridge of the guests, such as virbr0) to keep it to one network.",
  appliesWhen:
    "the DHCP server (dnsmasq, dhcpd) runs on this host; if in a network namespace of it, add the rule in there.",
  limits:
    "Matches only what this host sends; replies that merely cross the bridge meet it only with br_netfilter and net.bridge.bridge-nf-call-iptables=1. Does nothing once the offload mark of a packet is lost, and nothing for IPv6 (that is ip6tables, port 546). Gone after a reboot or a reload of the rules.",
  undo: "iptables -t mangle -D POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
  check: `Its counter grows: iptables -t mangle -nvL POSTROUTING. ${NEXT_RENEWAL}`,
};

export const tapTxOff: Remedy = {
  command: "ethtool -K TAP tx off",
  what: "Has the kernel complete checksums before it hands frames to this one guest. TAP is the guest's port on the host (vnet7, tap105i0 ...; virsh domiflist GUEST shows it).",
  appliesWhen:
    "the replies cross the bridge from elsewhere (another guest, a container, another host), or only this guest is to be changed.",
  limits:
    "Lasts only until the guest reboots or sets up its network card again, because the guest's driver then turns the offload on once more; a restarted guest has a new TAP. Has taken effect on running QEMU guests but not in every measurement, so check it. Costs throughput (no TSO towards the guest), and does not help where the offload mark was lost on the way.",
  undo: "ethtool -K TAP tx on",
  check: `ethtool -k TAP shows tx-checksumming: off. ${NEXT_RENEWAL}`,
};

export const senderTxOff: Remedy = {
  command: "ethtool -K SERVER-INTERFACE tx off",
  what: "Has the DHCP server's own side complete its checksums. SERVER-INTERFACE is the interface that it sends from, in its own guest, container or namespace (a veth), or BRIDGE where it runs on the host.",
  appliesWhen: "one DHCP server serves many guests and you can reach the place where it runs.",
  limits:
    "Only for what that server sends through that interface; on BRIDGE only for what the host itself sends, not for frames that cross it. Not kept over a reboot unless it is configured there.",
  undo: "ethtool -K SERVER-INTERFACE tx on",
  check: `A capture on SERVER-INTERFACE shows good checksums on replies. ${NEXT_RENEWAL}`,
};

export const guestCsumOff: Remedy = {
  command: "virsh edit GUEST",
  what: "Takes the guest out of checksum offload for good: put <driver><guest csum='off'/></driver> into its <interface>; with plain QEMU, guest_csum=off on the virtio-net device.",
  appliesWhen: "the guest has virtio-net, its DHCP client cannot be updated, and it may be restarted.",
  limits:
    "Takes effect after the guest was powered off and started again, not after a reboot from within. Large receives (TSO, UFO towards the guest) are off as well. The switch csum='off' under <host> is for the other direction and does not help here.",
  undo: "Take the element out again and restart the guest.",
  check: `The capture on TAP shows good checksums from the first reply on. ${NEXT_RENEWAL}`,
};

export const tcChecksum: Remedy = {
  command:
    "tc qdisc add dev TAP clsact && tc filter add dev TAP egress protocol ip u32 match ip protocol 17 ff match ip dport 68 ffff action csum ip and udp",
  what: "Computes the UDP checksum of every reply anew on its way to this guest. TAP is the guest's port on the host.",
  appliesWhen:
    "the offload mark is lost on the way (the iptables rule counts packets, yet the guest still refuses them).",
  limits:
    "Needs the kernel module act_csum. By its source it is the only rule that mends frames whose mark is lost; it has not been measured by this project. A checksum of 0 and fragments are left alone. Gone when the tap is (guest restart).",
  undo: "tc qdisc del dev TAP clsact",
  check: `tc -s filter show dev TAP egress counts packets. ${NEXT_RENEWAL}`,
};

export const newClient: Remedy = {
  command: null,
  what: "Update the DHCP client in the guest: ISC dhclient from 4.3.2 (Linux), dhcpcd from 5.2.12, udhcpc from BusyBox 1.21, NetworkManager's and systemd-networkd's own clients take replies whose checksum the kernel still owes.",
  appliesWhen: "you own the guest's image, and its client is older than these or a BSD one.",
  limits:
    "Helps only where the kernel still marks the packet as unfinished when the client gets it; if that mark is lost on the way, no client takes it. ISC dhclient on BSD always checks.",
  undo: null,
  check: NEXT_RENEWAL,
};

export const noZeroing: Remedy = {
  command: "nft list ruleset | grep -n 'checksum set'",
  what: "Find and remove an nftables rule that sets the UDP checksum of DHCP replies to 0 (udp checksum set 0), and complete checksums with the iptables CHECKSUM target instead.",
  appliesWhen: "the wrong checksum is the right one without the pseudo-header: the mark of such a rule.",
  limits:
    "nftables has no way to fill a checksum. Setting it to 0 looks right on virtio, but a guest with another card (e1000, rtl8139) gets a wrong sum, because the kernel still completes what was zeroed. The tool that wrote the rule may write it again: update or configure that.",
  undo: "Add the rule again.",
  check: NEXT_RENEWAL,
};

export const updateQemu: Remedy = {
  command: "qemu-system-x86_64 --version",
  what: "Replace QEMU 9.2.0 by a release with the repair (commit e28fbd1c525), or let vhost-net carry the traffic (vhost=on, in libvirt <driver name='vhost'/>).",
  appliesWhen: "the checksum covers only the headers, and the guest's virtio-net runs without vhost.",
  limits: "A running guest keeps its QEMU until it is powered off and started, or migrated to a host with the new one.",
  undo: null,
  check: NEXT_RENEWAL,
};

export const findDamage: Remedy = {
  command: "tcpdump -ni INTERFACE -w INTERFACE.pcap 'udp port 67 or udp port 68'",
  what: "Find where the bytes change: capture at two or more points on the way (server, physical port, bridge, TAP) at the same time and give all the files to leasetap together.",
  appliesWhen: "a right checksum leaves the server and a wrong one arrives.",
  limits:
    "Finds the place, does not repair it. Likely culprits: address translation without checksum update, a tunnel or a driver, a network card or cable that is going bad.",
  undo: null,
  check: "ethtool -S INTERFACE shows no growing error counters at that place, and the next renewal is answered once.",
};

export const requestTxOff: Remedy = {
  command: "ethtool -K INTERFACE tx off",
  what: "Has the guest complete the checksums of what it sends. INTERFACE is its network card, inside the guest; from outside, <driver><host csum='off'/></driver> in libvirt (QEMU: csum=off) does the same after a restart.",
  appliesWhen: "a DHCP server that reads raw packets (an old or BSD dhcpd) drops this guest's requests.",
  limits:
    "Inside the guest it lasts until its next boot unless it is configured there. Costs throughput. Does nothing for the checksums of replies.",
  undo: "ethtool -K INTERFACE tx on",
  check: "The next unicast REQUEST (T1) shows a good checksum at this point and is answered.",
};

export const updateServer: Remedy = {
  command: null,
  what: "Update the DHCP server, or use one that receives through the kernel's sockets (dnsmasq) or does not check (Kea).",
  appliesWhen: "the server refuses requests of many guests, and only their unicast renewals.",
  limits: "ISC dhcpd on Linux honours the kernel's mark from 4.3.2 on; on BSD it never does.",
  undo: null,
  check: "Unicast renewals are answered.",
};

export const pickCapture: Remedy = {
  command: "tcpdump -ni TAP -w tap.pcap 'udp port 67 or udp port 68'",
  what: "Capture at the guest's own port and look again. TAP is the guest's port on the host (virsh domiflist GUEST shows it).",
  appliesWhen: "this capture point cannot tell whether the client got the replies, or with which checksum.",
  limits:
    "Only settles the question. A capture on the bridge device without promiscuous mode misses traffic between guests.",
  undo: null,
  check: "leasetap names a cause with confidence certain or likely.",
};

import { NEXT_RENEWAL } from "./next-renewal.js";
import type { Remedy } from "./remedy.js";

/** Checksums that somebody spoils, and requests that a server refuses for theirs. */

export const noZeroing: Remedy = {
  id: "remove-zeroing",
  title: "Remove the rule that sets checksums to 0",
  command: "nft list ruleset | grep -n 'checksum set'",
  what: "It is an nftables rule: udp checksum set 0. Complete checksums with the iptables CHECKSUM target instead (fill-checksums).",
  appliesWhen: "the wrong checksum is the right one without the pseudo-header: the mark of such a rule.",
  limits:
    "nftables has no way to fill a checksum. Setting it to 0 looks right on virtio, but a guest with another card (e1000, rtl8139) gets a wrong sum, because the kernel still completes what was zeroed. The tool that wrote the rule may write it again: update or configure that.",
  undo: "Add the rule again.",
  check: NEXT_RENEWAL,
};

export const updateQemu: Remedy = {
  id: "update-qemu",
  title: "Replace QEMU 9.2.0",
  command: "qemu-system-x86_64 --version",
  what: "Any release with the repair will do (commit e28fbd1c525); or let vhost-net carry the traffic (vhost=on, in libvirt <driver name='vhost'/>).",
  appliesWhen: "the checksum covers only the headers, and the guest's virtio-net runs without vhost.",
  limits: "A running guest keeps its QEMU until it is powered off and started, or migrated to a host with the new one.",
  undo: "Install the version from before.",
  check: NEXT_RENEWAL,
};

export const findDamage: Remedy = {
  id: "find-damage",
  title: "Find the place where the bytes change",
  command: "tcpdump -ni INTERFACE -w INTERFACE.pcap 'udp port 67 or udp port 68'",
  what: "Capture at two or more points on the way (server, physical port, bridge, TAP) at the same time, and give all the files to leasetap together.",
  appliesWhen: "a right checksum leaves the server and a wrong one arrives.",
  limits:
    "Finds the place, does not repair it. Likely culprits: address translation without checksum update, a tunnel or a driver, a network card or cable that is going bad.",
  undo: null,
  check: "ethtool -S INTERFACE shows no growing error counters at that place, and the next renewal is answered once.",
};

export const requestTxOff: Remedy = {
  id: "guest-tx-off",
  title: "Have the guest complete its own checksums",
  command: "ethtool -K INTERFACE tx off",
  what: "INTERFACE is its network card, inside the guest; from outside, <driver><host csum='off'/></driver> in libvirt (QEMU: csum=off) does the same after a restart.",
  appliesWhen: "a DHCP server that reads raw packets (an old or BSD dhcpd) drops this guest's requests.",
  limits:
    "Inside the guest it lasts until its next boot unless it is configured there. Costs throughput. Does nothing for the checksums of replies.",
  undo: "ethtool -K INTERFACE tx on",
  check: "The next unicast REQUEST (T1) shows a good checksum at this point and is answered.",
};

export const updateServer: Remedy = {
  id: "update-server",
  title: "Update or replace the DHCP server",
  command: "dhcpd --version; dnsmasq --version | head -n 1; kea-dhcp4 -v",
  what: "See which server it is. Update it, or use one that receives through the kernel's sockets (dnsmasq) or does not check (Kea).",
  appliesWhen: "the server refuses requests of many guests, and only their unicast renewals.",
  limits: "ISC dhcpd on Linux honours the kernel's mark from 4.3.2 on; on BSD it never does.",
  undo: "Install the version from before.",
  check: "Unicast renewals are answered.",
};

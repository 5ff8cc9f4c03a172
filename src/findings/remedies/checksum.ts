import { NEXT_RENEWAL } from "./next-renewal.js";
import type { Remedy } from "./remedy.js";

/** Checksums of replies that somebody has to complete. */

export const fillOnHost: Remedy = {
  id: "fill-checksums",
  title: "Complete the checksums on this host",
  command: "iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
  what: "The kernel completes the UDP checksum as a reply leaves; -o BRIDGE (such as virbr0) keeps that to one network.",
  appliesWhen:
    "the DHCP server SERVER runs on it (in a network namespace of it: add the rule there).",
  limits:
    "Only for what the host sends itself, and until its rules are reloaded or it reboots. Replies of guests and containers that merely cross the bridge meet the rule only with br_netfilter and net.bridge.bridge-nf-call-iptables=1, and what a server sends over a raw socket (Kea, the offers of dhcpd) never does: that is complete already. Does nothing once the offload mark of a packet is lost, and nothing for IPv6 (that is ip6tables, port 546). The kernel warns once that this target should be avoided if it is used without -p udp.",
  undo: "iptables -t mangle -D POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
  check: `${NEXT_RENEWAL} The counter of the rule grows: iptables -t mangle -nvL POSTROUTING.`,
};

export const tapTxOff: Remedy = {
  id: "tap-tx-off",
  title: "Switch the offload off at the guest's port",
  command: "ethtool -K TAP tx off",
  what: "The kernel then completes checksums before this guest gets them. TAP is its port on the host (bridge fdb show | grep MAC names it).",
  appliesWhen: "the server runs in another guest or container, or only this guest is to be changed.",
  limits:
    "Only until the guest reboots: its driver then turns the offload on again (measured), as whenever it sets up its card. A restarted guest has a new TAP. Has taken effect on running QEMU guests but not in every measurement, so check it. Costs throughput (no TSO towards the guest), and does not help where the offload mark was lost on the way.",
  undo: "ethtool -K TAP tx on",
  check: `${NEXT_RENEWAL} At once: ethtool -k TAP shows tx-checksumming: off.`,
};

export const senderTxOff: Remedy = {
  id: "server-tx-off",
  title: "Switch the offload off where the DHCP server sends",
  command: "ethtool -K SERVER-INTERFACE tx off",
  what: "Has the DHCP server's own side complete its checksums. SERVER-INTERFACE is the interface that it sends from, in its own guest, container or namespace (a veth), or BRIDGE where it runs on the host.",
  appliesWhen: "one DHCP server serves many guests and you can reach the place where it runs.",
  limits:
    "Only for what that server sends through that interface; on BRIDGE only for what the host itself sends, not for frames that cross it. Not kept over a reboot unless it is configured there.",
  undo: "ethtool -K SERVER-INTERFACE tx on",
  check: `${NEXT_RENEWAL} So does one on SERVER-INTERFACE.`,
};

export const guestCsumOff: Remedy = {
  id: "guest-csum-off",
  title: "Take the guest out of checksum offload for good",
  command: "virsh edit GUEST",
  what: "Takes the guest out of checksum offload for good: put <driver><guest csum='off'/></driver> into its <interface>; with plain QEMU, guest_csum=off on the virtio-net device. An emulated card (<model type='e1000'/>) has the same effect, slowly; rtl8139, too, and counts collisions that never were.",
  appliesWhen: "the guest has virtio-net, its DHCP client cannot be updated, and it may be restarted.",
  limits:
    "Takes effect after the guest was powered off and started again, not after a reboot from within. Large receives (TSO, UFO towards the guest) are off as well. The switch csum='off' under <host> is for the other direction and does not help here.",
  undo: "Take the element out again and restart the guest.",
  check: `${NEXT_RENEWAL} So does each reply from the guest's start on.`,
};

export const vhostOff: Remedy = {
  id: "vhost-off",
  title: "Let QEMU complete the checksums",
  command: "virsh edit GUEST",
  what: "Put <driver name='qemu'/> into the guest's <interface>; with plain QEMU, vhost=off on the tap. Packets then pass through QEMU, which completes the checksum of untagged IPv4 packets from UDP port 67 because of this very fault.",
  appliesWhen: "the guest has virtio-net with vhost, and its frames carry no VLAN tag.",
  limits:
    "Takes effect after a power-off and start. Slower for all traffic of the guest. QEMU does not look behind a VLAN tag (measured: a tagged guest goes on losing its replies), and QEMU 9.2.0 completes them wrongly.",
  undo: "Take the element out again and restart the guest.",
  check:
    "The client's next renewal (T1) is answered once and not repeated. A capture on TAP shows partial checksums as before: they are completed behind it.",
};

export const newClient: Remedy = {
  id: "update-client",
  title: "Update the DHCP client in the guest",
  command: "dhclient --version; dhcpcd --version; busybox | head -n 1; networkctl --version | head -n 1",
  what: "Inside the guest: see which client it has, and update it. ISC dhclient from 4.3.2 (Linux), dhcpcd from 5.2.12, udhcpc from BusyBox 1.21, NetworkManager's and systemd-networkd's own clients take replies whose checksum the kernel still owes.",
  appliesWhen: "you own the guest's image, and its client is older than these or a BSD one.",
  limits:
    "Helps only where the kernel's mark is still on the packet when the client gets it; if it is lost on the way, no client takes the reply. ISC dhclient on BSD always checks.",
  undo: "Install the version from before.",
  check: NEXT_RENEWAL,
};

export const tcChecksum: Remedy = {
  id: "tc-checksum",
  title: "Recompute the checksums at the guest's port with tc",
  command:
    "tc qdisc add dev TAP clsact && tc filter add dev TAP egress protocol ip u32 match ip protocol 17 ff match ip dport 68 ffff action csum ip and udp",
  what: "Computes the UDP checksum of every reply anew on its way to this guest. TAP is the guest's port on the host.",
  appliesWhen:
    "the offload mark is lost on the way (the iptables rule counts packets, yet the guest still refuses them).",
  limits:
    "Needs the kernel module act_csum. By its source it is the only rule that mends frames whose mark is lost; it has not been measured by this project. A checksum of 0 and fragments are left alone. Gone when the tap is (guest restart).",
  undo: "tc qdisc del dev TAP clsact",
  check: `${NEXT_RENEWAL} The filter counts packets: tc -s filter show dev TAP egress.`,
};

export const rawServer: Remedy = {
  id: "raw-server",
  title: "Serve DHCP with a server that completes checksums itself",
  command: "grep -rn dhcp-socket-type /etc/kea",
  what: 'Kea builds its replies itself, checksum included, renewals too, as long as dhcp-socket-type is "raw", its default; the command shows another setting.',
  appliesWhen: "the guests are not yours to change, and the server is.",
  limits:
    "Another server is no cure by itself: ISC dhcpd sends only its first replies so and renewals through the kernel, dnsmasq everything. Kea with dhcp-socket-type udp is like them. The leases have to move along, or the new server refuses its clients once.",
  undo: "Go back to the server from before, with its lease file as it is then.",
  check: `${NEXT_RENEWAL} So does one on SERVER-INTERFACE.`,
};

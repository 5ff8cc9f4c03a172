import { HOST_REMEDIES } from "../../host/host-remedies.js";
import type { HostCode } from "../../host/judgement.js";
import type { Page } from "../page.js";
import * as source from "../sources.js";

/** What `leasetap doctor` says of the host and of each port. */
export const HOST: Readonly<Record<HostCode, Page>> = {
  "emulated-offload": {
    title: "the guest's card knows no checksum offload, and its tap leaves checksums to it",
    what: [
      "The kernel hands frames whose checksum is partial to a tap only if the program that reads the tap has said that it takes them (TUNSETOFFLOAD). QEMU says so for virtio, when the guest's driver asks for it, and for e1000e, igb and vmxnet3, where it completes the sums itself. For e1000, rtl8139, pcnet, ne2k_pci and their like it does not: such a card has no way to tell its driver, and every DHCP client behind it takes the sum for wrong.",
    ],
    recognised: [
      "The card's model, from the process that holds the tap or from libvirt, is one of those; ethtool -k shows tx-checksum-ip-generic on at the tap. ethtool cannot switch it on by itself: without the word of whoever holds the tap it says that it could not change any feature (measured).",
    ],
    example: null,
    mistaken: [
      "partial-seen on the bridge, which is the rule: the tap of such a card completes sums on the way to it.",
    ],
    todo: ["Switch it off, and see which program holds the tap, and whether it is QEMU at all."],
    remedies: HOST_REMEDIES["emulated-offload"],
    sources: [source.LINUX_TUN, source.QEMU_VIRTIO],
  },
  "no-vnet-header": {
    title: "the tap leaves checksums to its reader, and has no header to say which",
    what: [
      "Unfinished sums are marked in a header before each frame (IFF_VNET_HDR). A program that asks for offload (TUNSETOFFLOAD) without that header gets partial sums that nothing marks: no client can tell them from wrong ones.",
    ],
    recognised: ["tun_flags of the tap has no 0x4000, and ethtool -k shows tx-checksum-ip-generic on."],
    example: null,
    mistaken: ["exposed, where the mark is there and only old clients do not ask for it."],
    todo: ["Switch the offload of the tap off. The program that holds the tap has to be mended."],
    remedies: HOST_REMEDIES["no-vnet-header"],
    sources: [source.LINUX_TUN],
  },
  "zeroing-rule": {
    title: "an nftables rule sets UDP checksums to 0",
    what: [
      "The rule clears the field, but the kernel still owes the sum, and pays where the packet leaves through a device without offload: the tap of an emulated card, a physical card. What it then writes lacks the pseudo-header (no-pseudo-header), and the client drops the packet. Only behind virtio the 0 stays, which IPv4 allows.",
    ],
    recognised: ["nft list ruleset has `udp checksum set 0`, or the same by its place: `@th,48,16 set 0`."],
    example: null,
    mistaken: ["A cure: it looks like one as long as all guests have virtio."],
    todo: ["Take the rule out and have checksums completed instead. The program that wrote it may write it again."],
    remedies: HOST_REMEDIES["zeroing-rule"],
    sources: [source.LIBVIRT_NFT],
  },
  "dead-fill-rule": {
    title: "a CHECKSUM rule that no DHCP reply can meet",
    what: [
      {
        list: [
          "It names a port of a bridge (-o vnet3). A packet that leaves through a bridge has the bridge as its device, whatever port it takes.",
          "It is for ports of a bridge (-m physdev), and frames that cross a bridge do not meet iptables at all: bridge-nf-call-iptables is 0, or br_netfilter is not loaded.",
          "No DHCP server listens in this network namespace, so that no reply is sent from it, and what crosses the bridge passes the rule by. A server in a container or in a namespace of its own (OpenStack's qdhcp) needs the rule in there.",
        ],
      },
    ],
    recognised: ["By the rule's own words, by its counter, which is 0, and by who listens on UDP port 67."],
    example: null,
    mistaken: ["idle-fill-rule: a rule that could meet replies, and has met none yet."],
    todo: ["Put the rule where the replies are sent, without -o or with -o and the bridge."],
    remedies: HOST_REMEDIES["dead-fill-rule"],
    sources: [source.LINUX_XT_CHECKSUM],
  },
  "idle-fill-rule": {
    title: "a CHECKSUM rule that has met no packet yet",
    what: [
      "It completes what this host itself sends. Replies of other guests, of containers and of other hosts only cross the bridge, and meet it only with bridge-nf-call-iptables=1.",
    ],
    recognised: ["Its counter is 0."],
    example: null,
    mistaken: ["A remedy that works. Its counter has to move with the next reply."],
    todo: [
      "Wait for the next renewal (`leasetap doctor --watch MAC`), or have the server's side complete its checksums.",
    ],
    remedies: HOST_REMEDIES["idle-fill-rule"],
    sources: [source.LINUX_XT_CHECKSUM],
  },
  "conntrack-drops": {
    title: "this host's firewall drops frames between guests if their checksum is wrong",
    what: [
      "Frames that cross the bridge meet iptables and connection tracking (bridge-nf-call-iptables=1), which calls a packet with a wrong checksum INVALID (nf_conntrack_checksum=1), and a rule drops what is INVALID. Unfinished sums pass as long as they are marked as such.",
    ],
    recognised: [
      "By both switches and the rule. Whether it happens is seen by a reply that never arrives (not-delivered).",
    ],
    example: null,
    mistaken: ["A client that refuses the reply."],
    todo: ["Complete the checksum where it is sent; see conntrack."],
    remedies: HOST_REMEDIES["conntrack-drops"],
    sources: [source.LINUX_CONNTRACK],
  },
  "tx-off-by-hand": {
    title: "a tap's offload was switched off with ethtool, which does not last",
    what: [
      "The guest gets complete checksums now. When it reboots, or its driver starts anew, QEMU tells the kernel once more what the driver takes, and the offload is on again (measured: TUNSETOFFLOAD overwrites what ethtool asked for). When the machine is started anew, it gets another tap.",
    ],
    recognised: [
      "tx-checksum-ip-generic is off, and tx-tcp-segmentation is off but still asked for: it only fell with the checksum. Whoever holds the tap lets go of both at once.",
    ],
    example: null,
    mistaken: ["A guest whose driver is not loaded: then neither is asked for, and doctor says nothing."],
    todo: ["If the guest needs it, put something in place that lasts."],
    remedies: HOST_REMEDIES["tx-off-by-hand"],
    sources: [source.LINUX_TUN],
  },
  completed: {
    title: "a remedy is in place: replies to this guest are completed",
    what: [
      "A CHECKSUM rule that meets them, a tc filter with action csum on the bridge (libvirt has one since 10.10) or at the guest's port, or a bridge whose own offload is off. What is on the bridge completes only what this host itself sends.",
    ],
    recognised: ["By the rules and filters of the host, and by who listens on UDP port 67."],
    example: null,
    mistaken: ["Proof. That is the client's next renewal: `leasetap doctor --watch MAC`, and check."],
    todo: ["Nothing."],
    remedies: [],
    sources: [source.LINUX_XT_CHECKSUM, source.LINUX_ACT_CSUM],
  },
  exposed: {
    title: "a virtio guest is told which checksums are partial; old clients do not listen",
    what: [
      "That is the normal state. The guest's kernel knows the mark, and so do DHCP clients that ask for it. Harmed are those that read raw packets and do not:",
      {
        table: {
          head: ["client", "asks for the mark"],
          rows: [
            ["ISC dhclient on Linux", "from 4.3.2, 4.2.8 and 4.1-ESV-R11 on"],
            ["ISC dhclient on BSD", "never"],
            ["FreeBSD's dhclient", "never; since September 2025 it takes partial sums for what they are"],
            ["OpenBSD's dhcpleased", "no"],
            ["dhcpcd", "from 5.2.12 on"],
            ["udhcpc (BusyBox)", "from 1.21 on"],
            ["systemd-networkd, NetworkManager", "yes"],
            ["iPXE", "no"],
          ],
        },
      },
      "Without vhost QEMU itself completes replies from UDP port 67, if they carry no VLAN tag; with vhost the frames never pass through QEMU.",
    ],
    recognised: ["The card is virtio, or the port is Xen's, and tx-checksum-ip-generic is on at it."],
    example: null,
    mistaken: ["A fault: nearly every guest of every host is in this state, and well."],
    todo: ["Nothing, unless such a client is in the guest. Then one of these, what lasts longest first:"],
    remedies: HOST_REMEDIES.exposed,
    sources: [source.LINUX_PACKET, source.ISC_LPF, source.QEMU_VIRTIO, source.FREEBSD_263229],
  },
  "machine-unknown": {
    title: "nobody is seen to hold this tap",
    what: [
      "The machine is off, or its process may not be seen by this user, or from within this container. Then the model of its card is not known, and nothing is said of its checksums.",
    ],
    recognised: ["No process that can be seen has an open descriptor of it (/proc/PID/fdinfo, iff:)."],
    example: null,
    mistaken: ["A machine in another network namespace, which is listed beside."],
    todo: ["Look as root, on the host itself."],
    remedies: [],
    sources: [source.LINUX_TUN],
  },
};

import { longerLease } from "../../findings/remedies/lease-time.js";
import type { Page, Topic } from "../page.js";
import { DAMAGE_CODES } from "../damage-codes.js";
import * as source from "../sources.js";

/** What operators ask beside the codes of findings. */
export const TOPICS: Readonly<Record<Topic, Page>> = {
  "lease-time": {
    title: "which lease time outlives a silence of the server",
    what: [
      "A client asks for the first time at T1 and for the last time shortly before its lease ends. The worst silence begins just before T1. The address survives it if the silence ends while the client still asks:",
      {
        list: [
          "T1 + silence + 65 s <= lease",
          "with T1 = part x lease:  lease >= (silence + 65 s) / (1 - part)",
          "with T1 at half the lease:  lease >= 2 x (silence + 65 s)",
        ],
      },
      "65 s is the reserve for the client's own rhythm: no known client makes its last attempt earlier than that before its lease ends. RFC 2131 halves what is left down to 60 s (systemd-networkd), NetworkManager asks every 60 to 61 s, dhcpcd every 64 s with a second of chance, dhclient every 22 s at the latest; udhcpc gives up with less than 30 s to go. How often Windows asks at the end is not known to us.",
      "A longer lease cures the loss of addresses. It does not cure the silence, and guests that start in it wait all the same; it does nothing for a client that refuses every answer, except to let that happen later; and a T1 that the server sends as a fixed number (option 58) must grow with it.",
    ],
    recognised: [],
    example: {
      capture: "pcaps/s03-silent-server/bridge.pcap",
      says: "The silence from frame 15 to frame 37 lasted 28.385 s; lease 40 s, T1 at the half:",
      lines: ["11:07:05.264 - 11:06:36.879 = 28.385 s", "28.385 + 65 = 93.385", "2 * 93.385 = 186.77"],
      so: "The report says 4 min: 186.77 s in whole minutes.",
    },
    mistaken: [],
    todo: [],
    remedies: [longerLease({ silence: null, terms: null })],
    sources: [source.RFC_2131_TIMERS],
  },
  check: {
    title: "how to see that a remedy worked",
    what: [
      {
        list: [
          "Capture at the guest's own port, direction to the guest. On the bridge the sum may stay partial after a remedy that works.",
          "Have the client renew without giving up its address: `networkctl renew INTERFACE`, `dhcpcd -n`, udhcpc with the signal USR1, `ipconfig /renew`; or wait for T1.",
          "The ACK to that renewal is good in the capture, and the client does not ask again. That is the proof; a new lease (DISCOVER) is none, because it may come over another socket of the server.",
          "The counter of the rule moved: `iptables -t mangle -nvL POSTROUTING`, `tc -s filter show dev TAP egress`.",
          "The guest's own counter stands still: `nstat -az UdpInCsumErrors`.",
          "Reboot the guest and look once more: that is what a setting made with ethtool on its tap does not survive.",
        ],
      },
    ],
    recognised: [],
    example: {
      capture: "pcaps/q02-virtio-partial-drop/bridge.pcap",
      says: "`ethtool -K tap0 tx off` cured this guest. Frame 25 is the OFFER that it took. On the bridge it carries 1670, the sum of its pseudo-header (10.77.0.1 to 10.77.0.144, UDP length 308); at the tap (frame 25 of tap.pcap) bd0b, which is right:",
      lines: ["0a4d + 0001 + 0a4d + 0090 + 0011 + 0134 = 1670"],
      so: "Judged by the bridge the remedy would seem to have failed.",
    },
    mistaken: [],
    todo: [],
    remedies: [],
    sources: [source.LINUX_TUN],
  },
  names: {
    title: "the names in capitals within commands",
    what: [
      {
        table: {
          head: ["name", "is"],
          rows: [
            ["BRIDGE", "the bridge that the guests are on (virbr0, br0, vmbr0)"],
            [
              "TAP",
              "one guest's port on the host (vnet7, tap105i0, tap8f2a...); virsh domiflist GUEST shows it, as does bridge fdb show | grep MAC while the guest sends (on an Open vSwitch ovs-appctl fdb/show BRIDGE)",
            ],
            ["MAC", "the hardware address of the client, as in a report's heading"],
            ["SERVER", "the address of the DHCP server"],
            ["SERVER-INTERFACE", "the interface that the DHCP server sends from, where it runs"],
            ["INTERFACE", "what the text beside the command says"],
            ["GUEST", "the guest as libvirt names it: virsh list --all"],
            ["DISK", "a disk: of the guest (virsh domblklist GUEST: vda) or of the host (lsblk: sda)"],
            ["UNIT", "a unit of systemd: dnsmasq.service, backup.service; systemctl status lists them"],
            ["NETWORK", "a network as libvirt names it: virsh net-list --all"],
            ["ADDRESS, CLIENT-ADDRESS", "an IPv4 address; that of the client"],
            ["FROM, TO", "two moments, such as 2026-11-22 11:06:30"],
            ["CAPTURE", "a capture file"],
          ],
        },
      },
    ],
    recognised: [],
    example: null,
    mistaken: [],
    todo: [],
    remedies: [],
    sources: [],
  },
  confidence: {
    title: "certain, likely, possible: how sure a finding is",
    what: [
      {
        table: {
          head: ["confidence", "means"],
          rows: [
            [
              "certain",
              "a frame, or a contrast between frames, admits no other reading from this point; the report names it",
            ],
            ["likely", "all evidence points there, and the decisive frame is missing"],
            ["possible", "something else fits as well; it is named, with the capture that would settle it"],
          ],
        },
      },
      "The checksum alone never proves a loss: most clients accept what looks wrong on a bridge. Proof is what the client did next.",
      "What no rule can decide from one capture: what became of its last reply; a renewal that somebody forced early; a reply that was damaged beyond the capture point; a guest that was switched off against one that hangs, without other traffic; request-partial against unicast-blocked on one link.",
    ],
    recognised: [],
    example: null,
    mistaken: [],
    todo: [],
    remedies: [],
    sources: [],
  },
  collisions: {
    title: "netstat counts a collision for nearly every packet of a virtual Realtek card",
    what: [
      "`netstat -i` in a guest shows Coll close to Opkts for re0, with Oerrs 0. A virtual link cannot collide, and no packet was lost. It is an artefact of checksum offload, the same subject in another place: the guest's driver asks the emulated rtl8139 for checksums by setting bits 16 to 18 of the transmit descriptor (TCP, UDP, IP); QEMU writes the word back with those bits still set; and when the packet is done the same bits 16 to 19 are the collision count. So each packet sent with checksum offload is one \"collision\" to FreeBSD's re(4), and 6 to Linux' 8139cp, which adds up the number that it finds (UDP and IP: binary 0110).",
    ],
    recognised: [
      "The guest has an emulated rtl8139 (re0; virsh dumpxml GUEST says model type='rtl8139'); Oerrs is 0; Coll is a large part of Opkts. The collision counter of the tap on the host is 0. Packets without offload, such as ARP, are the difference between the two numbers.",
    ],
    example: {
      capture: "pcaps/q04-rtl8139/tap.pcap",
      says: "The guest of this recording ended with 30 collisions. It had sent five UDP packets through its kernel: the REQUESTs of frames 7, 11, 13, 17 and 21. The known case has 224253 packets and 223971 collisions:",
      lines: ["5 * 6 = 30", "224253 - 223971 = 282"],
      so: "All its DHCP was well: the report on this capture finds nothing.",
    },
    mistaken: [
      "A bad bridge, a duplex mismatch, an overloaded network. Changing the bridge (Open vSwitch was tried) changes nothing.",
    ],
    todo: [
      "Nothing has to be done. To be rid of the numbers: `ifconfig re0 -txcsum -rxcsum` in the guest (in rc.conf to keep it), or another card: virtio.",
      "Real collisions and errors look different: Oerrs grows, or the tap's counters do (`ip -s link show TAP`).",
    ],
    remedies: [],
    sources: [
      source.FREEBSD_RE,
      source.QEMU_RTL8139,
      source.LINUX_8139CP,
      source.STORY_COLLISIONS,
      source.STORY_REALTEK,
    ],
  },
  "card-messages": {
    title: "a guest's driver complains of chained buffers or invalid packet lengths",
    what: [
      '"dropping chained buffer" is printed by the BSD driver le(4) for the emulated pcnet card: a received frame filled more than one of its buffers, so it was longer than an Ethernet frame should be, and is dropped. "NIC memory corrupt - invalid packet length" is printed by ed(4) for the emulated ne2k_pci: the length in the card\'s ring buffer makes no sense, and the driver resets the card, which loses what was in it.',
      "Both are about emulated cards and frames that they cannot hold. Neither has to do with checksums, but a frame that is dropped there may be a DHCP reply (reply-ignored: sound at the tap, and ignored).",
    ],
    recognised: ["By the guest's log, and by the time of the message against the time of the lost reply."],
    example: null,
    mistaken: [
      "Checksum offload, since the same people with the same cards meet both; failing hardware: there is none.",
    ],
    todo: [
      "Give the guest virtio or e1000. Where the card has to stay, see whether frames longer than 1518 bytes reach its port: an MTU above 1500 on the bridge, or receive offload of the host's physical card (`ethtool -k INTERFACE`: large-receive-offload).",
      {
        table: {
          head: ["card (QEMU 7.2)", "replies of the host at the tap", "DHCP in the guest"],
          rows: [
            ["virtio-net", "partial checksums, with the mark", "depends on the client, see offload-partial"],
            [
              "e1000, rtl8139, pcnet, ne2k_pci",
              "complete checksums, since the tap has no offload",
              "well in our recordings",
            ],
          ],
        },
      },
    ],
    remedies: [],
    sources: [source.BSD_LE, source.BSD_ED, source.STORY_COLLISIONS],
  },
  conntrack: {
    title: "the host's firewall finds bad UDP checksums",
    what: [
      'nf_conntrack verifies checksums of what comes in (net.netfilter.nf_conntrack_checksum=1, the default) and calls a UDP packet with a wrong one INVALID; with net.netfilter.nf_conntrack_log_invalid it logs "nf_ct_proto_17: bad checksum" (older kernels: "nf_ct_udp: bad UDP checksum"). A rule that drops INVALID packets then drops the reply on its way. Packets that merely cross a bridge meet it only with br_netfilter.',
      "A partial checksum whose mark is there passes. One whose mark was lost does not.",
    ],
    recognised: [
      "By the kernel's log, and by not-delivered between the capture points before and behind the firewall.",
    ],
    example: null,
    mistaken: ["A client that refuses the reply."],
    todo: [
      "Complete the checksum where it is sent. To see whether this is the reason, for a test: `sysctl -w net.netfilter.nf_conntrack_checksum=0` (undo: the same with 1).",
    ],
    remedies: [],
    sources: [source.LINUX_CONNTRACK],
  },
  damage: {
    title: "an input could not be read whole",
    what: [
      "The report and the `input` record say at which byte and why. What could be read is reported all the same, and the exit code is 3. The codes, and what to do about each:",
      { table: { head: ["code", "what to do"], rows: Object.entries(DAMAGE_CODES) } },
      "docs/formats.md says what each of them means.",
    ],
    recognised: [],
    example: null,
    mistaken: [],
    todo: [],
    remedies: [],
    sources: [],
  },
};

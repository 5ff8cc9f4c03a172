import type { Cause } from "../../findings/cause.js";
import { remediesOf } from "../../findings/remedies.js";
import type { Page } from "../page.js";
import * as source from "../sources.js";

/** Replies that came and were ignored. */
export const IGNORED: Readonly<
  Record<
    Extract<
      Cause,
      "offload-partial" | "checksum-bad" | "checksum-rejected" | "reply-ignored" | "wrong-reply" | "not-delivered"
    >,
    Page
  >
> = {
  "offload-partial": {
    title: "replies came with a partial checksum, and the client threw them away",
    what: [
      'The UDP checksum of the replies is partial: begun and never finished. A Linux kernel that sends through a virtual interface leaves the sum to "hardware" (CHECKSUM_PARTIAL): it stores the sum of the pseudo-header and puts a mark on the packet that says where the rest belongs. On a virtual network no hardware ever comes.',
      "The receiver's kernel honours the mark. A DHCP client that reads raw packets sees only the bytes and finds them wrong, unless it asks for the mark (PACKET_AUXDATA, TP_STATUS_CSUMNOTREADY). If the mark is lost on the way (a copy through user space, a device that does not know it), everybody finds them wrong.",
      "Why a lease boots well and dies at its first renewal: ISC dhcpd sends OFFER and the first ACK over a raw socket with a complete sum, but the ACK to a renewing client through the kernel. dnsmasq always sends through the kernel, Kea by default never. So the server decides when it strikes, and the client whether.",
    ],
    recognised: [
      "Stored checksum = source + destination + 17 + UDP length, folded to 16 bits and not complemented; and the client ignored the reply. Certain needs the contrast: several such replies ignored, and the first reply with a complete sum taken.",
      "Neither the transaction number nor a byte of the message is in that sum: every reply of this length to this client carries the same value. That is a sign in itself.",
    ],
    example: {
      capture: "pcaps/s02-offload-ack/bridge.pcap",
      says: "Frame 10, an ACK from 10.8.12.1 to 10.8.12.150, UDP length 308 (hex 134), carries 0x2dec:",
      lines: ["0a08 + 0c01 + 0a08 + 0c96 + 0011 + 0134 = 2dec", "fc32 is the complete sum"],
      so: "Frame 72, the first reply with a complete sum, was taken at once.",
    },
    mistaken: [
      "A slow server (there is no DHCPACK in the client's log), a firewall, a corrupted network. And the other way round: on a host every reply may look like this and all is well; that is partial-seen.",
    ],
    todo: [
      "Complete the checksum where the reply is sent, or at the guest's port; or take the guest out of the offload. Which one depends on where the DHCP server runs:",
      {
        table: {
          head: ["DHCP server", "take"],
          rows: [
            ["server on this host (dnsmasq of libvirt, dhcpd)", "fill-checksums"],
            [
              "server in a network namespace of this host (qdhcp of OpenStack)",
              "fill-checksums, inside that namespace",
            ],
            ["server in another guest or container of this host", "tap-tx-off, or server-tx-off there"],
            [
              "server elsewhere, whose replies reach this host complete",
              "something on this host made them partial again: capture at each leg",
            ],
          ],
        },
      },
      "What is there already: libvirt gives its own networks a fill-checksums rule with its iptables backend. Its nftables backend, the default since 10.4.0, came without; later versions have tc recompute what leaves the network's bridge for port 68. Either way it is for replies of the host's own server, and a guest on a bridge of your own (<interface type='bridge'>) has neither. OpenStack fills in the server's namespace (qdhcp); Calico and LXD with nftables do not.",
      "Do not set the checksum to 0: see no-pseudo-header. Clients that refuse such replies: ISC dhclient before 4.3.2 and on BSD every version, dhcpcd before 5.2.12, udhcpc before 1.21, FreeBSD's dhclient before September 2025 (review D52394), OpenBSD's dhcpleased, iPXE. Newer ones refuse only what has lost its mark. From 4.3.6 on dhclient does so without a line in its usual log.",
    ],
    remedies: remediesOf("offload-partial"),
    sources: [
      source.RFC_768,
      source.LINUX_SKBUFF,
      source.LIBVIRT_TC,
      source.LINUX_PACKET,
      source.ISC_PACKET,
      source.ISC_LPF,
      source.ISC_DHCP,
      source.LINUX_XT_CHECKSUM,
      source.LINUX_TUN,
      source.STORY_2011,
      source.LXD_7262,
      source.HARVESTER_5160,
      source.FREEBSD_263229,
    ],
  },
  "checksum-bad": {
    title: "replies came with a wrong checksum, and the client rightly threw them away",
    what: [
      "The checksum of the replies is wrong, and not in the way that checksum offload leaves it. The client ignored them, as it must.",
    ],
    recognised: [
      "By the pattern of the wrong value:",
      {
        table: {
          head: ["pattern", "the stored value is", "where it comes from"],
          rows: [
            ["no-pseudo-header", "the right one short of the pseudo-header", "an nftables rule that sets the sum to 0"],
            ["header-only", "the sum of the headers without the data", "QEMU 9.2.0 without vhost"],
            ["bit-flip", "off by a power of two", "one bit changed on the way"],
            ["outer-of-partial", "right once the inner sum is complete", "a tunnel around a packet with a partial one"],
            [
              "none of these",
              "anything else",
              "bytes changed after the sum was made: address translation, a damaged copy",
            ],
          ],
        },
      },
    ],
    example: {
      capture: "pcaps/s06-garbage/client.pcap",
      says: "Frame 14, an ACK, carries 0x02ea where 0xc2e9 is right:",
      lines: ["c2e9 + 4000 = 02ea"],
      so: "0x4000 is one bit of one 16-bit word: bit-flip. All five ignored replies differ by it; the first one without it was taken.",
    },
    mistaken: [
      'Offload: the client\'s log line is the same ("bad udp checksums"), and Wireshark\'s words "maybe caused by UDP checksum offload" stand beside any wrong sum. Only the arithmetic tells.',
    ],
    todo: ["Remove the rule, replace QEMU, or find the place where the bytes change by capturing at two points."],
    remedies: remediesOf("checksum-bad"),
    sources: [source.RFC_768, source.RFC_1071, source.RFC_1624, source.QEMU_2727, source.LIBVIRT_NFT],
  },
  "checksum-rejected": {
    title: "a client's log says that it threw replies away for their checksum",
    what: [
      "The client says so itself, and there are no packets to look at. The replies had reached it: the server is neither dead nor slow, and nothing was lost on the way. Nearly always the reason is checksum offload (offload-partial); damage (checksum-bad) writes the same line.",
      "The line of ISC's dhclient, dhcpd and dhcrelay (and of FreeBSD's dhclient) counts: \"N bad udp checksums in M packets\" means that N of the last M packets that this process looked at were dropped.",
    ],
    recognised: [
      'The line is printed when a bad packet comes, at least five were seen, and more than half of them were bad; then both counters begin at 0 again. So a client to which every reply is bad prints "5 bad udp checksums in 5 packets", one line for each five. The sum of the first numbers is the number of replies that arrived and were dropped; up to four more are not told.',
      'No such line proves nothing: from ISC DHCP 4.3.6 on it is printed at level debug only, and other clients are silent or say it otherwise (dhcpcd: "checksum failure from ADDRESS"; udhcpc -v: "packet with bad UDP checksum, ignoring"; dhcpleased: "bad UDP checksum"; systemd-networkd at debug: "ignoring packet: invalid UDP checksum").',
    ],
    example: null,
    mistaken: [
      "A host that is too busy. In the log from which this story is known, two such lines stand 69 s apart with five DHCPREQUESTs between them: five asked, five answered, five thrown away.",
    ],
    todo: [
      "Capture at the guest's port: that tells offload-partial from checksum-bad. If the DHCP server runs on the same host, the rule of fill-checksums is worth a try before that.",
    ],
    remedies: remediesOf("checksum-rejected"),
    sources: [source.ISC_PACKET, source.ISC_LPF, source.STORY_2011, source.LXD_7262],
  },
  "reply-ignored": {
    title: "a sound and timely reply was ignored, or lost beyond this capture point",
    what: [
      "The server answered in time, nothing is wrong with the reply at this capture point, and the client went on as if it had not come. It was lost beyond this point, or damaged there, or the client had a reason to refuse it.",
    ],
    recognised: [
      "By what the client did next: the same request again, a request long before the T1 that the reply would have given it, a broadcast long before its T2, a DISCOVER at the end of the old lease. Two or more sound replies ignored make it certain that the checksum at this point is not the reason. Where sound and partial replies were ignored alike, this code is given and offload-partial named as the alternative.",
    ],
    example: {
      capture: "pcaps/s11-two-points/bridge.pcap",
      says: "Frame 29, an OFFER, is complete: pseudo-header and the rest sum up to the complement of what it carries, 0x657e. The client sends the same DISCOVER again:",
      lines: ["2dba + 6cc7 = 9a81", "9a81 + 657e = ffff", "11:02:25.503 - 11:02:21.593 = 3.910 s"],
      so: "At the guest's own port (tap.pcap) the OFFER never appears: a filter in between dropped it.",
    },
    mistaken: ["A server that does not answer; and offload, as long as the only replies in view are partial ones."],
    todo: ["Capture one leg further on: at the guest's own port, direction to the guest, then inside the guest."],
    remedies: remediesOf("reply-ignored"),
    sources: [source.RFC_2131_TIMERS, source.RFC_2131_CLIENT],
  },
  "wrong-reply": {
    title: "what came back is for somebody else, or lacks what must be there",
    what: [
      "Another transaction number, another hardware address, another server than the one chosen, no server identifier, no lease time, no address, no message type. No client may take such a reply.",
    ],
    recognised: ["By the fields; the report names the field and both values."],
    example: null,
    mistaken: ["A server that does not answer, in a client's log; and a client that is broken, in the server's."],
    todo: ["Find the sender by the Ethernet source address of the frame: usually a relay or a second server."],
    remedies: remediesOf("wrong-reply"),
    sources: [source.RFC_2131_CLIENT, source.RFC_2131_MESSAGES],
  },
  "not-delivered": {
    title: "seen at one capture point, missing at a later one",
    what: [
      "A message was seen at one point of its way and not at a later one, although the later one was watching and passes others like it. Needs captures of the same time at two points.",
    ],
    recognised: [
      "By what the later point shows of the same client in the same direction at other times. The report says which leg and which direction.",
    ],
    example: {
      capture: "pcaps/s11-two-points/bridge.pcap",
      says: "From UDP port 67 the bridge shows 10 replies to the guest, tap.pcap of the same time 4:",
      lines: ["10 - 4 = 6"],
      so: "Four ACKs and two OFFERs were lost between bridge and tap; the requests that asked for them are in both files.",
    },
    mistaken: [
      "A client that ignores replies (from the bridge alone), or a server that is silent (from the tap alone). Without the second capture neither can be ruled out.",
    ],
    todo: ["Look for what drops it between the two: packet filters of the bridge, port security, an isolated port."],
    remedies: remediesOf("not-delivered"),
    sources: [],
  },
};

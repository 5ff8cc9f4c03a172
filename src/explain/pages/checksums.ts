import type { Pattern, Verdict } from "../../checksum/checksum.js";
import { remediesOf } from "../../findings/remedies.js";
import type { Page } from "../page.js";
import * as source from "../sources.js";

/** What a UDP checksum says by itself. Only the client's next step says whether it did harm. */

const HARMLESS_ALONE =
  "A verdict is about the bytes at this capture point. Whether the receiver took the message, only what it did next tells.";

export const VERDICTS: Readonly<Record<Verdict, Page>> = {
  good: {
    title: "the stored UDP checksum is right",
    what: [
      "Pseudo-header, UDP header and data, with the stored value, add up to ffff. Tried before partial: a right sum may happen to equal the pseudo-header's, once in 65 536 frames.",
    ],
    recognised: ["By the sum."],
    example: {
      capture: "pcaps/s01-healthy/bridge.pcap",
      says: "Frame 4, an ACK: its pseudo-header sums up to 2dba, its UDP header and data without the checksum to 57ed, and it carries 7a58:",
      lines: ["2dba + 57ed = 85a7", "85a7 + 7a58 = ffff"],
      so: "Carries out of 16 bits are added back in (one's complement).",
    },
    mistaken: [],
    todo: ["Nothing."],
    remedies: [],
    sources: [source.RFC_768, source.RFC_1071],
  },
  absent: {
    title: "the UDP checksum is 0: there is none",
    what: [
      "In IPv4 a sender may leave it out, and every receiver has to take that. In IPv6 such a datagram must be thrown away.",
    ],
    recognised: ["The field is 0. A sum that comes out as 0 is sent as ffff, so the two cannot be confused."],
    example: {
      capture: "pcaps/s08-zero-checksum/client.pcap",
      says: "Frame 4, an ACK, carries 0000; ccbc would be right:",
      lines: ["2dba + 0589 = 3343", "3343 + ccbc = ffff"],
      so: "The client took it, as it did all others.",
    },
    mistaken: ["A wrong checksum."],
    todo: [
      "Nothing in IPv4. If a rule sets it to 0 on purpose: see no-pseudo-header for what becomes of that elsewhere.",
    ],
    remedies: [],
    sources: [source.RFC_768, source.RFC_8200],
  },
  partial: {
    title: "the UDP checksum holds the sum of the pseudo-header alone: unfinished",
    what: [
      "What Linux (CHECKSUM_PARTIAL), virtio-net and veth leave in the field when they expect somebody else to complete it. At most capture points on a host that is normal.",
      HARMLESS_ALONE,
      "`tcpdump -vv` prints it as [bad udp cksum 0x2dec -> 0xfc32!]; Wireshark from 4.2 on as partial, before that as incorrect. From such a line alone it can be told: add the address halves, 17 and the UDP length.",
    ],
    recognised: ["Stored = source + destination + 17 + UDP length, folded, not complemented."],
    example: {
      capture: "pcaps/s01-healthy/bridge.pcap",
      says: "Frame 12, an ACK from 10.8.12.1 to 10.8.12.100, UDP length 308 (hex 134), carries 0x2dba:",
      lines: ["0a08 + 0c01 + 0a08 + 0c64 + 0011 + 0134 = 2dba"],
      so: "Taken by the client: see partial-seen. The same in another recording cost a client its address: see offload-partial.",
    },
    mistaken: ["Damage. A random wrong value fits once in 65 535."],
    todo: ["Nothing, unless a client refuses it."],
    remedies: [],
    sources: [source.LINUX_SKBUFF, source.RFC_768],
  },
  bad: {
    title: "the UDP checksum is wrong, and not in the way of offload",
    what: [
      "Neither 0 nor right nor the pseudo-header's sum. Every receiver throws such a datagram away.",
      HARMLESS_ALONE,
    ],
    recognised: [
      "By exclusion; the pattern says more where the bytes do: no-pseudo-header, header-only, bit-flip, outer-of-partial.",
    ],
    example: {
      capture: "pcaps/s06-garbage/client.pcap",
      says: "Frame 14, an ACK, carries 02ea. Its pseudo-header sums up to 2dba, the rest to 0f5c, so c2e9 is right:",
      lines: ["2dba + 0f5c = 3d16", "3d16 + c2e9 = ffff"],
      so: "Ignored by the client: see checksum-bad.",
    },
    mistaken: ['partial, where only "bad" or "incorrect" is printed.'],
    todo: ["See checksum-bad."],
    remedies: [],
    sources: [source.RFC_768],
  },
  unverified: {
    title: "the UDP checksum cannot be known from this frame",
    what: [
      "The frame was cut by the capture (a short snapshot length), or a fragment of the datagram is missing. It is never called bad.",
    ],
    recognised: [
      "The UDP datagram goes on beyond the bytes that were captured. A stored 0 is absent all the same; a stored pseudo-header sum looks-partial.",
    ],
    example: {
      capture: "pcaps/x03-formats/s02-snap200.pcap",
      says: "Frame 10 was captured with 200 bytes; its UDP header is at byte 34 and the UDP length is 308:",
      lines: ["34 + 308 = 342", "342 - 200 = 142"],
      so: "142 bytes are missing from the sum.",
    },
    mistaken: ["A wrong checksum."],
    todo: ["Capture whole frames: tcpdump -s 0."],
    remedies: [],
    sources: [],
  },
};

export const PATTERNS: Readonly<Record<Pattern, Page>> = {
  "no-pseudo-header": {
    title: "the wrong checksum is the right one without the pseudo-header",
    what: [
      'The mark of an nftables rule `udp checksum set 0`. It looks like a way out, because 0 means "none" in IPv4, and nftables has nothing that fills a checksum. But the rule clears only the field: the packet still bears the mark that says that the kernel owes its sum. Whoever pays later, for a card without offload (e1000, rtl8139, guest_csum=off) or a physical one, adds up header and data on top of a field that should have held the pseudo-header\'s sum and now holds 0.',
      "On a virtio guest with offload the field stays 0 and the guest's client is content; so the rule seems to work until another kind of guest comes. libvirt merged such a rule in October 2024 and took it back before the release.",
    ],
    recognised: ["Stored = right + pseudo-header, in one's complement arithmetic."],
    example: {
      capture: "pcaps/s02-offload-ack/bridge.pcap",
      says: "Had such a rule stood in the way of frame 10 (pseudo-header 2dec, right sum fc32), it would carry 2a1f:",
      lines: ["fc32 + 2dec = 2a1f"],
      so: "No recording of this kind comes with the source; test/lab makes such a frame on a bridge, and finds this sum in it.",
    },
    mistaken: ["Damage on the way."],
    todo: ["Find and remove the rule; complete the checksum instead."],
    remedies: remediesOf("checksum-bad").filter(({ id }) => id === "remove-zeroing" || id === "fill-checksums"),
    sources: [source.LIBVIRT_NFT, source.LINUX_SKBUFF],
  },
  "header-only": {
    title: "the wrong checksum covers the headers and none of the data",
    what: [
      "What QEMU 9.2.0 makes of untagged IPv4 packets from UDP port 67 to a virtio-net guest without vhost: its completion of DHCP replies worked on a copy of the first 42 bytes. By its source the code may also give up before it writes, since the message is longer than the copy; then the guest finds the partial sum, without the mark, and refuses that.",
    ],
    recognised: [
      "Stored = complement of pseudo-header + ports + UDP length. Like a partial sum it does not depend on the message.",
    ],
    example: {
      capture: "pcaps/s02-offload-ack/bridge.pcap",
      says: "Frame 10 (pseudo-header 2dec, ports 67 and 68, UDP length hex 134) would come to the guest with d058, where the sum was written:",
      lines: ["2dec + 0043 + 0044 + 0134 = 2fa7", "2fa7 + d058 = ffff"],
      so: "No recording with that QEMU comes with the source; the arithmetic is that of its code.",
    },
    mistaken: ["offload-partial: the client's log line is the same."],
    todo: ["Replace QEMU 9.2.0; until then vhost avoids its code."],
    remedies: remediesOf("checksum-bad").filter(({ id }) => id === "update-qemu"),
    sources: [source.QEMU_2727, source.QEMU_VIRTIO],
  },
  "bit-flip": {
    title: "the wrong checksum is off by one bit of one word",
    what: [
      "One bit was changed after the checksum was made: bad memory, a cable, a card, a driver. Checksum offload does not do that.",
    ],
    recognised: [
      "Stored and right value differ by a power of two in one's complement arithmetic. Which word it was cannot be told, nor whether it was the checksum itself. A random wrong value fits once in 2048, so several alike are needed to be sure.",
    ],
    example: {
      capture: "pcaps/s06-garbage/client.pcap",
      says: "Frame 24, an OFFER, carries 7f00 where 3f00 is right:",
      lines: ["3f00 + 4000 = 7f00"],
      so: "4000 is bit 14. Frames 14, 16, 20, 24 and 26 all differ by it.",
    },
    mistaken: ["offload-partial, from the client's log."],
    todo: [
      "Capture at two or more points and give all files to leasetap: the leg where the sum turns bad is the one to repair.",
    ],
    remedies: remediesOf("checksum-bad").filter(({ id }) => id === "find-damage"),
    sources: [source.RFC_1071],
  },
  "outer-of-partial": {
    title: "the outer checksum of a tunnel is right once the inner one is completed",
    what: [
      "A tunnel (VXLAN) around a packet whose own checksum is partial. The outer sum was computed as if the inner one were complete already; the card that sends it would have completed both.",
    ],
    recognised: ["Putting the complete inner sum in makes the outer one right."],
    example: null,
    mistaken: ["Damage in the tunnel."],
    todo: [
      "Nothing, at the sender. Where it arrives like this, the card did not do what was asked of it: switch the offload off on the tunnel's interface (`ethtool -K INTERFACE tx-checksum-ip-generic off`).",
    ],
    remedies: [],
    sources: [source.LINUX_SKBUFF],
  },
  "looks-partial": {
    title: "the frame was cut, and its stored checksum equals the pseudo-header's sum",
    what: [
      "The checksum cannot be verified (unverified), but what is stored is exactly what offload leaves. As evidence it is worth likely at most.",
    ],
    recognised: ["As partial, on a frame that was not captured whole."],
    example: {
      capture: "pcaps/x03-formats/s02-snap200.pcap",
      says: "Frame 10, of which 200 of 342 bytes were captured, carries 0x2dec:",
      lines: ["0a08 + 0c01 + 0a08 + 0c96 + 0011 + 0134 = 2dec"],
      so: "The same frame, whole, is frame 10 of pcaps/s02-offload-ack/bridge.pcap: partial.",
    },
    mistaken: ["partial, which is certain."],
    todo: ["Capture whole frames."],
    remedies: [],
    sources: [],
  },
};

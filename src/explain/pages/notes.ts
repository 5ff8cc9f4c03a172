import type { NoteCode } from "../../findings/finding.js";
import { remediesOf } from "../../findings/remedies.js";
import type { Page } from "../page.js";
import * as source from "../sources.js";

/** What is worth knowing beside lost renewals. */
export const NOTES: Readonly<Record<NoteCode, Page>> = {
  "partial-seen": {
    title: "replies show partial checksums, and clients took them",
    what: [
      "On a bridge that is the rule for a server on the same host: the sum is completed further on, or the receiver knows that it need not look. It matters the day a guest with an old or BSD client joins.",
    ],
    recognised: [
      "The stored checksum is the sum of the pseudo-header (partial), and the client went on as one that has its lease.",
    ],
    example: {
      capture: "pcaps/s01-healthy/bridge.pcap",
      says: "Frame 12, an ACK from 10.8.12.1 to 10.8.12.100, UDP length 308, carries 0x2dba:",
      lines: ["0a08 + 0c01 + 0a08 + 0c64 + 0011 + 0134 = 2dba"],
      so: "The client's next request comes at the T1 of this very ACK (frame 17): it was taken.",
    },
    mistaken: ["A fault. `tcpdump -vv` writes [bad udp cksum] and Wireshark marks such frames, on well hosts all day."],
    todo: ["Nothing."],
    remedies: remediesOf("partial-seen"),
    sources: [source.LINUX_SKBUFF, source.LINUX_PACKET],
  },
  blind: {
    title: "this capture point cannot see the replies to some clients",
    what: [
      "Clients went on without a visible answer, so they get their replies past this point. Nothing is said about them.",
    ],
    recognised: ["A REQUEST that names a server and an address must have followed an OFFER; none is in view."],
    example: null,
    mistaken: ["A dead server."],
    todo: ["Capture on the bridge, or at the guest's own port."],
    remedies: remediesOf("blind"),
    sources: [source.RFC_2131_CLIENT],
  },
  "clock-offset": {
    title: "the clocks of two captures differ",
    what: [
      "Captures of two machines, or of a guest and its host, have stamps of two clocks. By the messages that both show, the difference is known, and all times are told by one of them: latencies across the points are true, and a message seen at both is one.",
    ],
    recognised: [
      "The same datagram (addresses, IP id, payload) in both files. Messages that may have been sent twice count only where several agree and most do. Requests and replies together tell the time on the way from the difference of the clocks.",
    ],
    example: null,
    mistaken: ["A slow network: then requests and replies differ, one way and the other."],
    todo: ["Nothing. Frames keep the stamps of their file, so that Wireshark shows them as records name them."],
    remedies: remediesOf("clock-offset"),
    sources: [source.RFC_768],
  },
  "filled-on-the-way": {
    title: "partial checksums were completed between two capture points",
    what: [
      "A message left one point with a partial checksum and reached the next one complete: the card, the kernel or a rule in between finished it, as it should be.",
    ],
    recognised: ["Two sightings of one message, the first partial, the next one good."],
    example: null,
    mistaken: ["A capture that was repaired afterwards: tcprewrite and Wireshark's editor complete sums as well."],
    todo: ["Nothing. Guests behind the second point get sums that any client takes."],
    remedies: remediesOf("filled-on-the-way"),
    sources: [source.LINUX_SKBUFF],
  },
  "two-servers": {
    title: "more than one server makes offers",
    what: [
      "Fine for a failover pair or for servers with separate pools. Otherwise one refuses (nak) what the other gave.",
    ],
    recognised: ["OFFERs to one DISCOVER with different server identifiers (option 54)."],
    example: null,
    mistaken: ["A relay that forwards one answer twice: then the identifiers are equal."],
    todo: ["Find out which of them belongs there."],
    remedies: remediesOf("two-servers"),
    sources: [source.RFC_2131_CLIENT],
  },
  "duplicate-address": {
    title: "a client declined its new address because somebody else has it",
    what: [
      "Before it uses a new address a client asks by ARP whether anybody has it. Here somebody answered: a machine configured by hand, a client of another server, or one that kept an address beyond its lease.",
    ],
    recognised: ["By the DECLINE."],
    example: null,
    mistaken: ["A client that cannot be satisfied: it declines address after address until the pool is used up."],
    todo: ["Find the other machine."],
    remedies: remediesOf("duplicate-address"),
    sources: [source.RFC_2131_CLIENT, source.RFC_5227],
  },
  "odd-timers": {
    title: "T1, T2 and lease time are not in rising order",
    what: [
      "The server sends options 58 and 59 that do not fit option 51. Clients replace them by half and seven eighths of the lease, or refuse the lease.",
    ],
    recognised: ["By the values in an ACK that was taken; the report prints them."],
    example: null,
    mistaken: [],
    todo: ["Correct the server's configuration."],
    remedies: remediesOf("odd-timers"),
    sources: [source.RFC_2131_TIMERS],
  },
  malformed: {
    title: "frames on the DHCP ports that could not be decoded to their end",
    what: [
      "Something sent them that way, or they were damaged, or another protocol uses the port. What could be read was used.",
    ],
    recognised: [
      "The report says at which layer and byte reading stopped, how much was needed and how much was there.",
    ],
    example: null,
    mistaken: ["Frames that were cut by the capture itself: those are unverified, not malformed."],
    todo: ["Look at the frames and at the log of their sender."],
    remedies: remediesOf("malformed"),
    sources: [source.RFC_2131_MESSAGES],
  },
  "fragment-overlap": {
    title: "messages whose IPv4 fragments overlap each other",
    what: [
      "Several fragments claim the same bytes of a message. Who puts them together decides what it says: here what came first is kept; Linux does the same with a fragment that lies within others, and drops the whole message if one overlaps only in part; RFC 791 takes what came last. A client may have read another message than the one that is told.",
    ],
    recognised: [
      "Fragments of one message (addresses, protocol, IP id) of the same capture point that overlap in part, or say different things of the same bytes. In the records of --frames it is `reassembled`, `overlapped`.",
    ],
    example: null,
    mistaken: [
      "Fragments that were sent twice and are alike: they are no contradiction, and not told.",
      "A sender whose IP ids repeat so fast that fragments of two messages meet: the ids in the capture show it.",
    ],
    todo: ["Find the sender. No sound one makes such fragments; attacks on packet filters do (RFC 1858)."],
    remedies: remediesOf("fragment-overlap"),
    sources: [source.RFC_791, source.RFC_1858, source.LINUX_FRAGMENT],
  },
  flood: {
    title: "more clients than can be followed",
    what: [
      "More clients ask, and are answered by nobody, than can be followed: a loop in the network, or somebody who invents clients to use up all addresses. Those that were heard once make room first, so that what is told of others stays true.",
    ],
    recognised: ["By the number of clients that were heard and got no answer."],
    example: null,
    mistaken: ["Many guests that start at the same moment: the server answers those."],
    todo: ["Find the sender by its Ethernet address."],
    remedies: remediesOf("flood"),
    sources: [],
  },
  "clock-step": {
    title: "the clock of the capture was set",
    what: [
      "Stamps must rise from frame to frame. Where they fall, the clock of the host was set back, a virtual machine was resumed, captures were joined, or records are broken. Where they jump forward and clients do not notice, the clock was set, or host and capture stood still. How much time really passed is not known: no timer is believed across it, and leases go on with their next renewal.",
    ],
    recognised: [
      "By stamps that fall; by stamps that jump forward by more than a year; or by clients that ask, after a stretch without any frame, to keep addresses whose leases ran out long before by the stamps, and not by their own clocks.",
    ],
    example: null,
    mistaken: ["A mass of lost leases: at a jump forward all of them seem to run out at once."],
    todo: ["See why the clock was set, and let it be slewed while a capture runs."],
    remedies: remediesOf("clock-step"),
    sources: [source.RFC_2131_TIMERS],
  },
  gap: {
    title: "an interface was not watched for a while",
    what: [
      "The capture says that nobody watched an interface for some time: its guest was shut down, the interface was gone or down, the capturing program had ended, there were more frames than it could read, or the disk of a recording was full. What happened there meanwhile is not known.",
    ],
    recognised: [
      "By what the capture says of itself: interface statistics (isb_starttime, isb_endtime) of pcapng, and comments in them that give the reason; between two files, where both say it of the same interface. Where bytes of a capture could not be read, by the last frame before them and the first behind them.",
    ],
    example: null,
    mistaken: [
      "A server or a client that fell silent: nothing is concluded from silence in a gap. A lease that may have been renewed in it has unknown timers until its client renews it again.",
    ],
    todo: ["Nothing, if the port is that of a guest that was shut down or started."],
    remedies: remediesOf("gap"),
    sources: [],
  },
  drops: {
    title: "the capture lost frames",
    what: [
      "The capturing host got more frames than it could hand on, and counted what it lost. A request or an answer that is missing at that time may be among them, so that what is concluded from silence is likely at most.",
    ],
    recognised: ["By the counts in interface statistics of pcapng: isb_ifdrop and isb_osdrop."],
    example: null,
    mistaken: ["A server that does not answer, at the very time at which the capture was overrun."],
    todo: ["Capture less, or give the capture more room."],
    remedies: remediesOf("drops"),
    sources: [],
  },
  limit: {
    title: "more clients, leases and exchanges than are kept in detail",
    what: [
      "So that no capture can fill the memory, what is kept is limited. What was let go first is what nobody misses: clients that never got an answer, and what went well.",
    ],
    recognised: ["The report says how many were let go, and up to when."],
    example: null,
    mistaken: [],
    todo: ["Read the capture in parts, if their detail is needed."],
    remedies: remediesOf("limit"),
    sources: [],
  },
};

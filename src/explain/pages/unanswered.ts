import type { Cause } from "../../findings/cause.js";
import { remediesOf } from "../../findings/remedies.js";
import type { Page } from "../page.js";
import * as source from "../sources.js";

/** Requests without an answer, with a late one, or with a refusal; and requests that never came. */
export const UNANSWERED: Readonly<
  Record<
    Extract<
      Cause,
      | "no-reply"
      | "late-reply"
      | "request-partial"
      | "request-bad"
      | "unicast-blocked"
      | "port-unreachable"
      | "nak"
      | "no-request"
    >,
    Page
  >
> = {
  "no-reply": {
    title: "no answer came to a sound request",
    what: [
      "Nothing is wrong with the request at this point, and no answer to it is in view. The server was dead, stuck or frozen with its host; or the request did not reach it; or it had no record of this lease and kept silent, as RFC 2131 section 4.3.2 asks of a server that shares a network with others.",
    ],
    recognised: [
      "Nothing for this client, at a point where replies are otherwise seen. The report says whether the server answered others at that time (then only this client was left out) or was silent to everybody, from when to when. With a single client in view the two cannot be told apart, and the report says so.",
      "Certain only where unicasts of several clients pass, as on a bridge or at the server's port, and several requests had no answer: what the server sends to anybody comes by there. At the port of one guest, or where one client is all that is seen, an answer may have been sent and dropped on the way; then it is likely, and the alternative is not-delivered. A capture on the bridge or on the server's own interface settles it.",
      "Where the server answers the same client's DISCOVER at once, and others meanwhile, the report says that it lost its leases: it takes this client's requests and knows nothing of the one that it was asked to renew.",
    ],
    example: {
      capture: "pcaps/s09-capture-late-silent/bridge.pcap",
      says: "Frames 9, 12, 13 and 16 are REQUESTs to 10.8.12.1, frame 19 one to everybody, frame 22 a DISCOVER. No frame of the file comes from UDP port 67. From the first to the DISCOVER:",
      lines: ["11:02:26.218 - 11:02:06.472 = 19.746 s"],
      so: "The server was silent, and the lease ran out before frame 22. How long it was no frame in view tells.",
    },
    mistaken: [
      "late-reply, if the capture ends before the answers come. unicast-blocked, if only the REQUESTs to the server's own address fail. And offload: a client that drops every answer logs the same requests, but then the answers are in the capture.",
    ],
    todo: [
      "Nobody gets an answer: see to the server, then to its host. Only this client: capture at the server, and read its log for unknown lease, lease not found or wrong network.",
    ],
    remedies: remediesOf("no-reply"),
    sources: [source.RFC_2131_SERVER, source.RFC_2131_TIMERS, source.DNSMASQ, source.KEA, source.LINUX_CGROUP],
  },
  "late-reply": {
    title: "the answer came after the client had given up on that attempt",
    what: [
      "The server, or the way to it, stood still and then caught up. The client had gone on to another transaction by then, and must ignore an answer to the old one.",
    ],
    recognised: [
      "By the time: the report gives the latency and what is usual for this server. Answers to many requests in one millisecond are the sign of a server that stood still: they had waited in its socket.",
    ],
    example: {
      capture: "pcaps/s03-silent-server/bridge.pcap",
      says: "Frame 37 is the ACK to the REQUEST in frame 15, frame 49 the ACK to the REQUEST in frame 33. All ACKs from 37 to 49 came within one millisecond:",
      lines: ["11:07:05.264 - 11:06:36.879 = 28.385 s", "11:07:05.265 - 11:06:57.069 = 8.196 s"],
      so: "Frame 34, between them, is a DISCOVER: the lease of 40 s had run out.",
    },
    mistaken: [
      "A checksum fault: late replies often show partial checksums as well, and that is not why they were ignored.",
    ],
    todo: [
      "Find what kept the server's host busy at that time (disk, memory, a backup), bound it, give the server its own share, or give leases that outlive the silence: see lease-time.",
    ],
    remedies: remediesOf("late-reply"),
    sources: [source.RFC_2131_CLIENT, source.RFC_2131_TIMERS, source.LINUX_CGROUP],
  },
  "request-partial": {
    title: "the client's own request carries a partial checksum and got no answer",
    what: [
      "A renewing client sends through its kernel, which leaves the checksum to the network card of the guest, that is to the host. Nearly every server takes such a request: its kernel knows the mark. A server that reads raw packets without asking for the mark (dhcpd before 4.3.2, or on BSD) drops it, and only the renewals, since DISCOVER comes complete from a raw socket.",
    ],
    recognised: [
      "A request with a complete checksum was answered, and those with a partial one were not, although the server was alive. From one point this is never more than possible: a filter for unicast packets looks the same. If any partial request to that server was answered in the capture, this is not the reason.",
    ],
    example: {
      capture: "pcaps/s02-offload-ack/bridge.pcap",
      says: "A partial request alone is no fault. Frame 9, a REQUEST from 10.8.12.150 to 10.8.12.1, carries 0x2dec, the sum of its pseudo-header, and frame 10 answers it:",
      lines: ["0a08 + 0c96 + 0a08 + 0c01 + 0011 + 0134 = 2dec", "11:02:04.144 - 11:02:04.139 = 0.005 s"],
      so: "The server (dnsmasq) receives through its kernel and never saw the checksum.",
    },
    mistaken: ["unicast-blocked: both spare the broadcast after T2."],
    todo: [
      "Capture at the server's interface. If the requests arrive there and stay unanswered, have the guest complete its checksums, or replace the server.",
    ],
    remedies: remediesOf("request-partial"),
    sources: [source.ISC_LPF, source.LINUX_SKBUFF, source.BSD_SERVER],
  },
  "request-bad": {
    title: "the client's own request carries a wrong checksum and got no answer",
    what: [
      "The request was damaged, or its checksum computed wrongly, before it came to this point. A server, or its kernel, drops it without a word.",
    ],
    recognised: ["A sound request of the same client was answered, and those with a wrong checksum were not."],
    example: null,
    mistaken: ["A dead server. The pattern of the wrong value tells more: see checksum-bad."],
    todo: [
      "Find the place where the bytes change; have the guest complete its own checksums, to see whether its card or driver is at fault.",
    ],
    remedies: remediesOf("request-bad"),
    sources: [source.RFC_768, source.RFC_1624],
  },
  "unicast-blocked": {
    title: "renewals sent directly to the server are never answered, broadcasts are",
    what: [
      "From T1 on a client asks its server directly, from T2 on everybody. Here the first never works and the second does. The lease survives on its last reserve: if the broadcast fails once, the address is gone.",
    ],
    recognised: [
      "No unicast answered, the broadcast answered; the server alive in that time, or the same at every renewal. Often through a relay, which is another way than that of the unicasts. Where a lease ran out before the client rebound, its other renewals tell; a unicast lost now and then between answered ones is no-reply.",
      "Or no unicast was sent at all, because nobody answered the client's ARP requests for the server's address: the server names an address (option 54) that is not on this network.",
    ],
    example: {
      capture: "pcaps/s12-relay/bridge.pcap",
      says: "Frames 13 to 24 hold eight REQUESTs to 10.9.0.1 without an answer; frame 25, to everybody, is answered by frame 26 through the relay 10.8.12.1:",
      lines: ["11:08:55.714 - 11:08:41.351 = 14.363 s", "11:08:55.719 - 11:08:55.714 = 0.005 s"],
      so: "The server is alive and near; only the direct way to it is shut.",
    },
    mistaken: ["Health, because nobody sees it until the broadcast fails as well; and request-partial."],
    todo: [
      "Open UDP 67 and 68 between the client and the server's own address; or have the relay name an address that clients can reach.",
    ],
    remedies: remediesOf("unicast-blocked"),
    sources: [source.RFC_2131_TIMERS, source.RFC_5107, source.KUBE_VIP_871],
  },
  "port-unreachable": {
    title: "an ICMP error says that nobody listens",
    what: [
      "Nothing was bound to the UDP port: no DHCP server on the server's host for the request, or no DHCP client on the client's host for the reply.",
    ],
    recognised: [
      "The error quotes the message: its IP identification, addresses and ports. Such an error for a reply that the client took nevertheless is no fault: a client that reads raw packets has no open port, and its kernel says so.",
    ],
    example: null,
    mistaken: [
      "A firewall: the error that iptables and nftables send for a rule that rejects is this one, unless the rule names another. A client that is ill, where it only reads raw.",
    ],
    todo: [
      "Start the server, or look on its host for a rule that rejects UDP port 67 (nft list ruleset); or look why the client closed its socket.",
    ],
    remedies: remediesOf("port-unreachable"),
    sources: [source.RFC_792],
  },
  nak: {
    title: "the server refused the address (DHCPNAK), and the client gave it up",
    what: [
      "The client obeyed and began anew, as it must. The report quotes the server's message where it sends one.",
      "Usual reasons: the server lost its leases at a restart; its pool or network was changed; the address is reserved for another client; the guest moved to another network; a second server that knows nothing of the lease answered. A refusal when a client comes back to a network (INIT-REBOOT) and is then given another address is only a note: that is how roaming works.",
    ],
    recognised: ["By the message type, and by the client's DISCOVER right after it."],
    example: {
      capture: "pcaps/s05-nak/bridge.pcap",
      says: 'Frame 11 renews 10.8.12.100; frame 12 is the NAK, with the message "address not available"; frame 13 is the DISCOVER:',
      lines: ["11:09:20.927650 - 11:09:20.927241 = 0.000409 s", "11:09:20.938715 - 11:09:20.927650 = 0.011065 s"],
      so: "The NAK is broadcast, names no address, and its checksum is partial; it was obeyed at once.",
    },
    mistaken: [
      "A lost lease of unknown reason, in the monitoring: the client has an address again after a few milliseconds, another one.",
    ],
    todo: [
      "Ask the log of the server that refused. If it is not the one that gave the lease, there are two: see two-servers. dnsmasq refuses a direct renewal of a lease that it does not know (lease not found) unless dhcp-authoritative is set; then it takes the lease over if the address is free.",
    ],
    remedies: remediesOf("nak"),
    sources: [source.RFC_2131_SERVER, source.DNSMASQ],
  },
  "no-request": {
    title: "T1 and T2 passed and the client asked for nothing",
    what: [
      "The client was due and sent no request: it was switched off, paused, saved or moved to another host; or it runs and its DHCP client does not.",
    ],
    recognised: [
      "An error only where the client is known to have been alive (other frames from it after T2); a warning if it came back with a DISCOVER; otherwise a note, since a guest that was switched off does the same and nothing is wrong. Never certain: a guest that was paused or moved to another host is heard of later, too, and requests may have been lost before this point.",
      "If T1, T2 or the end of the lease lies in a gap, nothing is said of what the client did then. What counts is its silence after the gap, once it has lasted as long as a lease that was renewed at the last moment of the gap.",
    ],
    example: null,
    mistaken: ["A server that does not answer: the guest is without its address all the same."],
    todo: ["See whether the guest was running, then whether its DHCP client was."],
    remedies: remediesOf("no-request"),
    sources: [source.RFC_2131_TIMERS],
  },
};

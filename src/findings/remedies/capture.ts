import type { Remedy } from "./remedy.js";

/** Where to look again. */

export const pickCapture: Remedy = {
  id: "capture-at-guest",
  title: "Capture at the guest's own port",
  command: "tcpdump -ni TAP -w tap.pcap 'udp port 67 or udp port 68'",
  what: "TAP is the guest's port on the host (bridge fdb show | grep MAC names it). Let it run until the next attempt, then give the file to leasetap: leasetap analyze tap.pcap.",
  appliesWhen: "this capture point cannot tell whether the client got the replies, or with which checksum.",
  limits:
    "Only settles the question. A capture on the bridge device without promiscuous mode misses traffic between guests.",
  undo: null,
  check:
    "In that capture the next replies are missing (dropped on the way to TAP), or there with their checksums as the guest gets them.",
};

export const captureElsewhere: Remedy = {
  id: "capture-on-bridge",
  title: "Capture where both directions pass",
  command: "tcpdump -ni BRIDGE -w bridge.pcap 'arp or icmp or udp port 67 or udp port 68'",
  what: "On BRIDGE (the bridge of the guests) in promiscuous mode, which tcpdump uses unless told otherwise, or on the guest's own port.",
  appliesWhen: "the replies to some clients are not seen at this point.",
  limits: "A tap of another guest shows only broadcasts of its neighbours.",
  undo: null,
  check: "Each DISCOVER is followed by an OFFER in the capture.",
};

export const watchServer: Remedy = {
  id: "capture-at-server",
  title: "Capture on the server's own interface",
  command: "tcpdump -ni SERVER-INTERFACE 'udp port 67 or udp port 68'",
  what: "That splits the problem into requests that do not arrive, and answers that are not sent or do not come back. Look at the server's log at the same time.",
  appliesWhen: "it is not known whether the requests reach it.",
  limits:
    "Only locates the fault. Many servers ignore a request for a lease that they do not know, or that belongs to another subnet, without a word in the log.",
  undo: null,
  check: "You know which half of the way to look at.",
};

export const wholeFrames: Remedy = {
  id: "find-malformed",
  title: "Look at the frames that could not be decoded",
  command: "leasetap analyze CAPTURE --json --frames | grep '\"stopped\":{'",
  what: "Shows at which byte decoding stopped and why, and who sent the frames: look into that machine's log.",
  appliesWhen: "frames on the DHCP ports cannot be decoded.",
  limits:
    "Shows where, not why. A capture with a short snapshot length cuts frames as well: capture again with tcpdump -s 0.",
  undo: null,
  check: "No malformed frame in the next capture.",
};

export const seeFragments: Remedy = {
  id: "see-fragments",
  title: "Look at the fragments and their sender",
  command: "tcpdump -env -r CAPTURE 'ip[6:2] & 0x3fff != 0'",
  what: "Shows each fragment with the Ethernet addresses, the IP id, its offset and its length. Those of one message have one id: look at the machine that sent the ones that do not fit.",
  appliesWhen: "messages came in fragments that overlap.",
  limits: "An Ethernet address can be invented. The port of the bridge or switch at which it was learned cannot.",
  undo: null,
  check: "No such fragments in the next capture.",
};

export const keepTime: Remedy = {
  id: "keep-time",
  title: "See why the clock was set",
  command: "chronyc tracking; journalctl -b -u chronyd -u systemd-timesyncd",
  what: "See whether the clock of the machine that captured was set at that time, and let it be slewed instead of stepped while a capture runs (chrony: makestep only at the start).",
  appliesWhen: "the capture comes from one machine and is no joint of several.",
  limits: "A virtual machine that was paused or restored gets the right time in one step whatever is configured.",
  undo: null,
  check: "Stamps of the next capture rise from frame to frame.",
};

export const sameTime: Remedy = {
  id: "same-time",
  title: "Give both machines the same time",
  command: "chronyc tracking",
  what: "See on both machines whether their clocks follow a time server, and by how much each of them is wrong.",
  appliesWhen: "logs of these machines are to be compared, too; the captures alone need it no more.",
  limits: "It does not change captures that were made before.",
  undo: null,
  check: "The next captures show no difference.",
};

export const keepWatching: Remedy = {
  id: "keep-watching",
  title: "Watch where the gaps do no harm",
  command: "leasetap live -i BRIDGE --follow-ports",
  what: "Watch the bridge beside the guests' own ports: a port goes with its guest, and comes back with it; the bridge stays, and sees what a port that was away did not.",
  appliesWhen: "a port was not watched, and what happened at that time matters.",
  limits:
    "Frames that were not captured stay unknown. Where the capturing program itself was stopped, the bridge was not watched either.",
  undo: null,
  check: "The note names ports of guests that were shut down or started, and not the bridge.",
};

export const captureLess: Remedy = {
  id: "capture-less",
  title: "Have less captured, or more room for it",
  command: "tcpdump -ni BRIDGE -B 16384 -w - 'port 67 or port 68 or icmp or arp'",
  what: "Capture with a filter for what is needed, and with a larger buffer in the kernel (-B, in KiB).",
  appliesWhen: "the capture lost frames.",
  limits: "A host without processor time to spare loses frames whatever the buffer.",
  undo: null,
  check: "tcpdump says at its end: 0 packets dropped by kernel.",
};

export const readParts: Remedy = {
  id: "read-in-parts",
  title: "Read the capture in parts",
  command: "tcpdump -r CAPTURE -w part.pcap -C 100",
  what: "Read the capture in parts, or one client of it at a time (tcpdump -r CAPTURE -w part.pcap 'ether host MAC').",
  appliesWhen: "the detail of what was let go is needed.",
  limits: "A renewal that lies across two parts is seen by halves, unless both parts are named in one run.",
  undo: null,
  check: "The note does not come again.",
};

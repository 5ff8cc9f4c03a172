import type { Remedy } from "./remedy.js";

/** The guest and the DHCP client in it. */

export const restartClient: Remedy = {
  command: "networkctl renew INTERFACE || dhclient -v INTERFACE || systemctl restart NetworkManager",
  what: "Inside the guest: see whether its DHCP client still runs (ps, journalctl) and have it renew. INTERFACE is its network card; use the command of the client that it has. The guest agent or the console works without an address: virsh console GUEST.",
  appliesWhen: "the guest runs, but its DHCP client sends nothing, or listens on nothing.",
  limits:
    "Restores the address now. Why the client stopped (killed for memory, a paused guest, a clock that jumped) is in the guest's log.",
  undo: null,
  check: "A REQUEST or DISCOVER appears in the capture at once, and later one at each T1.",
};

export const wasItThere: Remedy = {
  command: "virsh domstate GUEST --reason; virsh dominfo GUEST",
  what: "See whether the guest was running at that time: switched off, paused, saved or moved to another host.",
  appliesWhen: "the client was silent, and nothing else of it was seen.",
  limits:
    "Tells the present state; the past is in the host's log (journalctl -u libvirtd, /var/log/libvirt/qemu/GUEST.log).",
  undo: null,
  check: "A guest that was gone needs no remedy; one that ran does.",
};

export const openClientPort: Remedy = {
  command: "ss -lunp 'sport = :68'",
  what: "Inside the guest: see whether the DHCP client listens on UDP port 68 while it renews, and restart it if not.",
  appliesWhen: "the guest's kernel answers replies with ICMP port unreachable, and the client went without them.",
  limits:
    "Clients that read raw sockets listen on no port, take the reply all the same, and the ICMP error is harmless.",
  undo: null,
  check: "No ICMP error follows the next reply.",
};

export const readClientLog: Remedy = {
  command: "journalctl -b -u systemd-networkd -u NetworkManager -u dhclient -u dhcpcd",
  what: "Ask the guest's own log why it refused a reply that is sound here: a reject list, a hook script that fails, an address that it found in use, a firewall in the guest.",
  appliesWhen: "a capture at the guest's own port shows sound replies.",
  limits: "Many clients refuse a reply without a line in the log unless they run with debug output.",
  undo: null,
  check: "The log names the reply as accepted, and the next renewal is not repeated.",
};

export const nothingToDo: Remedy = {
  command: null,
  what: "Nothing needs to be done. If a client ever refuses such replies, leasetap reports it as offload-partial, with remedies.",
  appliesWhen: "all clients accept the replies.",
  limits: "A guest with an old or BSD client that joins this network later may refuse them.",
  undo: null,
  check: "No renewal is repeated.",
};

export const keepTime: Remedy = {
  command: "chronyc tracking; journalctl -b -u chronyd -u systemd-timesyncd",
  what: "See whether the clock of the machine that captured was set at that time, and let it be slewed instead of stepped while a capture runs (chrony: makestep only at the start).",
  appliesWhen: "the capture comes from one machine and is no joint of several.",
  limits: "A virtual machine that was paused or restored gets the right time in one step whatever is configured.",
  undo: null,
  check: "Stamps of the next capture rise from frame to frame.",
};

export const readParts: Remedy = {
  command: "tcpdump -r FILE -w part.pcap -C 100",
  what: "Read the capture in parts, or one client of it at a time (tcpdump -r FILE -w part.pcap 'ether host MAC').",
  appliesWhen: "the detail of what was let go is needed.",
  limits: "A renewal that lies across two parts is seen by halves, unless both parts are named in one run.",
  undo: null,
  check: "The note does not come again.",
};

export const captureElsewhere: Remedy = {
  command: "tcpdump -ni BRIDGE -w bridge.pcap 'arp or icmp or udp port 67 or udp port 68'",
  what: "Capture where both directions pass: on BRIDGE (the bridge of the guests) in promiscuous mode, which tcpdump uses unless told otherwise, or on the guest's own port.",
  appliesWhen: "the replies to some clients are not seen at this point.",
  limits: "A tap of another guest shows only broadcasts of its neighbours.",
  undo: null,
  check: "Each DISCOVER is followed by an OFFER in the capture.",
};

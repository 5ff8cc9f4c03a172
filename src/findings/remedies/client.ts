import type { Remedy } from "./remedy.js";

/** The guest and the DHCP client in it. */

export const restartClient: Remedy = {
  id: "restart-client",
  title: "Have the guest's DHCP client renew",
  command: "networkctl renew INTERFACE || dhclient -v INTERFACE || systemctl restart NetworkManager",
  what: "Inside the guest (virsh console GUEST works without an address): INTERFACE is its network card; use the command of the client that it has, and see in its log whether it still runs.",
  appliesWhen: "the guest runs, but its DHCP client sends nothing, or listens on nothing.",
  limits:
    "Restores the address now. Why the client stopped (killed for memory, a paused guest, a clock that jumped) is in the guest's log.",
  undo: "A renewal needs no undoing; a client that was started for a test is ended with dhclient -x INTERFACE.",
  check: "A REQUEST or DISCOVER appears in the capture at once, and later one at each T1.",
};

export const wasItThere: Remedy = {
  id: "was-it-running",
  title: "See whether the guest was running",
  command: "virsh domstate GUEST --reason; virsh dominfo GUEST",
  what: "It may have been switched off, paused, saved or moved to another host. The past is in the host's log: journalctl -u libvirtd, /var/log/libvirt/qemu/GUEST.log.",
  appliesWhen: "the client was silent, and nothing else of it was seen.",
  limits: "Says nothing of the DHCP client in it.",
  undo: null,
  check: "A guest that was gone needs no remedy; one that ran does.",
};

export const openClientPort: Remedy = {
  id: "open-client-port",
  title: "See whether the client listens",
  command: "ss -lunp 'sport = :68'",
  what: "Inside the guest: the DHCP client must have UDP port 68 open while it renews; restart it if not.",
  appliesWhen: "the guest's kernel answers replies with ICMP port unreachable, and the client went without them.",
  limits:
    "Clients that read raw sockets listen on no port, take the reply all the same, and the ICMP error is harmless.",
  undo: null,
  check: "No ICMP error follows the next reply.",
};

export const answerArp: Remedy = {
  id: "answer-arp",
  title: "See whether the guest still has the address",
  command: "ip -4 address show; ip -4 neighbour show",
  what: "Inside the guest: the address must be on the card that renews it. If it is not, somebody took it off (a script, NetworkManager beside another client); if it is, ARP is dropped on the way.",
  appliesWhen: "nobody answers the server's ARP requests for the client's address.",
  limits: "Only tells which of the two. A filter that drops ARP is found as any other: find-filter.",
  undo: null,
  check: "The server's ARP request is answered, and an ACK follows it.",
};

export const readClientLog: Remedy = {
  id: "read-client-log",
  title: "Ask the guest's own log",
  command: "journalctl -b -u systemd-networkd -u NetworkManager -u dhclient -u dhcpcd",
  what: "Why it refused a reply that is sound here: a reject list, a hook script that fails, an address that it found in use, a firewall in the guest.",
  appliesWhen: "a capture at the guest's own port shows the replies as sound as here.",
  limits: "Many clients refuse a reply without a line in the log unless they run with debug output.",
  undo: null,
  check: "The log names the reply as accepted, and the next renewal is not repeated.",
};

export const nothingToDo: Remedy = {
  id: "nothing",
  title: "Nothing needs to be done",
  command: null,
  what: "If a client ever refuses such replies, leasetap reports it as offload-partial, with remedies.",
  appliesWhen: "all clients accept the replies.",
  limits: "A guest with an old or BSD client that joins this network later may refuse them.",
  undo: null,
  check: "No renewal is repeated.",
};

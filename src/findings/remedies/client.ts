import type { Remedy } from "./remedy.js";

/** The guest and the DHCP client in it. */

export const restartClient: Remedy = {
  id: "restart-client",
  title: "Have the guest's DHCP client renew",
  command: "networkctl renew INTERFACE || dhclient -v INTERFACE || systemctl restart NetworkManager",
  what: "Inside the guest: see whether its DHCP client still runs (ps, journalctl) and have it renew. INTERFACE is its network card; use the command of the client that it has. The guest agent or the console works without an address: virsh console GUEST.",
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
  what: "See whether the guest was running at that time: switched off, paused, saved or moved to another host.",
  appliesWhen: "the client was silent, and nothing else of it was seen.",
  limits:
    "Tells the present state; the past is in the host's log (journalctl -u libvirtd, /var/log/libvirt/qemu/GUEST.log).",
  undo: null,
  check: "A guest that was gone needs no remedy; one that ran does.",
};

export const openClientPort: Remedy = {
  id: "open-client-port",
  title: "See whether the client listens",
  command: "ss -lunp 'sport = :68'",
  what: "Inside the guest: see whether the DHCP client listens on UDP port 68 while it renews, and restart it if not.",
  appliesWhen: "the guest's kernel answers replies with ICMP port unreachable, and the client went without them.",
  limits:
    "Clients that read raw sockets listen on no port, take the reply all the same, and the ICMP error is harmless.",
  undo: null,
  check: "No ICMP error follows the next reply.",
};

export const readClientLog: Remedy = {
  id: "read-client-log",
  title: "Ask the guest's own log",
  command: "journalctl -b -u systemd-networkd -u NetworkManager -u dhclient -u dhcpcd",
  what: "Ask the guest's own log why it refused a reply that is sound here: a reject list, a hook script that fails, an address that it found in use, a firewall in the guest.",
  appliesWhen: "a capture at the guest's own port shows sound replies.",
  limits: "Many clients refuse a reply without a line in the log unless they run with debug output.",
  undo: null,
  check: "The log names the reply as accepted, and the next renewal is not repeated.",
};

export const nothingToDo: Remedy = {
  id: "nothing",
  title: "Nothing needs to be done",
  command: null,
  what: "Nothing needs to be done. If a client ever refuses such replies, leasetap reports it as offload-partial, with remedies.",
  appliesWhen: "all clients accept the replies.",
  limits: "A guest with an old or BSD client that joins this network later may refuse them.",
  undo: null,
  check: "No renewal is repeated.",
};

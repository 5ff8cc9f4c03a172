import type { Remedy } from "./remedy.js";

/** Servers that are dead, stuck, slow, or of another opinion. */

export const startServer: Remedy = {
  command: "systemctl status dnsmasq isc-dhcp-server kea-dhcp4-server; ss -lunp 'sport = :67'",
  what: "See on the server's host whether the DHCP service runs and listens on UDP port 67; start it, and read its log for why it stopped.",
  appliesWhen: "nobody gets an answer, or an ICMP error says that nothing listens.",
  limits:
    "A server that hangs is listed as running: if it logs nothing while requests arrive, restart it. libvirt's own dnsmasq is started with: virsh net-start NETWORK.",
  undo: null,
  check: "Its log shows the next request, and the capture an answer within milliseconds.",
};

export const watchServer: Remedy = {
  command: "tcpdump -ni SERVER-INTERFACE 'udp port 67 or udp port 68'",
  what: "Capture on the server's own interface: that splits the problem into requests that do not arrive, and answers that are not sent or do not come back.",
  appliesWhen: "the server answers others, or it is not known whether the requests reach it.",
  limits:
    "Only locates the fault. Look at the server's log at the same time: many servers ignore a request for a lease that they do not know, or that belongs to another subnet, without a word.",
  undo: null,
  check: "You know which half of the way to look at.",
};

export const relieveHost: Remedy = {
  command: "virsh blkdeviotune GUEST DISK --total-bytes-sec 50000000 --live",
  what: "Bound the disk traffic of the guest or backup that starves the host at that time (GUEST and DISK as virsh domblklist shows; for a service: systemctl set-property UNIT IOWeight=20 CPUWeight=20).",
  appliesWhen:
    "the server's host was busy when it fell silent: load, disk waits or swapping in its records (sar, journalctl, pressure files in /proc/pressure).",
  limits: "Treats the load, not the server. Packets alone do not tell what kept it busy: look before you throttle.",
  undo: "virsh blkdeviotune GUEST DISK --total-bytes-sec 0 --live",
  check: "During the next backup or load peak renewals are answered within milliseconds.",
};

export const protectServer: Remedy = {
  command: "systemctl set-property dnsmasq.service CPUWeight=1000 IOWeight=1000 MemoryLow=64M",
  what: "Give the DHCP server its own guaranteed share, so that a busy host still answers. Use the name of your server's unit; a directory for its lease file on another disk helps servers that sync every lease.",
  appliesWhen: "the server runs on the same host as the load that delays it.",
  limits:
    "IOWeight needs an I/O scheduler or controller that honours it (bfq, iocost). Does not help if the host stops altogether.",
  undo: "systemctl revert dnsmasq.service",
  check: "The server's latency in leasetap's server record stays at its usual value under load.",
};

/** @param silence seconds of the longest silence in view; null: not known */
export function longerLease(silence: number | null): Remedy {
  const minutes = silence === null ? null : Math.ceil((2 * silence) / 60);
  return {
    command: null,
    what:
      minutes === null
        ? "Give longer leases: with T1 at half the lease time, a client survives a silence of up to half a lease."
        : `Give longer leases: the silence seen here lasted ${Math.ceil(silence ?? 0)} s. With T1 at half the lease time, a lease of more than ${minutes} min would have survived it at any moment.`,
    appliesWhen: "the server falls silent for known, bounded times (backups, restarts, failover).",
    limits:
      "Cures the loss of addresses, not the silence; new guests still wait for it. Addresses of guests that are gone come back later. Clients take the new time only at their next renewal.",
    undo: "Set the old lease time again.",
    check: "ACKs show the new lease time (option 51).",
  };
}

export const refusedAddress: Remedy = {
  command:
    "journalctl -u dnsmasq -u isc-dhcp-server -u kea-dhcp4-server | grep -i -e nak -e 'not available' -e 'wrong network'",
  what: "Ask the server's log why it refused: the lease file was lost (a restart without persistent storage), the pool was changed, or the address is reserved for another client. Restore the lease file or the pool.",
  appliesWhen:
    "the refusal comes from the server that gave the lease; or it is silent to renewals and answers the same client's DISCOVER at once.",
  limits:
    "The client has taken another address meanwhile: what points to the old one (DNS, firewall, monitoring) has to follow, or reserve the old address for this hardware address.",
  undo: null,
  check: "Renewals end with DHCPACK, and the address stays the same over a restart of the server.",
};

export const oneServer: Remedy = {
  command: "nmap --script broadcast-dhcp-discover -e INTERFACE",
  what: "Find out which servers answer on this network and switch off the one that does not belong there (a forgotten libvirt network, a home router, a test machine), or give each its own pool or a failover relation.",
  appliesWhen: "two servers with different identifiers answer the same client.",
  limits:
    "Needs root and INTERFACE on that network. A server that is 'authoritative' refuses leases of another one; turning that off only hides the other.",
  undo: null,
  check: "OFFERs for one DISCOVER all carry the same server identifier (option 54).",
};

export const fixServerReply: Remedy = {
  command: "tcpdump -envi INTERFACE 'udp port 67 or udp port 68'",
  what: "Find who sends the reply that does not fit: its Ethernet source address is the machine to look at (a relay that mixes up transactions, a second server, a DHCP server with a broken configuration).",
  appliesWhen: "replies carry another transaction, client or server than the request, or lack a mandatory option.",
  limits: "Only names the culprit.",
  undo: null,
  check: "Each REQUEST is answered by an ACK with its own xid and hardware address.",
};

export const saneTimers: Remedy = {
  command: null,
  what: "Correct the server's configuration: T1 (option 58) below T2 (option 59) below the lease time (option 51); or take options 58 and 59 out, and clients use half and seven eighths.",
  appliesWhen: "ACKs carry timers out of order.",
  limits: "Clients differ in how they repair such values; some refuse the lease (OpenBSD).",
  undo: "Set the old values again.",
  check: "The next ACK shows them in order.",
};

export const stopFlood: Remedy = {
  command: "nft add rule bridge filter forward udp dport 67 limit rate over 20/second drop",
  what: "Find the sender by its Ethernet address and stop it; until then limit the rate of DHCP requests on the bridge (table and chain as in your own rules).",
  appliesWhen: "so many requests come that the server or its pool suffers.",
  limits: "The limit hits honest clients, too.",
  undo: "nft -a list chain bridge filter forward shows the handle; nft delete rule bridge filter forward handle N",
  check: "The number of DHCP messages a minute falls to what the number of clients explains.",
};

export const freeAddress: Remedy = {
  command: "arping -D -I INTERFACE ADDRESS",
  what: "Find who uses the address: the ARP answer shows the hardware address of the other machine. Give that machine another address, or exclude this one from the pool.",
  appliesWhen: "a client declines an address, or two machines answer for it.",
  limits: "Needs INTERFACE on the same network. The server keeps a declined address out of use for a while.",
  undo: null,
  check: "arping gets no answer, and the client is bound without a DECLINE.",
};

export const readServerLog: Remedy = {
  command: null,
  what: "Look into the log of the sender of these frames, or at the frames themselves (leasetap --json --frames shows where decoding stopped).",
  appliesWhen: "frames on the DHCP ports cannot be decoded.",
  limits: "A capture with a short snapshot length cuts frames as well: capture again with tcpdump -s 0.",
  undo: null,
  check: "No malformed frame in the next capture.",
};

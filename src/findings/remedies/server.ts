import type { Remedy } from "./remedy.js";

/** Servers that are dead, stuck, or of another opinion. */

export const startServer: Remedy = {
  id: "start-server",
  title: "See whether the DHCP server runs, and start it",
  command: "systemctl status dnsmasq isc-dhcp-server kea-dhcp4-server; ss -lunp 'sport = :67'",
  what: "On the server's host: it must listen on UDP port 67. Its log says why it stopped. libvirt's own dnsmasq is started with virsh net-start NETWORK.",
  appliesWhen: "nobody else gets an answer either.",
  limits: "A server that hangs is listed as running: if it logs nothing while requests arrive, restart it.",
  undo: null,
  check: "Its log shows the next request, and the capture an answer within milliseconds.",
};

export const restartServer: Remedy = {
  id: "restart-stuck-server",
  title: "Restart a server that hangs, after a look at why",
  command: "ps -o pid,stat,wchan:32,cmd -C dnsmasq,dhcpd,kea-dhcp4; systemctl restart UNIT",
  what: "The first command shows what it waits for, the second restarts it (UNIT: dnsmasq.service, isc-dhcp-server.service, kea-dhcp4-server.service). State T is a stopped process (kill -CONT goes on with it), D one that waits for a disk or a network file system: then that is the fault.",
  appliesWhen: "the server is listed as running, requests arrive at its interface, and it logs nothing.",
  limits:
    "Ends the silence, not its reason. A process in state D does not end before its disk answers. A server that keeps its leases in memory only forgets them at the restart and may then refuse renewals (nak).",
  undo: "A restart cannot be undone; the lease file from before is usually kept beside the new one (dhcpd.leases~).",
  check: "The next REQUEST is answered within milliseconds, and the address of the client stays the same.",
};

export const authoritative: Remedy = {
  id: "unknown-leases",
  title: "Have the server answer for leases that it does not know",
  command: "grep -rn authoritative /etc/dhcp /etc/dnsmasq.conf /etc/dnsmasq.d /etc/kea",
  what: 'A server without a record of a lease keeps silent, as RFC 2131 section 4.3.2 asks where several servers share a network. Where it is the only one, say so: dhcp-authoritative (dnsmasq, which then takes over unknown leases whose address is free), authoritative; (dhcpd), "authoritative": true (Kea).',
  appliesWhen: "its log says of this client: unknown lease, ignored (dhcpd), lease not found (dnsmasq).",
  limits:
    "Never where another server gives leases on the same network: the two would refuse each other's clients. ISC dhcpd and Kea do not take leases over: dhcpd then refuses (nak) addresses of another network, Kea the request of an unknown client that comes back (INIT-REBOOT), so that the client starts anew at once. Does not bring back the lost lease file.",
  undo: "Take the setting out again and restart the server.",
  check: "The client's next REQUEST is answered, with an ACK or with a NAK and a new lease right after it.",
};

export const refusedAddress: Remedy = refusedSince("FROM");

/** @param from a moment shortly before it, as journalctl takes it */
export function refusedSince(from: string): Remedy {
  return {
    id: "restore-leases",
    title: "Ask the server's log why, and give the server its leases back",
    command: `journalctl -S '${from}' | grep -iE 'dhcp.*nak|not available|wrong network'`,
    what: "On the server's host. Usual reasons: the lease file was lost (a restart without persistent storage), the pool was changed, the address is reserved for another client. Restore the lease file or the pool.",
    appliesWhen: "the server that gave the lease does not stand by it: it refuses the renewal, or is silent to it.",
    limits:
      "The client has taken another address meanwhile: DNS, firewall and monitoring have to follow, or reserve the old address for it.",
    undo: null,
    check: "The client's next renewal ends with DHCPACK.",
  };
}

export const onePacket: Remedy = {
  id: "fit-one-packet",
  title: "Make the replies fit into one packet",
  command: "tcpdump -nvi SERVER-INTERFACE 'udp port 67 or udp port 68 or ip[6:2] & 0x3fff != 0'",
  what: "Take long options out of the server's configuration (routes, search domains, boot options), or give the server's side an MTU that holds them. The command shows the length of each reply and its fragments.",
  appliesWhen: "replies come in fragments.",
  limits: "Does not make clients put fragments together: those that read raw packets never can.",
  undo: "Set the old options or the old MTU again.",
  check: "Replies come in one packet each, and the next one is taken.",
};

export const fixServerReply: Remedy = {
  id: "find-wrong-sender",
  title: "Find who sends the reply that does not fit",
  command: "tcpdump -envi INTERFACE 'udp port 67 or udp port 68'",
  what: "The Ethernet source address is the machine to look at (a relay that mixes up transactions, a second server, a DHCP server with a broken configuration).",
  appliesWhen: "replies carry another transaction, client or server than the request, or lack a mandatory option.",
  limits: "Only names the culprit.",
  undo: null,
  check: "Each REQUEST is answered by an ACK with its own xid and hardware address.",
};

export const saneTimers: Remedy = {
  id: "order-timers",
  title: "Put the timers in order",
  command:
    "grep -rnE 'dhcp-renewal-time|dhcp-rebinding-time|option:T[12]|renew-timer|rebind-timer' /etc/dhcp /etc/dnsmasq.conf /etc/dnsmasq.d /etc/kea",
  what: "T1 (option 58) below T2 (option 59) below the lease time (option 51); or take options 58 and 59 out, and clients use half and seven eighths.",
  appliesWhen: "ACKs carry timers out of order.",
  limits: "Clients differ in how they repair such values; some refuse the lease (OpenBSD).",
  undo: "Set the old values again.",
  check: "The next ACK shows them in order.",
};

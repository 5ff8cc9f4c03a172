import type { Remedy } from "./remedy.js";

/** Servers that are dead, stuck, or of another opinion. */

export const startServer: Remedy = {
  id: "start-server",
  title: "See whether the DHCP server runs, and start it",
  command: "systemctl status dnsmasq isc-dhcp-server kea-dhcp4-server; ss -lunp 'sport = :67'",
  what: "See on the server's host whether the DHCP service runs and listens on UDP port 67; start it, and read its log for why it stopped.",
  appliesWhen: "nobody gets an answer, or an ICMP error says that nothing listens.",
  limits:
    "A server that hangs is listed as running: if it logs nothing while requests arrive, restart it. libvirt's own dnsmasq is started with: virsh net-start NETWORK.",
  undo: null,
  check: "Its log shows the next request, and the capture an answer within milliseconds.",
};

export const restartServer: Remedy = {
  id: "restart-stuck-server",
  title: "Restart a server that hangs, after a look at why",
  command: "ps -o pid,stat,wchan:32,cmd -C dnsmasq,dhcpd,kea-dhcp4; systemctl restart UNIT",
  what: "The first command shows what the server waits for, the second restarts it (UNIT: dnsmasq.service, isc-dhcp-server.service, kea-dhcp4-server.service). State T is a stopped process (kill -CONT goes on with it), D one that waits for a disk or a network file system: then that is the fault.",
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
  what: 'A server without a record of a lease keeps silent, as RFC 2131 section 4.3.2 asks where several servers share a network. Where it is the only one, say so: dhcp-authoritative (dnsmasq; it then takes over unknown leases whose address is free), authoritative; (dhcpd), "authoritative": true (Kea). Its log tells: unknown lease, or ignored (dhcpd), lease not found (dnsmasq).',
  appliesWhen:
    "the server answers others and ignores this client, for example since its lease file was lost, or the client came from another network.",
  limits:
    "Never where another server gives leases on the same network: the two would refuse each other's clients. dhcpd and Kea do not take leases over: dhcpd then refuses (nak) addresses of another network, Kea the request of an unknown client that comes back (INIT-REBOOT), so that the client starts anew at once. Does not bring back the lost lease file.",
  undo: "Take the setting out again and restart the server.",
  check: "The client's next REQUEST is answered, with an ACK or with a NAK and a new lease right after it.",
};

export const refusedAddress: Remedy = {
  id: "restore-leases",
  title: "Ask the server's log why it refused, and give it its leases back",
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

export const fixServerReply: Remedy = {
  id: "find-wrong-sender",
  title: "Find who sends the reply that does not fit",
  command: "tcpdump -envi INTERFACE 'udp port 67 or udp port 68'",
  what: "Find who sends the reply that does not fit: its Ethernet source address is the machine to look at (a relay that mixes up transactions, a second server, a DHCP server with a broken configuration).",
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
  what: "Correct the server's configuration: T1 (option 58) below T2 (option 59) below the lease time (option 51); or take options 58 and 59 out, and clients use half and seven eighths.",
  appliesWhen: "ACKs carry timers out of order.",
  limits: "Clients differ in how they repair such values; some refuse the lease (OpenBSD).",
  undo: "Set the old values again.",
  check: "The next ACK shows them in order.",
};

import type { Remedy } from "./remedy.js";

/** The way between client and server: filters, routes, legs of a bridge. */

export const allowReplies: Remedy = {
  id: "find-filter",
  title: "Find what filters between the bridge and the guest's port",
  command: "nft list ruleset | grep -nE 'hook|[sd]port.*(6[78]|bootp)'; ebtables -L --Lc; bridge -d link show dev TAP",
  what: "Rules come from libvirt's nwfilter, OpenStack's port security, Proxmox' firewall; or the port is isolated or blocked. TAP is the guest's port on the host. Of nft, a rule between two lines with hook belongs to the chain of the first; policy drop there drops what no rule accepts.",
  appliesWhen: "messages are seen on the bridge and not at the guest's port, or the other way round.",
  limits:
    "Rules may also be in iptables-legacy or on an Open vSwitch (ovs-ofctl dump-flows BRIDGE), which nft does not show.",
  undo: null,
  check: "A capture on TAP shows the reply, and the next renewal is answered once.",
};

export const allowUnicast: Remedy = {
  id: "open-unicast",
  title: "Open the direct way to the server",
  command: "tcpdump -ni SERVER-INTERFACE 'udp port 67 and host CLIENT-ADDRESS'",
  what: "On the server's host. If the client's REQUESTs do not arrive there, open UDP port 67 to the server's address on the way (firewalls, security groups, routes). If they arrive and an answer leaves, open the way back, to UDP port 68. If they arrive and no answer leaves, the server refuses them, as its log or leasetap explain request-partial says.",
  appliesWhen: "only renewals by unicast fail, and the broadcast (rebinding) is answered, directly or through a relay.",
  limits:
    "Behind a relay the unicast takes another way than the broadcast: rules that allow the relay do not cover it.",
  undo: "Close what you opened.",
  check: "The renewal at T1 is answered; none has to wait for T2.",
};

export const overrideServerId: Remedy = {
  id: "reachable-server-id",
  title: "Name an address that clients can reach",
  command:
    "grep -rnE 'server-identifier|dhcp-proxy|link-selection' /etc/dhcp /etc/dnsmasq.conf /etc/dnsmasq.d /etc/kea",
  what: "Server identifier override (RFC 5107) on the relay, which relay and server must know; or the server-identifier of the server set to an address that clients reach.",
  appliesWhen: "clients sit behind a relay and are not meant to reach the server directly.",
  limits: "Clients take the new address only with their next lease or renewal.",
  undo: "Take the setting out again.",
  check: "ACKs name the reachable address as server identifier (option 54), and renewals at T1 are answered.",
};

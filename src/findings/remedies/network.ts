import type { Remedy } from "./remedy.js";

/** Who else is on the network. */

export const oneServer: Remedy = {
  id: "one-server",
  title: "Find all DHCP servers, and leave those that belong there",
  command: "nmap --script broadcast-dhcp-discover -e INTERFACE",
  what: "Switch off the one that does not belong there (a forgotten libvirt network, a home router, a test machine), or give each its own pool or a failover relation.",
  appliesWhen: "two servers with different identifiers answer the same client.",
  limits:
    "Needs root and INTERFACE on that network. A server that is 'authoritative' refuses leases of another one; turning that off only hides the other.",
  undo: null,
  check: "OFFERs for one DISCOVER all carry the same server identifier (option 54).",
};

export const freeAddress: Remedy = {
  id: "find-address-owner",
  title: "Find who uses the address",
  command: "arping -D -I INTERFACE ADDRESS",
  what: "The ARP answer shows the hardware address of the other machine. Give that machine another address, or exclude this one from the pool.",
  appliesWhen: "a client declines an address, or two machines answer for it.",
  limits: "Needs INTERFACE on the same network. The server keeps a declined address out of use for a while.",
  undo: null,
  check: "arping gets no answer, and the client is bound without a DECLINE.",
};

export const stopFlood: Remedy = {
  id: "limit-requests",
  title: "Stop the sender, and limit requests until then",
  command: "nft add rule bridge filter forward udp dport 67 limit rate over 20/second drop",
  what: "Find the sender by its Ethernet address and stop it; until then limit the rate of DHCP requests on the bridge (table and chain as in your own rules).",
  appliesWhen: "so many requests come that the server or its pool suffers.",
  limits: "The limit hits honest clients, too.",
  undo: "nft -a list chain bridge filter forward shows the handle N of the rule; nft delete rule bridge filter forward handle N takes it out.",
  check: "The number of DHCP messages a minute falls to what the number of clients explains.",
};

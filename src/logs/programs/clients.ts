import type { LogFact } from "../fact.js";
import { bound, byRules, lost, received, rejected, sent, started, type Groups } from "./pattern.js";

/** Clients other than ISC dhclient. Words from their sources and from recorded logs of the versions in Debian 12. */

/** dhcpcd: src/dhcp.c. "sending REQUEST" is only there at debug level, and does not say where to. */
export const dhcpcd = byRules([
  [/^(?<device>\S+): sending (?<message>DISCOVER|REQUEST) \(xid/, sentMessage],
  [/^(?<device>\S+): renewing lease of (?<address>[\d.]+)/, renewing("unicast")],
  [/^(?<device>\S+): failed to renew DHCP, rebinding/, renewing("broadcast")],
  [/^(?<device>\S+): soliciting a (?:new )?DHCP lease/, sent("DISCOVER", "broadcast")],
  [/^(?<device>\S+): offered (?<address>[\d.]+) from (?<server>[\d.]+)/, received("OFFER")],
  [/^(?<device>\S+): acknowledged (?<address>[\d.]+) from (?<server>[\d.]+)/, received("ACK")],
  [/^(?<device>\S+): NAK:.* from (?<server>[\d.]+)$/, received("NAK")],
  [/^(?<device>\S+): leased (?<address>[\d.]+) for (?<seconds>\d+) seconds/, bound],
  [/^(?<device>\S+): leased (?<address>[\d.]+) for infinity/, bound],
  [/^(?<device>\S+): (?:DHCP lease|lease) expired/, lost],
  [/^(?<device>\S+): checksum failure from (?<server>[\d.]+)/, rejected],
  [/^dhcpcd-(?<version>\S+) starting/, started],
]);

/** busybox udhcpc: networking/udhcp/dhcpc.c; before 1.27 its words began with capitals. */
export const udhcpc = byRules([
  [/^sending discover|^broadcasting discover/i, sent("DISCOVER", "broadcast")],
  [/^(?:sending|broadcasting) select for (?<address>[\d.]+)/i, sent("REQUEST", "broadcast")],
  [/^sending renew to server (?<server>[\d.]+)/i, sent("REQUEST", "unicast")],
  [/^broadcasting renew/i, sent("REQUEST", "broadcast")],
  [/^sending renew/i, sent("REQUEST", null)],
  [/^lease of (?<address>[\d.]+) obtained(?: from (?<server>[\d.]+))?, lease time (?<seconds>\d+)/i, bound],
  [/^received DHCP NAK/i, received("NAK")],
  [/^lease lost, entering init state/i, lost],
  [/^packet with bad UDP checksum/i, rejected],
  [/^started, v(?<version>\S+)/, started],
]);

/** systemd-networkd: sd-dhcp-client.c; all but the first two only at debug level. */
export const networkd = byRules([
  [/^(?<device>\S+): DHCPv4 address (?<address>[\d.]+)\/\d+.* (?:acquired|received) from (?<server>[\d.]+)/, bound],
  [/^(?<device>\S+): DHCP lease lost/, lost],
  [/^(?<device>\S+): DHCPv4 client: DISCOVER$/, sent("DISCOVER", "broadcast")],
  [/^(?<device>\S+): DHCPv4 client: REQUEST \(renewing\)/, sent("REQUEST", "unicast")],
  [/^(?<device>\S+): DHCPv4 client: REQUEST \((?:requesting|rebinding|init-reboot)\)/, sent("REQUEST", "broadcast")],
  [/^(?<device>\S+): DHCPv4 client: OFFER/, received("OFFER")],
  [/^(?<device>\S+): DHCPv4 client: ACK/, received("ACK")],
  [/^(?<device>\S+): DHCPv4 client: NAK/, received("NAK")],
  [/^(?<device>\S+): DHCPv4 client: EXPIRED/, lost],
  [/\bignoring packet: invalid UDP checksum/, rejected],
  [/^(?<device>\S+): DHCPv4 client: STARTED/, started],
]);

/** NetworkManager: nm-dhcp-nettools.c; "event:" only at debug level. A lease that is the same again is still a new lease. */
export const networkManager = byRules([
  [/dhcp4 \((?<device>[^)]+)\): event: send DISCOVER/, sent("DISCOVER", "broadcast")],
  [
    /dhcp4 \((?<device>[^)]+)\): event: send REQUEST of (?<address>[\d.]+) to 255\.255\.255\.255/,
    sent("REQUEST", "broadcast"),
  ],
  [
    /dhcp4 \((?<device>[^)]+)\): event: send REQUEST of (?<address>[\d.]+) to (?<server>[\d.]+)/,
    sent("REQUEST", "unicast"),
  ],
  [/dhcp4 \((?<device>[^)]+)\): event: received OFFER of (?<address>[\d.]+) from (?<server>[\d.]+)/, received("OFFER")],
  [/dhcp4 \((?<device>[^)]+)\): event: received ACK of (?<address>[\d.]+) from (?<server>[\d.]+)/, received("ACK")],
  [/dhcp4 \((?<device>[^)]+)\): event: received NACK/, received("NAK")],
  [/dhcp4 \((?<device>[^)]+)\): state changed.* address=(?<address>[\d.]+)/, bound],
  [/dhcp4 \((?<device>[^)]+)\): state changed (?:no lease|.*-> (?:expire|fail|timeout))/, lost],
]);

/** ConnMan logs what happened to leases, not to messages. */
export const connmand = byRules([
  [/lease_available_cb\(\) Lease available/, bound],
  [/lease_lost_cb\(\) Lease lost/, lost],
]);

/** OpenBSD dhcpleased: sbin/dhcpleased/engine.c. */
export const dhcpleased = byRules([
  [/^parse_dhcp: bad UDP checksum/, rejected],
  [/^adding (?<address>[\d.]+) to (?<device>\S+) \(lease from (?<server>[\d.]+)\)/, bound],
  [/^deleting (?<address>[\d.]+) from (?<device>\S+)/, lost],
]);

function sentMessage(groups: Groups): LogFact {
  return sent(groups.text("message") === "DISCOVER" ? "DISCOVER" : "REQUEST", null)(groups);
}

function renewing(way: "unicast" | "broadcast"): (groups: Groups) => LogFact {
  return (groups) => ({ kind: "renewing", address: groups.address("address"), way });
}

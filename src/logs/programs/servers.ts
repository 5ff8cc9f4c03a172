import type { LogFact } from "../fact.js";
import { counted } from "./dhclient.js";
import { byRules, type Groups } from "./pattern.js";

/** Servers: what they took in and what they sent, for which client. */

const MAC = "(?<client>[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})";

/** ISC dhcpd: server/dhcp.c. The server identifier that a REQUEST names stands in brackets behind the address. */
export const dhcpd = byRules([
  [new RegExp(`^DHCPDISCOVER from ${MAC}(?: \\([^)]*\\))? via [^:]+(?:: (?<remark>.*))?$`), served("DISCOVER")],
  [new RegExp(`^DHCPOFFER on (?<address>[\\d.]+) to ${MAC}`), served("OFFER")],
  [
    new RegExp(
      `^DHCPREQUEST for (?<address>[\\d.]+)(?: \\([\\d.]+\\))? from ${MAC}(?: \\([^)]*\\))? via [^:]+(?:: (?<remark>.*))?$`,
    ),
    served("REQUEST"),
  ],
  [new RegExp(`^DHCPACK on (?<address>[\\d.]+) to ${MAC}`), served("ACK")],
  [new RegExp(`^DHCPNAK on (?<address>[\\d.]+) to ${MAC}`), served("NAK")],
  [new RegExp(`^DHCPRELEASE of (?<address>[\\d.]+) from ${MAC}`), served("RELEASE")],
  [new RegExp(`^DHCPDECLINE of (?<address>[\\d.]+) from ${MAC}`), served("DECLINE")],
  [/^(?<bad>\d{1,9}) bad (?<sum>udp|IP) checksums (?:seen )?in (?<seen>\d{1,9}) packets/, counted],
  [/^reuse_lease: lease age \d+ \(secs\) under/, () => ({ kind: "remark", topic: "reused-lease" })],
  [/no free leases/, () => ({ kind: "remark", topic: "no-free-leases" })],
  [/^Server starting service/, () => ({ kind: "started", version: null })],
]);

/** dnsmasq: rfc2131.c log_packet(); the number before the message is the xid, with log-dhcp only. */
export const dnsmasq = byRules([
  ...(["DISCOVER", "OFFER", "REQUEST", "ACK", "NAK", "RELEASE", "DECLINE"] as const).map(
    (message) =>
      [
        new RegExp(`^(?:\\d+ )?DHCP${message}\\([^)]+\\) (?:(?<address>[\\d.]+) )?${MAC}(?: (?<remark>.*))?$`),
        served(message),
      ] as const,
  ),
  [/no address range available|no address available/, () => ({ kind: "remark", topic: "no-free-leases" })],
  [/^started, version/, () => ({ kind: "started", version: null })],
]);

/** Kea: the messages DHCP4_LEASE_ALLOC and DHCP4_LEASE_ADVERT (OFFER since 2.4) of src/bin/dhcp4. */
export const kea = byRules([
  [
    new RegExp(`DHCP4_LEASE_ALLOC \\[hwtype=\\d+ ${MAC}\\].*: lease (?<address>[\\d.]+) has been allocated`),
    served("ACK"),
  ],
  [
    new RegExp(`DHCP4_LEASE_(?:ADVERT|OFFER) \\[hwtype=\\d+ ${MAC}\\].*: lease (?<address>[\\d.]+) will be`),
    served("OFFER"),
  ],
  [new RegExp(`DHCP4_RELEASE \\[hwtype=\\d+ ${MAC}\\].*address (?<address>[\\d.]+)`), served("RELEASE")],
  [/ALLOC_ENGINE_V4_ALLOC_FAIL/, () => ({ kind: "remark", topic: "no-free-leases" })],
  [/DHCP4_STARTED/, () => ({ kind: "started", version: null })],
]);

/** busybox udhcpd names the address, not the client. */
export const udhcpd = byRules([
  [/^sending OFFER (?:of|to) (?<address>[\d.]+)/i, served("OFFER")],
  [/^sending ACK to (?<address>[\d.]+)/i, served("ACK")],
  [/^sending NAK/i, served("NAK")],
  [/^no free IP addresses/i, () => ({ kind: "remark", topic: "no-free-leases" })],
  [/^started, v/, () => ({ kind: "started", version: null })],
]);

type Served = Extract<LogFact, { kind: "served" }>;

function served(message: Served["message"]): (groups: Groups) => LogFact {
  return (groups) => ({
    kind: "served",
    message,
    address: groups.address("address"),
    client: groups.text("client")?.replace(/\b(?=.(?::|$))/g, "0") ?? null,
    remark: groups.text("remark"),
  });
}

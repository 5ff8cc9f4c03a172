import { parseIpv4 } from "../../wire/addresses.js";
import type { LogFact } from "../fact.js";
import { bound, byRules, lost, received, started, type Groups } from "./pattern.js";

/**
 * ISC dhclient of all versions (client/dhclient.c, common/packet.c) and FreeBSD's, which kept its words. Version 3 and 4.1
 * name no address in "DHCPREQUEST on eth0 to …" and no "of A" in "DHCPACK from S".
 */
export const dhclient = byRules([
  [
    /^DHCP(?<message>DISCOVER|REQUEST|RELEASE|DECLINE)(?: (?:for|of) (?<address>[\d.]+))? on (?<device>\S+)(?: to (?<to>[\d.]+))? port \d+/,
    sentTo,
  ],
  [/^DHCPOFFER(?: of (?<address>[\d.]+))? from (?<server>[\d.]+)/, received("OFFER")],
  [/^DHCPACK(?: of (?<address>[\d.]+))? from (?<server>[\d.]+)/, received("ACK")],
  [/^DHCPNAK from (?<server>[\d.]+)/, received("NAK")],
  [/^bound to (?<address>[\d.]+)\b/, bound],
  [/^(?<bad>\d{1,9}) bad (?<sum>udp|IP) checksums (?:seen )?in (?<seen>\d{1,9}) packets/, counted],
  [
    /^Listening on (?:LPF|BPF|Socket|DLPI)\/(?<device>[^/\s]+)(?:\/(?<hardware>[0-9a-f:]{17}))?$/,
    (groups) => ({ kind: "interface", hardware: groups.text("hardware") }),
  ],
  [/^Internet Systems Consortium DHCP Client (?<version>\S+)/, started],
  // dhclient itself says nothing at expiry; exit hooks often do.
  [/\breason=EXPIRE\b/, lost],
  [/^(?:XMT|RCV|PRC): /, () => ({ kind: "remark", topic: "dhcpv6" })],
  [/^No working leases in persistent database/, lost],
]);

function sentTo(groups: Groups): LogFact | null {
  const message = groups.text("message");
  if (message !== "DISCOVER" && message !== "REQUEST" && message !== "RELEASE" && message !== "DECLINE") return null;
  const to = parseIpv4(groups.text("to") ?? "");
  const way = to === null ? null : to === 0xffff_ffff ? "broadcast" : "unicast";
  return { kind: "sent", message, address: groups.address("address"), way, server: way === "unicast" ? to : null };
}

/** Shared with dhcpd: common/packet.c counts for both. */
export function counted(groups: Groups): LogFact {
  return {
    kind: "counted",
    sum: groups.text("sum") === "udp" ? "udp" : "ip",
    bad: groups.number("bad") ?? 0,
    seen: groups.number("seen") ?? 0,
  };
}

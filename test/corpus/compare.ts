import type { Checksum, Frame } from "../../src/report/events.js";
import type { Row } from "../wire/tshark-table.js";

/** What one side says of a frame, column by column. */
export type Columns = Readonly<Record<string, string>>;

/** tshark's IPv4 verdicts. */
const IP_STATUS = new Map([
  ["0", "bad"],
  ["1", "good"],
  ["2", "unverified"],
]);

/** The tables' names of verdicts; "zero" of IPv4 is `absent`, and what was cut may look partial. */
const CLASSES = new Map([
  ["zero", "absent"],
  ["garbage", "bad"],
  ["unverified-looks-partial", "unverified looks-partial"],
]);

const MESSAGES = new Map([
  ["1", "DISCOVER"],
  ["2", "OFFER"],
  ["3", "REQUEST"],
  ["4", "DECLINE"],
  ["5", "ACK"],
  ["6", "NAK"],
  ["7", "RELEASE"],
  ["8", "INFORM"],
]);

/** A row of tshark's table in the words of our records; columns that records do not have are left out. */
export function theirs(row: Row): Columns {
  const address = (column: string): string => (row.first(column) === "0.0.0.0" ? "" : row.first(column));
  const status = row.first("ip.checksum.status");
  const verdict = row.text("udp_checksum_class");
  return {
    time: row.text("frame.time_epoch"),
    src: row.first("eth.src"),
    dst: row.first("eth.dst"),
    vlan: [row.text("ieee8021ad.id"), row.text("vlan.id")].filter((text) => text !== "").join(","),
    ipSrc: row.first("ip.src"),
    ipDst: row.first("ip.dst"),
    ipChecksum: IP_STATUS.get(status) ?? status,
    udpSrc: row.first("udp.srcport"),
    udpDst: row.first("udp.dstport"),
    stored: row.first("udp.checksum"),
    expected: row.first("udp.checksum_calculated"),
    verdict: CLASSES.get(verdict) ?? verdict,
    message: MESSAGES.get(row.first("dhcp.option.dhcp")) ?? row.first("dhcp.option.dhcp"),
    op: row.first("dhcp.type"),
    xid: row.first("dhcp.id"),
    secs: row.first("dhcp.secs"),
    client: row.first("dhcp.hw.mac_addr"),
    ciaddr: address("dhcp.ip.client"),
    yiaddr: address("dhcp.ip.your"),
    giaddr: address("dhcp.ip.relay"),
    serverId: address("dhcp.option.dhcp_server_id"),
    lease: row.first("dhcp.option.ip_address_lease_time"),
    t1: row.first("dhcp.option.renewal_time_value"),
    t2: row.first("dhcp.option.rebinding_time_value"),
    requested: address("dhcp.option.requested_ip_address"),
    vendorClass: row.text("dhcp.option.vendor_class_id"),
    hostname: row.text("dhcp.option.hostname"),
    stopped: row.text("_ws.malformed") + row.text("_ws.short") === "" ? "" : "stopped",
  };
}

/** A frame's record in the same words. */
export function ours(frame: Frame): Columns {
  const { link, ip, udp, dhcp } = frame;
  const text = (value: string | number | null | undefined): string => String(value ?? "");
  return {
    time: frame.time === null ? "" : epoch(frame.time),
    src: text(link.src),
    dst: text(link.dst),
    vlan: link.vlan.join(),
    ipSrc: text(ip?.src),
    ipDst: text(ip?.dst),
    ipChecksum: text(ip?.checksum?.verdict),
    udpSrc: text(udp?.src),
    udpDst: text(udp?.dst),
    stored: text(udp?.checksum.stored),
    expected: text(udp?.checksum.expected),
    verdict: udp === null ? "" : verdictOf(udp.checksum),
    message: text(dhcp?.message),
    op: dhcp === null ? "" : frame.outcome === null ? "1" : "2",
    xid: text(dhcp?.xid),
    secs: text(dhcp?.secs),
    client: text(dhcp?.client),
    ciaddr: text(dhcp?.ciaddr),
    yiaddr: text(dhcp?.yiaddr),
    giaddr: text(dhcp?.giaddr),
    serverId: text(dhcp?.serverId),
    lease: text(dhcp?.leaseTime),
    t1: text(dhcp?.t1),
    t2: text(dhcp?.t2),
    requested: text(dhcp?.requested),
    vendorClass: text(dhcp?.vendorClass),
    hostname: text(dhcp?.hostname),
    stopped: frame.stopped === null ? "" : "stopped",
  };
}

function verdictOf({ verdict, pattern }: Checksum): string {
  return pattern === "looks-partial" ? `${verdict} ${pattern}` : verdict;
}

/** As tshark prints it: seconds since 1970 with nine digits. */
function epoch(time: string): string {
  const [, fraction = ""] = /\.(\d+)Z$/.exec(time) ?? [];
  return `${Math.floor(Date.parse(time) / 1000)}.${fraction.padEnd(9, "0")}`;
}

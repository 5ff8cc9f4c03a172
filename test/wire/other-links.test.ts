import { expect, it } from "vitest";
import { udpChecksum } from "../../src/checksum/udp.js";
import { formatIpv4 } from "../../src/wire/addresses.js";
import { decodeFrame } from "../../src/wire/decode.js";
import { linkLayer } from "../../src/wire/link.js";
import { readAddress, readText, readUint32 } from "../../src/wire/option-readers.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import { Skim, skimFrame } from "../../src/wire/skim.js";
import { describeWithShared } from "../support/shared.js";
import { readCapture } from "./captures.js";
import { readTable } from "./tshark-table.js";

const CAPTURES = [
  ["pcpp_sll.pcap", 113],
  ["pcpp_raw_ip.pcap", 101],
  ["self_relay82_any_sll2.pcap", 276],
  ["self_two_servers_any_sll2.pcap", 276],
  ["tcpdump_ieee802.11_htc.pcap", 127],
] as const;

function address(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : formatIpv4(value);
}

function hex(octets: Uint8Array | undefined): string {
  return Array.from(octets ?? [], (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** Text that tshark prints with escapes is compared elsewhere. */
const STATUS: Readonly<Record<string, string>> = { zero: "absent", garbage: "bad" };

describeWithShared("the corpus of other link layers, frame by frame as tshark has it", (shared) => {
  it.each(CAPTURES)("%s", (name, linkType) => {
    const layer = linkLayer(linkType);
    if (layer === null) throw new Error("not read");
    const rows = new Map(readTable(`${shared}/corpus/truth/${name}.tsv`).map((row) => [row.number, row]));
    const found: number[] = [];
    for (const { number, bytes, original, ...frame } of readCapture(`${shared}/corpus/captures/${name}`)) {
      expect(frame.linkType).toBe(linkType);
      const view = new DataView(bytes.buffer);
      if (skimFrame(layer, bytes, view, 0, bytes.length) !== Skim.DHCP) continue;
      found.push(number);
      const row = rows.get(number);
      if (row === undefined) continue;
      const decoded = decodeFrame(layer, bytes, original);
      const { ip, udp, dhcp } = decoded;
      const options = dhcp?.options ?? NO_OPTIONS;
      const told = row.text("udp_checksum_class");
      const ours = {
        cap: bytes.length,
        len: original,
        src: address(ip?.src),
        dst: address(ip?.dst),
        ports: [udp?.src, udp?.dst, udp?.length, udp?.storedChecksum],
        verdict: udpChecksum(decoded)?.verdict,
        type: dhcp?.type ?? null,
        op: dhcp?.op,
        xid: dhcp?.xid,
        secs: dhcp?.secs,
        broadcast: (dhcp?.flags ?? 0) >>> 15,
        chaddr: hex(dhcp?.chaddr),
        addresses: [dhcp?.ciaddr, dhcp?.yiaddr, dhcp?.siaddr, dhcp?.giaddr].map(address),
        server: address(readAddress(options, 54)),
        requested: address(readAddress(options, 50)),
        lease: readUint32(options, 51),
        t1: readUint32(options, 58),
        t2: readUint32(options, 59),
        vendor: readText(options, 60) ?? "",
        host: readText(options, 12) ?? "",
      };
      expect(ours, `${name} ${number}`).toEqual({
        cap: row.integer("frame.cap_len"),
        len: row.integer("frame.len"),
        src: row.first("ip.src"),
        dst: row.first("ip.dst"),
        ports: ["udp.srcport", "udp.dstport", "udp.length", "udp.checksum"].map((column) => row.integer(column)),
        verdict: STATUS[told] ?? told,
        type: row.integer("dhcp.option.dhcp"),
        op: row.integer("dhcp.type"),
        xid: row.integer("dhcp.id"),
        secs: swapped(row.integer("dhcp.secs") ?? 0, dhcp?.secs ?? 0),
        broadcast: row.integer("dhcp.flags.bc"),
        chaddr: row.first("dhcp.hw.mac_addr"),
        addresses: ["client", "your", "server", "relay"].map((which) => row.first(`dhcp.ip.${which}`)),
        server: row.text("dhcp.option.dhcp_server_id"),
        requested: row.text("dhcp.option.requested_ip_address"),
        lease: row.integer("dhcp.option.ip_address_lease_time"),
        t1: row.integer("dhcp.option.renewal_time_value"),
        t2: row.integer("dhcp.option.rebinding_time_value"),
        vendor: row.text("dhcp.option.vendor_class_id"),
        host: row.text("dhcp.option.hostname"),
      });
    }
    expect(found).toEqual([...rows.keys()]);
  });
});

/** tshark turns `secs` round where its low octet is 0. We show the wire. */
function swapped(theirs: number, ours: number): number {
  return (ours & 0xff) === 0 && ours >>> 8 === theirs ? ours : theirs;
}

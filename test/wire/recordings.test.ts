import { expect, it } from "vitest";
import { formatIpv4, formatMac } from "../../src/wire/addresses.js";
import { decodeArp } from "../../src/wire/arp.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import { MessageType } from "../../src/wire/dhcp.js";
import { EtherType } from "../../src/wire/ether-type.js";
import { ETHERNET } from "../../src/wire/ethernet.js";
import type { Frame } from "../../src/wire/frame.js";
import { decodeIcmpError } from "../../src/wire/icmp.js";
import { readAddress, readText, readUint32 } from "../../src/wire/option-readers.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import { Skim, skimEthernet } from "../../src/wire/skim.js";
import { describeWithShared } from "../support/shared.js";
import type { Captured } from "./captures.js";
import { capturesBelow, ETHERNET as ETHERNET_LINK, readCapture } from "./captures.js";
import { corpusFrames, guestFrames, scenarioFrames } from "./truth.js";

const typeNames = new Map<number, string>(Object.entries(MessageType).map(([name, type]) => [type, name]));

function viewOf(frame: Captured): DataView {
  return new DataView(frame.bytes.buffer);
}

function skim(frame: Captured): Skim {
  return skimEthernet(frame.bytes, viewOf(frame), 0, frame.bytes.length);
}

function find(frame: Captured, etherType: number): number {
  return ETHERNET.find(viewOf(frame), 0, frame.bytes.length, etherType);
}

function decode(frame: Captured): Frame {
  return decodeEthernet(frame.bytes, frame.original);
}

function hex(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toString(16).padStart(digits, "0");
}

function address(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : formatIpv4(value);
}

describeWithShared("the recorded scenarios", (shared) => {
  const frames = scenarioFrames(shared);

  it("are all there", () => {
    expect(frames.length).toBeGreaterThan(2_000);
  });

  it("each frame is sorted as truth.json has it", () => {
    const kinds = new Map([
      ["dhcp", [Skim.DHCP]],
      ["arp", [Skim.ARP]],
      ["icmp", [Skim.IPV4_OTHER, Skim.ICMP_ERROR]],
      ["ip2", [Skim.IPV4_OTHER]],
    ]);
    for (const { where, frame, said } of frames) {
      expect(kinds.get(said["kind"] ?? "") ?? [Skim.OTHER], where).toContain(skim(frame));
    }
  });

  it("each DHCP frame has the fields of truth.json", () => {
    for (const { where, frame, said } of frames) {
      if (said["kind"] !== "dhcp") continue;
      const { link, ip, udp, dhcp, stopped } = decode(frame);
      const options = dhcp?.options ?? NO_OPTIONS;
      const seconds = (code: number): string => String(readUint32(options, code) ?? "");
      const ours = {
        smac: formatMac(link?.src ?? 0),
        dmac: formatMac(link?.dst ?? 0),
        src: address(ip?.src),
        dst: address(ip?.dst),
        ttl: String(ip?.ttl),
        ipid: String(ip?.id),
        sport: String(udp?.src),
        dport: String(udp?.dst),
        bootp_op: String(dhcp?.op),
        xid: hex(dhcp?.xid, 8),
        secs: String(dhcp?.secs),
        ciaddr: address(dhcp?.ciaddr),
        yiaddr: address(dhcp?.yiaddr),
        giaddr: address(dhcp?.giaddr),
        chaddr: Array.from(dhcp?.chaddr ?? [], (octet) => hex(octet, 2)).join(":"),
        type: typeNames.get(dhcp?.type ?? 0) ?? "",
        serverid: address(readAddress(options, 54)),
        reqip: address(readAddress(options, 50)),
        lease: seconds(51),
        T1: seconds(58),
        T2: seconds(59),
      };
      const theirs = Object.fromEntries(Object.keys(ours).map((key) => [key, said[key] ?? ""]));
      expect(ours, where).toEqual(theirs);
      expect(stopped, where).toBeNull();
    }
  });

  it("each ARP frame has the addresses of truth.json", () => {
    for (const { where, frame, said } of frames) {
      if (said["kind"] !== "arp") continue;
      const arp = decodeArp(viewOf(frame), find(frame, EtherType.ARP), frame.bytes.length);
      const ours = { op: String(arp?.op), spa: address(arp?.senderIp), tpa: address(arp?.targetIp) };
      expect(ours, where).toEqual({ op: said["op"], spa: said["spa"], tpa: said["tpa"] });
    }
  });
});

describeWithShared("the recordings of QEMU guests", (shared) => {
  it.each(guestFrames(shared))("$capture", ({ capture, frames, lines }) => {
    const messages = frames.filter((frame) => skim(frame) === Skim.DHCP);
    expect(lines.length, capture).toBeGreaterThan(0);
    expect(messages).toHaveLength(lines.length);
    for (const [index, frame] of messages.entries()) {
      const { link, ip, udp, dhcp } = decode(frame);
      const ours = {
        type: typeNames.get(dhcp?.type ?? 0),
        path: `${address(ip?.src)}:${String(udp?.src)}>${address(ip?.dst)}:${String(udp?.dst)}`,
        eth: formatMac(link?.dst ?? 0),
        xid: hex(dhcp?.xid, 8),
        secs: String(dhcp?.secs),
        vlan: link?.vlan.join(","),
      };
      expect(ours, `${capture} ${frame.number}`).toEqual({ vlan: "", ...pick(lines[index] ?? {}, Object.keys(ours)) });
    }
  });
});

function pick(said: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(said).filter(([name]) => names.includes(name)));
}

/** tshark's stack of a DHCPv4 frame without tunnels: tags, IPv4, UDP. */
const DIRECT = /^eth:ethertype:(vlan:ethertype:|ieee8021ad:ethertype:)*ip:udp:dhcp/;

/** Some clients write `secs` in little-endian order; tshark turns it round where its low octet is 0. We show the wire. */
function asTsharkReads(secs: number): number {
  return (secs & 0xff) === 0 ? secs >>> 8 : secs;
}

/** By their ports these are DHCP to tshark, but their first octet is neither request nor reply. */
const NO_BOOTP = new Set(["systemd_fuzz_payloads_wrapped.pcap 3", "tcpdump_bootp_asan.pcap 1"]);

describeWithShared("the corpus, column by column as tshark has it", (shared) => {
  const rows = corpusFrames(shared);
  const direct = rows.filter(({ row }) => DIRECT.test(row.text("frame.protocols")));

  it("has direct DHCPv4 frames to compare", () => {
    expect(direct.length).toBeGreaterThan(300);
  });

  it("every DHCPv4 frame is sorted as such, except fragments and what is no BOOTP", () => {
    for (const { where, frame, row } of direct) {
      const fragment = row.integer("ip.frag_offset") !== 0 || row.integer("ip.flags.mf") !== 0;
      expect(skim(frame), where).toBe(fragment ? Skim.FRAGMENT : NO_BOOTP.has(where) ? Skim.IPV4_OTHER : Skim.DHCP);
    }
  });

  it("no other frame is", () => {
    const known = new Set(direct.map(({ where }) => where));
    for (const path of capturesBelow(`${shared}/corpus/captures`)) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      for (const frame of readCapture(path)) {
        const where = `${name} ${frame.number}`;
        if (frame.linkType === ETHERNET_LINK && !known.has(where)) expect(skim(frame), where).not.toBe(Skim.DHCP);
      }
    }
  });

  it("link, network and UDP headers agree", () => {
    for (const { where, frame, row } of direct) {
      const { link, ip, udp } = decode(frame);
      const tags = [row.text("ieee8021ad.id"), row.text("vlan.id")].filter((text) => text !== "").join(",");
      const ours = {
        src: formatMac(link?.src ?? 0),
        dst: formatMac(link?.dst ?? 0),
        vlan: link?.vlan.join(","),
        ipSrc: address(ip?.src),
        ipDst: address(ip?.dst),
        more: ip?.moreFragments === true ? 1 : 0,
      };
      expect(ours, where).toEqual({
        src: row.first("eth.src"),
        dst: row.first("eth.dst"),
        vlan: tags,
        ipSrc: row.first("ip.src"),
        ipDst: row.first("ip.dst"),
        more: row.integer("ip.flags.mf"),
      });
      if (row.integer("ip.frag_offset") !== 0) continue;
      expect([udp?.src, udp?.dst, udp?.length, udp?.storedChecksum], where).toEqual([
        row.integer("udp.srcport"),
        row.integer("udp.dstport"),
        row.integer("udp.length"),
        row.integer("udp.checksum"),
      ]);
    }
  });

  it("BOOTP fields agree, where tshark has them", () => {
    for (const { where, frame, row } of direct) {
      if (row.integer("ip.frag_offset") !== 0 || row.text("dhcp.id") === "") continue;
      const { dhcp } = decode(frame);
      const ours = {
        op: dhcp?.op,
        xid: dhcp?.xid,
        secs: asTsharkReads(dhcp?.secs ?? 0),
        broadcast: (dhcp?.flags ?? 0) >>> 15,
        ciaddr: address(dhcp?.ciaddr),
        yiaddr: address(dhcp?.yiaddr),
        siaddr: address(dhcp?.siaddr),
        giaddr: address(dhcp?.giaddr),
      };
      const theirs = {
        op: NO_BOOTP.has(where) ? dhcp?.op : row.integer("dhcp.type"),
        xid: row.integer("dhcp.id"),
        secs: row.integer("dhcp.secs"),
        broadcast: row.integer("dhcp.flags.bc"),
        ciaddr: row.first("dhcp.ip.client"),
        yiaddr: row.first("dhcp.ip.your"),
        siaddr: row.first("dhcp.ip.server"),
        giaddr: row.first("dhcp.ip.relay"),
      };
      expect(ours, where).toEqual(theirs);
      if (row.text("dhcp.hw.mac_addr") === "") continue; // not Ethernet by its htype
      const mac = Array.from(dhcp?.chaddr ?? [], (octet) => hex(octet, 2)).join(":");
      expect(mac, where).toBe(row.first("dhcp.hw.mac_addr"));
    }
  });

  it("option values agree, where tshark has them", () => {
    for (const { where, frame, row } of direct) {
      if (row.integer("ip.frag_offset") !== 0) continue;
      const { dhcp } = decode(frame);
      const options = dhcp?.options ?? NO_OPTIONS;
      const ours = {
        type: dhcp?.type ?? null,
        lease: readUint32(options, 51),
        t1: readUint32(options, 58),
        t2: readUint32(options, 59),
        server: address(readAddress(options, 54)),
        requested: address(readAddress(options, 50)),
        vendor: readText(options, 60) ?? "",
        host: readText(options, 12) ?? "",
      };
      expect(ours, where).toEqual({
        type: row.integer("dhcp.option.dhcp"),
        lease: row.integer("dhcp.option.ip_address_lease_time"),
        t1: row.integer("dhcp.option.renewal_time_value"),
        t2: row.integer("dhcp.option.rebinding_time_value"),
        server: row.text("dhcp.option.dhcp_server_id"),
        requested: row.text("dhcp.option.requested_ip_address"),
        vendor: row.text("dhcp.option.vendor_class_id"),
        host: row.text("dhcp.option.hostname"),
      });
    }
  });

  it("DHCP quoted in ICMP errors is shown as quoted", () => {
    const quoted = rows.filter(({ row }) =>
      row.text("frame.protocols").startsWith("eth:ethertype:ip:icmp:ip:udp:dhcp"),
    );
    expect(quoted.length).toBeGreaterThan(0);
    for (const { where, frame, row } of quoted) {
      expect(skim(frame), where).toBe(Skim.ICMP_ERROR);
      const error = decodeIcmpError(viewOf(frame), find(frame, EtherType.IPV4), frame.bytes.length);
      expect(`${address(error?.src)},${address(error?.quoted.src)}`, where).toBe(row.text("ip.src"));
      expect(`${address(error?.dst)},${address(error?.quoted.dst)}`, where).toBe(row.text("ip.dst"));
      expect([error?.quoted.srcPort, error?.quoted.dstPort], where).toEqual([
        row.integer("udp.srcport"),
        row.integer("udp.dstport"),
      ]);
    }
  });
});

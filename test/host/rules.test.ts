import { describe, expect, it } from "vitest";
import * as iptables from "../../src/host/iptables.js";
import * as nftables from "../../src/host/nftables.js";
import { fromJson, fromText } from "../../src/host/offload.js";
import { udpChecksumErrors } from "../../src/host/read-host.js";
import { readRules } from "../../src/host/rules.js";
import { filtersIn, recomputeFilters } from "../../src/host/tc.js";
import { doctorReport } from "../../src/report/text-doctor.js";
import { CopiedSystem } from "./copy.js";
import { aHost, ON } from "./some-host.js";

const FILL = "-A LIBVIRT_PRT -o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill";
const LEGACY = "/proc/net/ip_tables_names";

describe("rules that cannot be read", () => {
  it("are not taken for none, and the report says so", async () => {
    const read = await readRules(new CopiedSystem({}, {}, { "nft list ruleset": "" }), new Set());
    expect([read.fill, read.zeroing, read.recompute]).toEqual([null, [], null]);
    const style = { columns: 80, color: false, unicode: false };
    const told = [...doctorReport(aHost([], { fill: null, zeroing: null }), [], style)].join(" ");
    expect(told).toContain("rules of iptables not readable");
    expect(told).toContain("rules of nftables not readable");
    expect(told).not.toContain("no CHECKSUM rule");
  });
});

describe("iptables", () => {
  const modern = (text: string) => ({ "iptables-nft-save -c -t mangle": text });

  it("its rules are read from both variants, the old one only if it has the table", async () => {
    const save = (files: Record<string, string>, answers: Record<string, string>) =>
      iptables.saveTable(new CopiedSystem(files, {}, answers), "mangle");
    const legacy = { "iptables-legacy-save -c -t mangle": `[1:2] ${FILL}` };
    expect(await save({}, modern("new"))).toBe("new");
    expect(await save({ [LEGACY]: "filter\n" }, { ...modern("new"), ...legacy })).toBe("new");
    expect(await save({ [LEGACY]: "mangle\n" }, { ...modern("new"), ...legacy })).toBe(`new\n[1:2] ${FILL}`);
    // Before there were two variants.
    const old = { "iptables-save --version": "iptables-save v1.6.1", "iptables-save -c -t mangle": "old" };
    expect(await save({ [LEGACY]: "mangle\n" }, old)).toBe("\nold");
    expect(await save({}, old)).toBe("");
    // Refused, as to a user who is not root.
    expect(await save({}, { "iptables-nft-save --help": "" })).toBeNull();
  });

  it("a rule that completes checksums", () => {
    expect(iptables.fillRules(`*mangle\n[12:3936] ${FILL}\nCOMMIT\n`)).toEqual([
      { text: FILL, chain: "LIBVIRT_PRT", out: "virbr0", physical: false, packets: 12 },
    ]);
    expect(
      iptables.fillRules("-A POSTROUTING -m physdev --physdev-out vnet3 -p udp -j CHECKSUM --checksum-fill"),
    ).toMatchObject([{ out: null, physical: true, packets: null }]);
    expect(iptables.fillRules("[0:0] -A POSTROUTING -j MARK --set-mark 1")).toEqual([]);
  });

  it.each([
    ["-A FORWARD -m conntrack --ctstate INVALID -j DROP", true],
    ["-A FORWARD -m state --state INVALID,NEW -j REJECT --reject-with icmp-port-unreachable", true],
    ["-A FORWARD -m conntrack --ctstate INVALID -j LOG", false],
    ["-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", false],
  ])("drops what is INVALID: %s", (line, expected) => {
    expect(iptables.dropsInvalid(`[0:0] ${line}\n`)).toBe(expected);
  });
});

describe("nftables", () => {
  it("a rule that clears checksums, with its place", () => {
    const text = `table inet filter {
	chain forward {
		type filter hook forward priority filter; policy accept;
	}
}
table bridge incus {
	chain fwd.br0 {
		udp dport 68 udp checksum set 0x0000
		udp dport 68 @th,48,16 set 0x0
		udp checksum set 0x1234
	}
}
`;
    expect(nftables.zeroingRules(text)).toEqual([
      { text: "udp dport 68 udp checksum set 0x0000", family: "bridge", table: "incus", chain: "fwd.br0" },
      { text: "udp dport 68 @th,48,16 set 0x0", family: "bridge", table: "incus", chain: "fwd.br0" },
    ]);
  });

  it.each([
    ["ct state invalid drop", true],
    ["ct state invalid counter packets 1 bytes 2 drop", true],
    ["ct state { invalid, untracked } reject", true],
    ["ct state vmap { invalid : drop, established : accept, related : accept }", true],
    ["ct state vmap { established : accept, related : accept, invalid : drop }", true],
    ["ct state established,related accept", false],
    ["ct state vmap { invalid : accept, new : drop }", false],
    ["ct state invalid counter packets 1 bytes 2", false],
  ])("drops what is invalid: %s", (line, expected) => {
    expect(nftables.dropsInvalid(`\t\t${line}\n`)).toBe(expected);
  });
});

describe("tc", () => {
  // As iproute2 prints libvirt's filter on its own bridge (tc/f_u32.c, m_csum.c), and a filter for other traffic.
  const LIBVIRT = `filter parent 1: protocol ip pref 2 u32 chain 0 
filter parent 1: protocol ip pref 2 u32 chain 0 fh 800: ht divisor 1 
filter parent 1: protocol ip pref 2 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw 
  match 00000044/0000ffff at 20
	action order 1: csum (iph, udp) action pass
	 index 1 ref 1 bind 1 installed 61 sec used 5 sec
	Action statistics:
	Sent 656 bytes 2 pkt (dropped 0, overlimits 0 requeues 0) 
	backlog 0b 0p requeues 0
`;
  const FLOWER = `filter protocol ip pref 49152 flower chain 0 handle 0x1 
  eth_type ipv4
  ip_proto udp
  dst_port 68
  not_in_hw
	action order 1: csum (udp) action pass
	 index 2 ref 1 bind 1
`;

  it("a filter that computes the checksums of replies, and how many it met", () => {
    const [filter] = filtersIn(LIBVIRT);
    expect(filter?.packets).toBe(2);
    expect(filter?.text).toContain("match 00000044/0000ffff at 20");
    expect(filtersIn(FLOWER)).toMatchObject([{ packets: null }]);
    expect(filtersIn(LIBVIRT.replace("00000044", "00000035"))).toEqual([]);
    expect(filtersIn(FLOWER.replace("dst_port 68", "dst_port 53"))).toEqual([]);
    expect(filtersIn(LIBVIRT.replace("(iph, udp)", "(iph)"))).toEqual([]);
    expect(filtersIn(LIBVIRT.replace("csum (iph, udp)", "gact"))).toEqual([]);
    expect(filtersIn("")).toEqual([]);
  });

  it("is asked of devices that can have filters, at each place where they can be", async () => {
    const qdiscs = [
      { kind: "htb", handle: "1:", dev: "virbr0", root: true },
      { kind: "pfifo_fast", handle: "0:", dev: "vnet1", root: true },
      { kind: "clsact", handle: "ffff:", dev: "vnet1", parent: "ffff:fff1" },
      { kind: "htb", handle: "1:", dev: "eth9", root: true },
    ];
    const system = new CopiedSystem(
      {},
      {},
      {
        "tc -json qdisc show": JSON.stringify(qdiscs),
        "tc -statistics filter show dev virbr0": LIBVIRT,
        "tc -statistics filter show dev vnet1 egress": FLOWER,
        "tc -statistics filter show dev vnet1 ingress": "",
        "tc -statistics filter show dev eth9": LIBVIRT,
      },
    );
    expect(await recomputeFilters(system, new Set(["virbr0", "vnet1"]))).toMatchObject([
      { device: "virbr0", at: "root", packets: 2 },
      { device: "vnet1", at: "egress" },
    ]);
  });
});

describe("ethtool", () => {
  const feature = (active: boolean, fixed: boolean, requested: boolean) => ({ active, fixed, requested });
  const json = (features: object): string => JSON.stringify([{ ifname: "tap0", ...features }]);

  it("as JSON and as text says the same", () => {
    const segmentation = "tx-tcp-segmentation";
    const expected = { name: ON.name, ...feature(false, false, false), segmentation: feature(false, false, true) };
    const both = { [ON.name]: feature(false, false, false), [segmentation]: feature(false, false, true) };
    expect(fromJson(json(both))).toEqual(expected);
    expect(fromText(`\t${ON.name}: off\n\t${segmentation}: off [requested on]\n`)).toEqual(expected);
  });

  it.each([
    ["on", { active: true, fixed: false, requested: true }],
    ["off [fixed]", { active: false, fixed: true, requested: null }],
    ["off [requested on]", { active: false, fixed: false, requested: true }],
    ["on [not requested]", { active: true, fixed: false, requested: false }],
  ])("%s", (words, expected) => {
    expect(fromText(`tx-checksumming: on\n\t${ON.name}: ${words}\n`)).toMatchObject(expected);
  });

  it("the feature that counts is the one that is on, or that can be", () => {
    const netback = { "tx-checksum-ipv4": feature(true, false, true), [ON.name]: feature(false, true, false) };
    expect(fromJson(json(netback))).toMatchObject({ name: "tx-checksum-ipv4", active: true });
    expect(fromText(`\ttx-checksum-ipv4: off\n\t${ON.name}: off [fixed]\n`)).toMatchObject({
      name: "tx-checksum-ipv4",
    });
  });

  it.each([
    "",
    "nothing",
    "[]",
    "{}",
    '[{"tx-checksum-ip-generic":{"active":1}}]',
    '[{"tx-checksum-ip-generic":null}]',
  ])("of %j nothing is known", (text) => {
    expect([fromJson(text), fromText(text)]).toEqual([null, null]);
  });
});

it("the kernel's counter of UDP checksums", () => {
  const snmp =
    "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors\nUdp: 1 2 3 4 5 6 7\n";
  expect(udpChecksumErrors(snmp)).toBe(7);
  expect(udpChecksumErrors("")).toBeNull();
});

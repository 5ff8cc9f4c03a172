import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { find } from "../../src/explain/find.js";
import { MESSAGES } from "../../src/explain/messages.js";
import { pageLines } from "../../src/explain/text.js";

function codeOf(text: string): string | null {
  const found = find(text);
  return found.kind === "page" ? found.code : null;
}

function saysOf(text: string): string {
  const found = find(text);
  return found.kind === "page" ? (found.reading?.says ?? "") : "";
}

describe("what people search for leads to a page", () => {
  it.each([
    ["5 bad udp checksums in 5 packets", "checksum-rejected"],
    ["bad udp checksums in packets", "checksum-rejected"],
    ["Mar  6 10:18:06 virtguest dhclient: 5 bad udp checksums in 5 packets", "checksum-rejected"],
    ["eth0: checksum failure from 10.2.83.1", "checksum-rejected"],
    ["checksum failure from", "checksum-rejected"],
    ["udhcpc: packet with bad UDP checksum, ignoring", "checksum-rejected"],
    ["parse_dhcp: bad UDP checksum", "checksum-rejected"],
    ["DHCP CLIENT: ignoring packet: invalid UDP checksum", "checksum-rejected"],
    ["bad udp cksum", "partial"],
    ["[bad udp cksum 0xf253 -> 0xc874!]", "partial"],
    ["dropping chained buffer", "card-messages"],
    ["le0: dropping chained buffer", "card-messages"],
    ["invalid packet length", "card-messages"],
    ["ed0: NIC memory corrupt - invalid packet length 65535", "card-messages"],
    ["Coll", "collisions"],
    ["collisions on re0", "collisions"],
    ["nf_ct_proto_17: bad checksum IN= OUT= SRC=10.8.12.1", "conntrack"],
    ["nf_ct_udp: bad UDP checksum", "conntrack"],
    ["DHCPNAK from 10.8.12.1", "nak"],
    ["dhcpd: DHCPREQUEST for 10.8.12.9 from 52:54:00:12:65:64 via br0: unknown lease 10.8.12.9.", "no-reply"],
    ["dnsmasq-dhcp: DHCPNAK(br0) 10.8.12.9 52:54:00:12:65:64 lease not found", "nak"],
    ["No DHCPOFFERS received.", "no-reply"],
  ])("%s: %s", (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it("and every line of the list to the page that it names", () => {
    for (const { text, code } of MESSAGES) expect([text, codeOf(text)]).toEqual([text, code]);
  });
});

describe("a code", () => {
  it.each([
    ["offload-partial", "offload-partial"],
    ["OFFLOAD-PARTIAL", "offload-partial"],
    [" partial_seen ", "partial-seen"],
    ["reply ignored", "reply-ignored"],
    ["bit-flip", "bit-flip"],
    ["cut-record", "damage"],
    ["certain", "confidence"],
    ["TAP", "names"],
    ["T1", "lease-time"],
  ])("%s is found", (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it("of a remedy is found as well", () => {
    const found = find("tap-tx-off");
    expect(found.kind === "remedy" && found.remedy.command).toBe("ethtool -K TAP tx off");
  });

  it.each([
    ["offlod-partial", "offload-partial"],
    ["nka", "nak"],
    ["no-repyl", "no-reply"],
    ["lease", "lease-time"],
  ])("%s is no code, but %s is near", (text, near) => {
    const found = find(text);
    expect(found.kind === "nothing" && found.near[0]).toBe(near);
  });

  it.each(["", "xyzzy", "toString", "__proto__", "constructor", "a".repeat(100_000)])("%j is not found", (text) => {
    expect(find(text).kind).toBe("nothing");
  });
});

describe("a pasted line is read", () => {
  it("by the rule of ISC's counters: more than half bad, of five or more", () => {
    expect(saysOf("5 bad udp checksums in 5 packets")).toContain("All 5 packets");
    expect(saysOf("3 bad udp checksums in 5 packets")).toContain("3 of the 5 packets");
    for (const line of [
      "2 bad udp checksums in 5 packets",
      "4 bad udp checksums in 4 packets",
      "6 bad udp checksums in 5 packets",
    ]) {
      expect(saysOf(line)).toBe("");
    }
  });

  // Published lines (Harvester issue 5160; docker-openwrt issue 4) and their lengths.
  it.each([
    ["192.168.48.77.67 > 255.255.255.255.68: [bad udp cksum 0xf253 -> 0xc874!] BOOTP/DHCP, Reply, length 325", "f253"],
    ["192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0xa72e -> 0x1234!] BOOTP/DHCP, Reply, length 300", "a72e"],
  ])("by arithmetic: %s is unfinished", (line, sum) => {
    expect(codeOf(line)).toBe("partial");
    expect(saysOf(line)).toContain(`= ${sum}, and that is what it carries`);
  });

  it("by arithmetic: any other value is not", () => {
    const line = "10.8.12.1.67 > 10.8.12.150.68: [bad udp cksum 0x1111 -> 0xfc32!] BOOTP/DHCP, Reply, length 300";
    expect(codeOf(line)).toBe("bad");
    // fc32 + 2dec, carry added: what a rule that sets the sum to 0 leaves.
    expect(codeOf(line.replace("0x1111", "0x2a1f"))).toBe("no-pseudo-header");
  });
});

describe("whatever is pasted", () => {
  const pieces = [
    ...MESSAGES.map(({ text }) => text),
    "9",
    "0x2dec -> ",
    "10.8.12.1.67 > 255.255.255.255.68: ",
    "\u001b[31m",
    "\u202e",
  ];

  it("is answered with plain text, and nothing of it is repeated that could move a cursor", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" }))), (parts) => {
        const found = find(parts.join(""));
        if (found.kind !== "page") return;
        const lines = [...pageLines(found, { columns: 80, color: false, unicode: true })];
        expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { DumpReader } from "../../src/logs/dump.js";
import { inspectText, shortly } from "./support.js";

describe("a line of tcpdump -vv", () => {
  // As published for real incidents: harvester 5160, docker-openwrt 4, virtio-win 1630; only the stored values were.
  it.each([
    [
      "192.168.48.77.67 > 255.255.255.255.68: [bad udp cksum 0xf253 -> 0xc874!] BOOTP/DHCP, Reply, length 325",
      "partial",
    ],
    ["192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0xa72e -> 0x1234!] BOOTP/DHCP, Reply, length 300", "partial"],
    [
      "192.168.10.1.bootps > 192.168.10.215.bootpc: [bad udp cksum 0x9783 -> 0x1234!] BOOTP/DHCP, Reply, length 321",
      "partial",
    ],
    ["192.168.10.1.67 > 192.168.10.215.68: [bad udp cksum 0x9784 -> 0x1234!] BOOTP/DHCP, Reply, length 321", "bad"],
    ["192.168.10.1.67 > 192.168.10.215.68: [udp sum ok] BOOTP/DHCP, Reply, length 321", "good"],
    ["192.168.10.1.67 > 192.168.10.215.68: [no cksum] BOOTP/DHCP, Reply, length 321", "absent"],
  ])("%s", (line, verdict) => {
    expect(new DumpReader().read(line)?.checksum.verdict).toBe(verdict);
  });

  it("takes the length from the line of the IP header if its own has none", () => {
    const reader = new DumpReader();
    expect(
      reader.read("11:00:01.5 IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 328)"),
    ).toBeNull();
    expect(reader.read("    192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0xa72e -> 0x1234!] UDP")).toMatchObject(
      {
        length: 308,
        checksum: { verdict: "partial", stored: 0xa72e, expected: 0x1234 },
      },
    );
    expect(reader.read("    192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0xa72e -> 0x1234!] UDP")).toBeNull();
  });

  it.each([
    "gateway.67 > 10.0.0.2.68: [bad udp cksum 0x1 -> 0x2!] BOOTP/DHCP, Reply, length 300",
    "10.0.0.1.67 > 10.0.0.2.68: BOOTP/DHCP, Reply, length 300",
    "300.0.0.1.67 > 10.0.0.2.68: [no cksum] BOOTP/DHCP, Reply, length 300",
  ])("%s is none", (line) => {
    expect(new DumpReader().read(line)).toBeNull();
  });

  it("is a note where partial, a warning where wrong, and nothing where it is not DHCP", () => {
    const partial =
      "192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0xa72e -> 0x1234!] BOOTP/DHCP, Reply, length 300";
    const bad = "192.168.18.2.67 > 192.168.18.150.68: [bad udp cksum 0x1 -> 0x1234!] BOOTP/DHCP, Reply, length 300";
    const dns = "192.168.18.2.53 > 192.168.18.150.999: [bad udp cksum 0x1 -> 0x1234!] length 300";
    const inspection = inspectText([partial, bad, partial, dns].join("\n"));
    expect(shortly(inspection)).toEqual(["note partial-seen -", "warning bad-seen -"]);
    expect(inspection.findings[0]?.evidence.map(({ line }) => line)).toEqual([1, 3]);
    expect(inspection.findings[0]?.proof[0]).toContain("0xc0a8, 0x1202, 0xc0a8, 0x1296, 0x0011 and 0x0134");
  });
});

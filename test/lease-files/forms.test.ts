import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KnownLease } from "../../src/lease-files/known-lease.js";
import { leasesOf } from "../../src/lease-files/recognise.js";
import { formatIpv4 } from "../../src/wire/addresses.js";
import { requireTool } from "../support/tools.js";

const WRITTEN = 1_795_398_216;
const utc = (text: string): number => Date.parse(text) / 1000;

function read(content: string | Uint8Array): [string | undefined, unknown[]] {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const found = leasesOf(bytes, WRITTEN);
  return [found?.form, (found?.leases ?? []).map(shortly)];
}

function shortly({ hardware, address, start, leaseTime, expires, t1, t2 }: KnownLease): unknown[] {
  return [hardware, formatIpv4(address), start, leaseTime, expires, t1, t2];
}

const recorded = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`recorded/${name}`, import.meta.url)));

describe("lease files", () => {
  it("dhclient.leases of Linux, with T1 and T2 as the client drew them", () => {
    const text = `default-duid "\\000\\001;}\\"";
lease {
  interface "eth0";
  fixed-address 10.8.12.150;
  option dhcp-lease-time 120;
  option dhcp-server-identifier 10.8.12.1;
  option unknown-224 "a;b}";
  renew 0 2026/11/22 11:02:04;
  rebind 0 2026/11/22 11:02:14;
  expire 0 2026/11/22 11:03:50;
}
`;
    expect(read(text)).toEqual([
      "dhclient",
      [[null, "10.8.12.150", utc("2026-11-22T11:01:50Z"), 120, utc("2026-11-22T11:03:50Z"), 14, 24]],
    ]);
  });

  it("of FreeBSD without leading zeros, and with epochs", () => {
    const text = `lease {
  fixed-address 10.0.0.2;
  option dhcp-lease-time 3600;
  renew 6 2026/3/7 9:5:0;
  rebind epoch 1772875500; # Sat Mar  7 09:25:00 2026
  expire 6 2026/3/7 9:35:0;
}
lease { fixed-address 10.0.0.3; option dhcp-lease-time 4294967295; renew never; rebind never; expire never; }
`;
    const start = utc("2026-03-07T08:35:00Z");
    expect(read(text)).toEqual([
      "dhclient",
      [
        [null, "10.0.0.2", start, 3600, start + 3600, 1800, 1_772_875_500 - start],
        [null, "10.0.0.3", null, Infinity, Infinity, null, null],
      ],
    ]);
  });

  it("dhcpd.leases: active ones, also where the end is cut", () => {
    const text = `# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;
lease 10.8.12.100 {
  starts 0 2026/11/22 11:01:49;
  ends 0 2026/11/22 11:02:25;
  binding state active;
  next binding state free;
  hardware ethernet 52:54:00:12:6D:64;
  uid "\\377\\021";
}
lease 10.8.12.101 { starts 0 2026/11/22 11:01:49; ends 0 2026/11/22 11:02:25; binding state free; hardware ethernet 52:54:00:12:6d:65; }
lease 10.8.12.102 { starts 0 2026/11/22 11:01:49;`;
    const start = utc("2026-11-22T11:01:49Z");
    expect(read(text)).toEqual(["dhcpd", [["52:54:00:12:6d:64", "10.8.12.100", start, 36, start + 36, null, null]]]);
  });

  it("dnsmasq.leases: the end alone", () => {
    const text =
      "1795345590 52:54:00:12:65:64 10.8.12.150 * *\n0 52:54:00:12:65:65 10.8.12.151 web 01:52:54\nduid 00:01\n";
    expect(read(text)).toEqual([
      "dnsmasq",
      [
        ["52:54:00:12:65:64", "10.8.12.150", null, null, 1_795_345_590, null, null],
        ["52:54:00:12:65:65", "10.8.12.151", null, Infinity, Infinity, null, null],
      ],
    ]);
  });

  it("Kea's memfile: the latest rows, without those that were deleted", () => {
    const text = `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.0.0.5,52:54:00:00:00:05,,3600,1795349190,1,0,0,web&#x2c01,0,,0
10.0.0.6,52:54:00:00:00:06,,0,1795349190,1,0,0,,0,,0
10.0.0.7,52:54:00:00:00:07,,3600,1795349190,1,0,0,,1,,0
`;
    expect(read(text)).toEqual([
      "kea",
      [["52:54:00:00:00:05", "10.0.0.5", 1_795_345_590, 3600, 1_795_349_190, null, null]],
    ]);
  });

  it("systemd-networkd's, with durations as numbers and with units", () => {
    const text =
      "# This is private data. Do not parse.\nADDRESS=10.0.0.9\nSERVER_ADDRESS=10.0.0.1\nT1=30min\nT2=3150\nLIFETIME=1h\n";
    expect(read(text)).toEqual(["networkd", [[null, "10.0.0.9", WRITTEN, 3600, WRITTEN + 3600, 1800, 3150]]]);
  });

  it.each([40, 86_399, 2_678_400, 31_600_000, 4_000_000_000])(
    "of %d s as systemd 255 and later write them",
    (duration) => {
      const told = execFileSync(requireTool("systemd-analyze"), ["timespan", `${duration}s`], { encoding: "utf8" });
      const words = /Human: (.*)/.exec(told)?.[1] ?? "";
      const text = `ADDRESS=10.0.0.9\nT1=${words}\nLIFETIME=${words}\n`;
      expect(read(text)).toEqual([
        "networkd",
        [[null, "10.0.0.9", WRITTEN, duration, WRITTEN + duration, duration, null]],
      ]);
    },
  );

  it("of networkd without end, and with what is no duration", () => {
    expect(read("ADDRESS=10.0.0.9\nLIFETIME=infinity\n")).toEqual([
      "networkd",
      [[null, "10.0.0.9", WRITTEN, Infinity, Infinity, null, null]],
    ]);
    expect(read("ADDRESS=10.0.0.9\nLIFETIME=1fortnight\n")).toEqual(["networkd", []]);
  });

  it("with a lease that a crash cut short, before the one that the program went on with", () => {
    const whole = (last: number): string =>
      `lease {\n  fixed-address 10.0.0.${last};\n  option dhcp-lease-time 60;\n  option host-name "a\\"{";\n  expire epoch 1772875500;\n}\n`;
    for (const spoiled of [
      "lease {\n  fixed-address 10.0.0.2;\n",
      'lease {\n  option host-name "web;\n',
      "lease {\n  x { y {\n",
    ]) {
      expect(read(`${whole(1)}${spoiled}${whole(3)}`)[1]).toMatchObject([{ 1: "10.0.0.1" }, { 1: "10.0.0.3" }]);
    }
  });

  it("dhcpcd's and udhcpd's", () => {
    expect(read(recorded("dhcpcd-eth0.lease"))).toEqual([
      "dhcpcd",
      [["52:54:00:bb:60:03", "10.77.1.103", WRITTEN, 40, WRITTEN + 40, null, null]],
    ]);
    const [form, leases] = read(recorded("udhcpd.leases"));
    expect(form).toBe("udhcpd");
    expect(leases).toContainEqual(["52:54:00:bb:95:05", "10.77.1.107", null, null, 1_795_398_335 + 26, null, null]);
    // One of the six had run out when the file was written.
    expect(leases).toHaveLength(5);
  });

  it("anything else is none, and never throws", () => {
    expect(read("hello")).toEqual([undefined, []]);
    const spoiled = fc
      .tuple(fc.constantFrom("dhcpcd-eth0.lease", "udhcpd.leases"), fc.nat(400), fc.nat(255))
      .map(([name, at, value]) =>
        recorded(name)
          .map((byte, index) => (index === at ? value : byte))
          .subarray(0, 50 + at),
      );
    const words = fc
      .array(
        fc.constantFrom("lease", "{", "}", ";", '"', "10.0.0.1", "expire", "never", "option", "#", "\n", "\\", " "),
      )
      .map((parts) => new TextEncoder().encode(`lease {${parts.join(" ")}`));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), spoiled, words), (bytes) => {
        leasesOf(bytes, WRITTEN);
      }),
    );
    expect(() => leasesOf(new TextEncoder().encode("lease {".repeat(100_000)), WRITTEN)).not.toThrow();
  });
});

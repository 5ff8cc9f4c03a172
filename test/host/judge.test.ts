import { describe, expect, it } from "vitest";
import type { HostFacts, Nic, Offload } from "../../src/host/facts.js";
import { judgeHost } from "../../src/host/judge.js";
import { fromText } from "../../src/host/offload.js";
import { fillRules, readRules, zeroingRules } from "../../src/host/rules.js";
import { doctorReport } from "../../src/report/text-doctor.js";
import { CopiedSystem } from "./copy.js";
import { udpChecksumErrors } from "../../src/host/read-host.js";

const ON: Offload = { active: true, fixed: false, requested: true };
const OFF: Offload = { active: false, fixed: false, requested: false };

function host(offload: Offload, nic: Partial<Nic> | null, rules: Partial<HostFacts["rules"]> = {}): HostFacts {
  const machine =
    nic === null
      ? null
      : {
          pid: 1,
          name: "web01",
          program: "qemu",
          nic: { model: null, mac: null, vhost: null, csum: null, guestCsum: null, ...nic },
        };
  const port = { name: "vnet3", kind: "tap", mac: null, state: "up", counters: null, offload } as const;
  return {
    bridges: [{ name: "br0", kind: "linux", offload: ON, ports: [{ ...port, tap: { vnetHeader: true, machine } }] }],
    loose: [],
    rules: { fill: [], zeroing: [], bridgeCallsIptables: null, conntrackVerifies: null, ...rules },
    udpChecksumErrors: 0,
    unreadable: [],
  };
}

const codes = (facts: HostFacts): string[] => judgeHost(facts).map(({ severity, code }) => `${severity} ${code}`);

describe("what a port's set-up means", () => {
  it.each([
    ["an emulated card behind an offloading tap", ON, { model: "e1000" }, ["error emulated-offload"]],
    ["an emulated card as QEMU sets it up", OFF, { model: "rtl8139" }, []],
    ["a card that completes sums", ON, { model: "e1000e" }, []],
    ["virtio as usual", ON, { model: "virtio-net-pci" }, ["note exposed"]],
    ["virtio with guest_csum=off", OFF, { model: "virtio-net-pci", guestCsum: false }, []],
    ["virtio whose tap was switched", OFF, { model: "virtio-net-device" }, ["note tx-off-by-hand"]],
    ["a card that nobody knows", ON, { model: "x-new" }, []],
    ["a tap that nobody holds", ON, null, ["note machine-unknown"]],
  ])("%s", (_name, offload, nic, expected) => {
    expect(codes(host(offload, nic))).toEqual(expected);
  });

  it("vhost is past QEMU's own completion", () => {
    const detail = (vhost: boolean): string => judgeHost(host(ON, { model: "virtio-net-pci", vhost }))[0]?.detail ?? "";
    expect(detail(true)).toContain("never runs");
    expect(detail(false)).toContain("VLAN tag");
  });
});

describe("rules of the host", () => {
  it("a CHECKSUM rule that met nothing, where bridged frames pass it by", () => {
    const fill = fillRules(
      "*mangle\n[0:0] -A POSTROUTING -o br0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill\nCOMMIT\n",
    );
    expect(fill).toMatchObject([{ chain: "POSTROUTING", out: "br0", packets: 0 }]);
    expect(codes(host(OFF, { model: "e1000" }, { fill, bridgeCallsIptables: false }))).toEqual(["note idle-fill-rule"]);
    expect(codes(host(OFF, { model: "e1000" }, { fill, bridgeCallsIptables: true }))).toEqual([]);
    const busy = fillRules("[3:984] -A POSTROUTING -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill");
    expect(codes(host(OFF, { model: "e1000" }, { fill: busy, bridgeCallsIptables: false }))).toEqual([]);
  });

  it("nftables' zeroing", () => {
    const zeroing = zeroingRules("table ip x {\n\tchain y {\n\t\tudp dport 68 udp checksum set 0x0000\n\t}\n}\n");
    expect(zeroing).toEqual(["udp dport 68 udp checksum set 0x0000"]);
    expect(codes(host(OFF, { model: "e1000" }, { zeroing }))).toEqual(["warning zeroing-rule"]);
    expect(zeroingRules("udp checksum set 0x1234")).toEqual([]);
  });

  it("that cannot be read are not taken for none", async () => {
    const read = await readRules(new CopiedSystem({}, {}, { "nft list ruleset": "" }));
    expect([read.fill, read.zeroing]).toEqual([null, []]);
    const style = { columns: 80, color: false, unicode: false };
    const told = [...doctorReport(host(OFF, { model: "e1000" }, { fill: null }), [], style)].join(" ");
    expect(told).toContain("rules of iptables not readable");
    expect(told).not.toContain("no CHECKSUM rule");
  });

  it("ethtool's words", () => {
    expect(fromText("\ttx-checksum-ip-generic: on\n")).toEqual(ON);
    expect(fromText("\ttx-checksum-ip-generic: off [fixed]\n")).toEqual({
      active: false,
      fixed: true,
      requested: null,
    });
    expect(fromText("\ttx-checksum-ip-generic: off [requested on]")).toEqual({
      active: false,
      fixed: false,
      requested: true,
    });
    expect(fromText("nothing")).toBeNull();
  });

  it("the kernel's counter of UDP checksums", () => {
    const snmp =
      "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors\nUdp: 1 2 3 4 5 6 7\n";
    expect(udpChecksumErrors(snmp)).toBe(7);
    expect(udpChecksumErrors("")).toBeNull();
  });
});

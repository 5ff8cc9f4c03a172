import { describe, expect, it } from "vitest";
import type { HostFacts, Offload, Rules } from "../../src/host/facts.js";
import { fillRules } from "../../src/host/iptables.js";
import { judgeHost } from "../../src/host/judge.js";
import { aBridge, aHost, aMachine, aTap, BY_HAND, OFF, ON } from "./some-host.js";

const codes = (facts: HostFacts): string[] => judgeHost(facts).map(({ severity, code }) => `${severity} ${code}`);
const HERE = [{ pid: 7, program: "dnsmasq", here: true }];
const AWAY = [{ pid: 99, program: "dhcpd", here: false }];

describe("what a port's set-up means", () => {
  it.each<[string, Offload, Parameters<typeof aMachine>[0], string[]]>([
    ["an emulated card behind an offloading tap", ON, { model: "e1000" }, ["error emulated-offload"]],
    ["an emulated card as QEMU sets it up", OFF, { model: "rtl8139" }, []],
    ["a card that completes sums", ON, { model: "e1000e" }, []],
    ["virtio as usual", ON, { model: "virtio-net-pci" }, ["note exposed"]],
    ["virtio with guest_csum=off", OFF, { model: "virtio-net-pci", guestCsum: false }, []],
    ["virtio before its driver is loaded", OFF, { model: "virtio-net-pci" }, []],
    ["virtio whose tap was switched", BY_HAND, { model: "virtio-net-device" }, ["note tx-off-by-hand"]],
    ["a card that nobody knows", ON, { model: "x-new" }, []],
    ["a process that tells no card", ON, null, []],
  ])("%s", (_name, offload, nic, expected) => {
    expect(codes(aHost([aBridge([aTap(offload, aMachine(nic))])]))).toEqual(expected);
  });

  it("a tap that nobody holds belongs to whom its name says", () => {
    const label = { by: "proxmox", machine: "105", card: "0", mac: null } as const;
    const [judgement] = judgeHost(aHost([aBridge([aTap(ON, null, { label })])]));
    expect(judgement).toMatchObject({ severity: "note", code: "machine-unknown" });
    expect(judgement?.detail).toContain("card 0 of machine 105 (Proxmox)");
  });

  it("a tap without a vnet header cannot say what is unfinished, whatever the card", () => {
    const tap = aTap(ON, aMachine({ model: "virtio-net-pci" }), { vnetHeader: false });
    expect(codes(aHost([aBridge([tap])]))).toEqual(["error no-vnet-header"]);
    expect(codes(aHost([aBridge([{ ...tap, offload: OFF }])]))).toEqual([]);
  });

  it("a port of Xen passes the mark on as virtio does", () => {
    const vif = aTap({ ...ON, name: "tx-checksum-ipv4" }, null, {
      name: "vif3.0",
      kind: "vif",
      tap: null,
      label: { by: "xen", machine: "domain 3", card: "0", mac: null },
    });
    const [judgement] = judgeHost(aHost([aBridge([vif])]));
    expect([judgement?.code, judgement?.summary]).toEqual(["exposed", expect.stringContaining("card 0 of domain 3")]);
  });

  it("vhost is past QEMU's own completion", () => {
    const detail = (vhost: boolean): string =>
      judgeHost(aHost([aBridge([aTap(ON, aMachine({ model: "virtio-net-pci", vhost }))])]))[0]?.detail ?? "";
    expect(detail(true)).toContain("never runs");
    expect(detail(false)).toContain("VLAN tag");
  });
});

describe("a remedy that is there", () => {
  const FILL = fillRules("[5:1640] -A POSTROUTING -o br0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill");
  const TC_ON_BRIDGE = [{ device: "br0", at: "root", text: "filter", packets: 3 }] as const;
  const TC_ON_TAP = [{ device: "vnet3", at: "egress", text: "filter", packets: 3 }] as const;

  it.each<[string, Partial<Rules>, HostFacts["servers"], string, string]>([
    ["a CHECKSUM rule where the only server is", { fill: FILL }, HERE, "completed", "a CHECKSUM rule in POSTROUTING"],
    ["a CHECKSUM rule, and servers elsewhere", { fill: FILL }, AWAY, "exposed", "What this host sends itself"],
    ["a CHECKSUM rule, and nobody knows of servers", { fill: FILL }, null, "exposed", "What this host sends itself"],
    [
      "a CHECKSUM rule that meets what crosses",
      { fill: FILL, bridgeCallsIptables: true },
      [],
      "completed",
      "5 packets",
    ],
    ["libvirt's filter on the bridge", { recompute: TC_ON_BRIDGE }, HERE, "completed", "a tc filter on br0"],
    ["libvirt's filter, and servers elsewhere", { recompute: TC_ON_BRIDGE }, [], "exposed", "a tc filter on br0"],
    ["a filter at the guest's port", { recompute: TC_ON_TAP }, [], "completed", "a tc filter on vnet3"],
  ])("%s", (_name, rules, servers, code, says) => {
    const [judgement] = judgeHost(
      aHost([aBridge([aTap(ON, aMachine({ model: "virtio-net-pci" }))])], rules, { servers }),
    );
    expect(judgement?.code).toBe(code);
    expect(judgement?.detail).toContain(says);
    expect(judgement?.remedies.map(({ id }) => id)).not.toContain("fill-checksums");
  });

  it("a bridge whose own offload is off sends complete sums", () => {
    const facts = aHost(
      [aBridge([aTap(ON, aMachine({ model: "virtio-net-pci" }))], { offload: OFF })],
      {},
      {
        servers: HERE,
      },
    );
    expect(codes(facts)).toEqual(["note completed"]);
  });

  it("is found beyond the small bridge that a firewall puts before the guest", () => {
    const tap = aTap(ON, aMachine({ model: "virtio-net-pci" }), { name: "tap105i0" });
    const veth = (name: string, peer: string) => aTap(ON, null, { name, kind: "veth", tap: null, peer });
    const facts = aHost(
      [
        aBridge([tap, veth("fwln105i0", "fwpr105p0")], { name: "fwbr105i0" }),
        aBridge([veth("fwpr105p0", "fwln105i0")], { name: "vmbr0" }),
      ],
      { fill: fillRules("[5:1640] -A POSTROUTING -o vmbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill") },
      { servers: HERE },
    );
    expect(codes(facts)).toEqual(["note completed"]);
  });

  it("for another bridge or another port is none", () => {
    for (const other of ["-o br9 -p udp -m udp --dport 68", "-o br0 -p udp -m udp --dport 53", "-o br0 -p tcp"]) {
      const fill = fillRules(`[1:1] -A POSTROUTING ${other} -j CHECKSUM --checksum-fill`);
      const facts = aHost([aBridge([aTap(ON, aMachine({ model: "virtio-net-pci" }))])], { fill }, { servers: HERE });
      expect(codes(facts), other).toEqual(["note exposed"]);
    }
  });
});

describe("rules of the host", () => {
  const rule = (text: string, packets = 0): Pick<Rules, "fill"> => ({
    fill: fillRules(`[${packets}:0] -A ${text} -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill`),
  });
  const well = aBridge([aTap(OFF, aMachine({ model: "e1000" }))]);

  it.each<[string, Partial<Rules>, HostFacts["servers"], string[]]>([
    [
      "met nothing yet, a server is here",
      { ...rule("POSTROUTING"), bridgeCallsIptables: false },
      HERE,
      ["note idle-fill-rule"],
    ],
    ["met something", { ...rule("POSTROUTING", 3), bridgeCallsIptables: false }, [], []],
    ["met nothing yet, bridged frames meet it", { ...rule("POSTROUTING"), bridgeCallsIptables: true }, [], []],
    [
      "no server, and bridged frames pass by",
      { ...rule("POSTROUTING"), bridgeCallsIptables: false },
      [],
      ["warning dead-fill-rule"],
    ],
    ["the server is in another namespace", { ...rule("POSTROUTING -o br0") }, AWAY, ["warning dead-fill-rule"]],
    ["nobody knows of servers", { ...rule("POSTROUTING") }, null, ["note idle-fill-rule"]],
    [
      "names a port of the bridge",
      { ...rule("POSTROUTING -o vnet3"), bridgeCallsIptables: true },
      HERE,
      ["warning dead-fill-rule"],
    ],
    [
      "names ports by physdev",
      { ...rule("POSTROUTING -m physdev --physdev-out vnet3") },
      HERE,
      ["warning dead-fill-rule"],
    ],
    [
      "names ports by physdev, and they meet it",
      { ...rule("POSTROUTING -m physdev --physdev-out vnet3"), bridgeCallsIptables: true },
      HERE,
      [],
    ],
  ])("a CHECKSUM rule: %s", (_name, rules, servers, expected) => {
    expect(codes(aHost([well], rules, { servers }))).toEqual(expected);
  });

  it("the remedy for a server in another namespace is done in there", () => {
    const [judgement] = judgeHost(aHost([well], rule("POSTROUTING"), { servers: AWAY }));
    expect(judgement?.remedies[0]?.command).toBe(
      "nsenter -t 99 -n iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
    );
  });

  it("nftables' zeroing is to be taken out where it stands", () => {
    const zeroing = [{ text: "udp checksum set 0x0", family: "bridge", table: "incus", chain: "fwd.br0" }];
    const [judgement] = judgeHost(aHost([well], { zeroing }));
    expect(judgement).toMatchObject({ severity: "warning", code: "zeroing-rule" });
    expect(judgement?.remedies[0]?.command).toBe(
      "nft -a list chain bridge incus fwd.br0; nft delete rule bridge incus fwd.br0 handle N",
    );
  });

  it("conntrack that verifies matters where something drops, and guests' frames meet it", () => {
    const all = { conntrackVerifies: true, dropsInvalid: true, bridgeCallsIptables: true };
    expect(codes(aHost([well], all))).toEqual(["note conntrack-drops"]);
    for (const less of [{ conntrackVerifies: false }, { dropsInvalid: false }, { bridgeCallsIptables: false }]) {
      expect(codes(aHost([well], { ...all, ...less }))).toEqual([]);
    }
    // One bridge may have it for itself.
    expect(codes(aHost([{ ...well, callsIptables: true }], { ...all, bridgeCallsIptables: false }))).toEqual([
      "note conntrack-drops",
    ]);
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { describeUnless, skipTest } from "../support/skip.js";
import { EMULATED, HostLab, hostLabReason, VIRTIO } from "./host-lab.js";

/** Real bridges, taps and rules in network namespaces; a stand-in holds the taps as QEMU does. */

function words(name: string, tap: string, model: string): string[] {
  return ["-name", name, "-netdev", `tap,id=n,ifname=${tap}`, "-device", `${model},netdev=n`];
}

describeUnless(hostLabReason("iptables", "nft"), "leasetap doctor on a real bridge", () => {
  let lab: HostLab;
  let tellTap1: (offload: number) => Promise<void>;

  beforeAll(async () => {
    lab = new HostLab("a");
    for (const tap of ["tap0", "tap1", "tap2"]) lab.tap(tap, "vnet_hdr");
    await lab.hold("tap0", VIRTIO, words("web01", "tap0", "virtio-net-pci"));
    tellTap1 = await lab.hold("tap1", EMULATED, words("db01", "tap1", "e1000"));
  });

  afterAll(async () => {
    await lab.dismantle();
  });

  it("virtio is normal, the emulated card is well, the free tap has nobody", () => {
    expect(lab.judgements()).toEqual(["exposed tap0", "machine-unknown tap2"]);
  });

  it("sees offload that was switched off by hand, and on again", () => {
    lab.run("ethtool", "-K", "tap0", "tx", "off");
    expect(lab.judgements()).toContain("tx-off-by-hand tap0");
    lab.run("ethtool", "-K", "tap0", "tx", "on");
    expect(lab.judgements()).toContain("exposed tap0");
  });

  it("an emulated card is in trouble once its tap was told otherwise, until that is switched off", async () => {
    // ethtool alone cannot do it: the kernel asks whoever holds the tap.
    expect(() => lab.run("ethtool", "-K", "tap1", "tx", "on")).toThrow(/Could not change any device features/);
    expect(lab.judgements()).not.toContain("emulated-offload tap1");
    await tellTap1(VIRTIO);
    expect(lab.judgements()).toContain("emulated-offload tap1");
    lab.run("ethtool", "-K", "tap1", "tx", "off");
    expect(lab.judgements()).not.toContain("emulated-offload tap1");
    await tellTap1(EMULATED);
  });

  it("a rule that completes checksums is in place where the only server is, and dead where none is", async () => {
    const rule = ["POSTROUTING", "-o", "br0", "-p", "udp", "--dport", "68", "-j", "CHECKSUM", "--checksum-fill"];
    lab.set("net.bridge.bridge-nf-call-iptables", "0");
    lab.run("iptables", "-t", "mangle", "-A", ...rule);
    expect(lab.judgements()).toEqual(["dead-fill-rule -", "exposed tap0", "machine-unknown tap2"]);
    lab.set("net.bridge.bridge-nf-call-iptables", "1");
    expect(lab.judgements()).toEqual(["completed tap0", "machine-unknown tap2"]);
    lab.set("net.bridge.bridge-nf-call-iptables", "0");
    const listen = "import socket,sys; s=socket.socket(2,2); s.bind(('',67)); print(1,flush=True); sys.stdin.read()";
    const server = await lab.start(lab.namespace, "python3", "-c", listen);
    expect(lab.judgements()).toEqual(["idle-fill-rule -", "completed tap0", "machine-unknown tap2"]);
    server.kill();
    lab.run("iptables", "-t", "mangle", "-D", ...rule);
    expect(lab.judgements()).toEqual(["exposed tap0", "machine-unknown tap2"]);
  });

  it("a rule for a port of the bridge is dead whatever else is so", () => {
    const rule = ["POSTROUTING", "-o", "tap0", "-p", "udp", "--dport", "68", "-j", "CHECKSUM", "--checksum-fill"];
    lab.run("iptables", "-t", "mangle", "-A", ...rule);
    expect(lab.judgements()).toContain("dead-fill-rule -");
    lab.run("iptables", "-t", "mangle", "-D", ...rule);
  });

  it("a rule of nftables that clears checksums is found, with its place", () => {
    lab.run("nft", "add table bridge incus; add chain bridge incus out; add rule bridge incus out udp checksum set 0");
    const report = lab.doctor("-i", "br0", "--fail-on", "error");
    expect(report).toContain("zeroing-rule");
    expect(report).toContain("nft -a list chain bridge incus out");
    lab.run("nft", "delete table bridge incus");
    expect(lab.judgements()).not.toContain("zeroing-rule -");
  });

  it("conntrack that verifies, and a firewall that drops what it calls INVALID", () => {
    lab.set("net.bridge.bridge-nf-call-iptables", "1");
    lab.run("iptables", "-A", "FORWARD", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");
    lab.set("net.netfilter.nf_conntrack_checksum", "1");
    expect(lab.judgements()).toContain("conntrack-drops -");
    lab.set("net.netfilter.nf_conntrack_checksum", "0");
    expect(lab.judgements()).not.toContain("conntrack-drops -");
    lab.run("iptables", "-F", "FORWARD");
  });

  it("a filter of tc that computes checksums, as far as the kernel has act_csum", () => {
    const filter = "protocol ip u32 match ip protocol 17 ff match ip dport 68 ffff action csum ip and udp";
    lab.run("tc", "qdisc", "add", "dev", "tap0", "clsact");
    try {
      lab.run("tc", "filter", "add", "dev", "tap0", "egress", ...filter.split(" "));
    } catch (error) {
      if (String(error).includes("Failed to load TC action module")) skipTest("needs a kernel with act_csum");
      throw error;
    } finally {
      if (!lab.run("tc", "filter", "show", "dev", "tap0", "egress").includes("csum")) {
        lab.run("tc", "qdisc", "del", "dev", "tap0", "clsact");
      }
    }
    expect(lab.judgements()).toContain("completed tap0");
    lab.run("tc", "qdisc", "del", "dev", "tap0", "clsact");
    expect(lab.judgements()).toContain("exposed tap0");
  });

  it("names the port's own device in the report", () => {
    const report = lab.doctor("-i", "tap0");
    expect(report).toContain("web01 (virtio-net-pci");
    expect(report).toContain("ethtool -K tap0 tx off");
  });

  it("a bridge that is not there is named with those that are", () => {
    expect(() => lab.doctor("-i", "br9")).toThrow(/Bridges of this host: br0/);
  });
});

describeUnless(hostLabReason(), "leasetap doctor and what is behind ports", () => {
  let lab: HostLab;

  beforeAll(() => {
    lab = new HostLab("b");
  });

  afterAll(async () => {
    await lab.dismantle();
  });

  it("knows the kind of each port, and what a veth leads to", () => {
    const container = lab.addNamespace("c");
    lab.run("ip", "link", "add", "br1", "type", "bridge");
    lab.run("ip", "link", "add", "in0", "type", "veth", "peer", "name", "out0");
    lab.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "eth0", "netns", container);
    lab.run("ip", "link", "add", "vx0", "type", "vxlan", "id", "7", "dstport", "4789", "local", "127.0.0.1");
    lab.run("ip", "link", "add", "link", "br1", "name", "mv0", "type", "macvtap", "mode", "bridge");
    for (const port of ["in0", "veth0", "vx0"]) lab.run("ip", "link", "set", port, "master", "br0", "up");
    lab.run("ip", "link", "set", "out0", "master", "br1", "up");
    const [host] = lab.records();
    expect(host).toMatchObject({
      bridges: [
        {
          name: "br0",
          ports: [
            { name: "in0", kind: "veth", peer: "out0" },
            { name: "veth0", kind: "veth", peer: null },
            { name: "vx0", kind: "vxlan", peer: null },
          ],
        },
      ],
    });
    expect(lab.doctor("--fail-on", "never")).toMatch(/Taps without a bridge\n +mv0 +macvtap .*nobody seen behind it/);
  });

  it("tells a tap without a vnet header from one with", async () => {
    lab.tap("bare0");
    await lab.hold("bare0", VIRTIO, words("old", "bare0", "virtio-net-pci"), { header: false });
    expect(lab.judgements()).toEqual(["no-vnet-header bare0"]);
    lab.run("ip", "link", "set", "bare0", "nomaster");
  });

  it("finds who holds a tap from another network namespace, and taps that are there", async () => {
    const pod = lab.addNamespace("p");
    lab.runIn(pod, "ip", "tuntap", "add", "moved0", "mode", "tap", "vnet_hdr");
    lab.runIn(pod, "ip", "tuntap", "add", "bare0", "mode", "tap", "vnet_hdr");
    await lab.hold("moved0", VIRTIO, words("handed", "moved0", "virtio-net-pci"), { namespace: pod });
    await lab.hold("bare0", VIRTIO, words("pod", "bare0", "virtio-net-pci"), { namespace: pod });
    lab.runIn(pod, "ip", "link", "set", "moved0", "netns", lab.namespace);
    lab.run("ip", "link", "set", "moved0", "master", "br0", "up");
    expect(lab.judgements()).toContain("exposed moved0");
    const report = lab.doctor("--fail-on", "never");
    expect(report).toMatch(/moved0 +tap .*handed/);
    expect(report).toMatch(/Taps in other network namespaces\n +bare0 +pod/);
    expect(report.replace(/\s+/g, " ")).toMatch(/nsenter -t \d+ -n leasetap doctor/);
  });
});

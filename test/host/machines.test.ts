import { describe, expect, it } from "vitest";
import { parseDomain } from "../../src/host/libvirt.js";
import { Machines } from "../../src/host/machines.js";
import { CopiedSystem } from "./copy.js";

const TAP = "vnet7";
const PID = 812;

/** @param taps how many the process holds */
function seen(line: string, descriptors: number[] = [], taps = 1): unknown[] {
  const words = line.split(" ").map((word) => `${word}\0`);
  const system = new CopiedSystem({ [`/proc/${PID}/cmdline`]: words.join("") });
  const holders = Array.from({ length: taps }, (_, index) => ({
    pid: PID,
    namespace: null,
    tap: index === 0 ? TAP : `other${index}`,
    descriptors,
  }));
  const machine = new Machines(system, new Map(), holders).behind(TAP, holders.slice(0, 1));
  const { name = null, manager = null, nic = null } = machine ?? {};
  return [name, nic?.model ?? null, nic?.mac ?? null, nic?.vhost ?? null, manager];
}

describe("a QEMU command line", () => {
  it.each<[string, number[], unknown[]]>([
    // libvirt before and after JSON, with descriptors
    [
      "/usr/bin/qemu-system-x86_64 -name guest=web01,debug-threads=on -netdev tap,fd=33,id=hostnet0,vhost=on,vhostfd=35 -device virtio-net-pci,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01",
      [33],
      ["web01", "virtio-net-pci", "52:54:00:00:00:01", true, "libvirt"],
    ],
    [
      'qemu-kvm -name guest=web01,debug-threads=on -netdev {"type":"tap","fds":"31:33","vhost":true,"id":"h0"} -device {"driver":"virtio-net-pci","netdev":"h0","mac":"52:54:00:00:00:01"}',
      [31, 33],
      ["web01", "virtio-net-pci", "52:54:00:00:00:01", true, "libvirt"],
    ],
    // OpenNebula and OpenStack go through libvirt
    [
      "/usr/bin/qemu-system-x86_64 -name guest=one-42,debug-threads=on -netdev tap,fd=33,id=hostnet0 -device rtl8139,netdev=hostnet0,mac=02:00:0a:00:00:01",
      [33],
      ["one-42", "rtl8139", "02:00:0a:00:00:01", null, "opennebula"],
    ],
    [
      '/usr/libexec/qemu-kvm -name guest=instance-0000001a,debug-threads=on -netdev {"type":"tap","fd":"33","id":"hostnet0"} -device {"driver":"virtio-net-pci","netdev":"hostnet0","mac":"fa:16:3e:00:00:01"}',
      [33],
      ["instance-0000001a", "virtio-net-pci", "fa:16:3e:00:00:01", null, "openstack"],
    ],
    // Proxmox
    [
      "/usr/bin/kvm -id 105 -name db,debug-threads=on -netdev type=tap,id=net0,ifname=vnet7,script=/usr/libexec/qemu-server/pve-bridge,vhost=on -device virtio-net-pci,mac=BC:24:11:00:00:01,netdev=net0,bus=pci.0",
      [],
      ["db", "virtio-net-pci", "bc:24:11:00:00:01", true, "proxmox"],
    ],
    // two cards: the one behind this tap
    [
      "qemu -netdev tap,id=a,ifname=vnet6 -device e1000,netdev=a,mac=52:54:00:00:00:0a -netdev tap,id=b,ifname=vnet7 -device rtl8139,netdev=b,mac=52:54:00:00:00:0b",
      [],
      [null, "rtl8139", "52:54:00:00:00:0b", null, null],
    ],
    [
      "qemu -nic tap,ifname=vnet7,model=e1000,mac=52:54:00:00:00:01",
      [],
      [null, "e1000", "52:54:00:00:00:01", null, null],
    ],
    [
      "qemu -net nic,model=ne2k_pci,macaddr=52:54:00:00:00:01 -net tap,ifname=vnet7",
      [],
      [null, "ne2k_pci", "52:54:00:00:00:01", null, null],
    ],
    // QEMU's helper makes the tap, and nobody names it
    [
      "qemu -netdev bridge,id=n,br=br0 -device virtio-net-pci,netdev=n,mac=52:54:00:00:00:01",
      [40],
      [null, "virtio-net-pci", "52:54:00:00:00:01", null, null],
    ],
    // a comma within a value is doubled
    ["qemu -name a,,b -netdev tap,id=b,ifname=vnet7 -device e1000,netdev=b", [], ["a,b", "e1000", null, null, null]],
    // plugged in later: the command line does not tell
    [
      "qemu -name x -netdev tap,id=a,ifname=vnet1 -device e1000,netdev=a -netdev tap,id=b,fd=9 -device pcnet,netdev=b",
      [40],
      ["x", null, null, null, null],
    ],
    ["/usr/bin/firecracker --api-sock /run/x", [], [null, "virtio-net", null, null, null]],
    ["qemu -netdev {nothing -device", [], [null, null, null, null, null]],
    ["", [], [null, null, null, null, null]],
  ])("%s", (words, descriptors, expected) => {
    expect(seen(words, descriptors)).toEqual(expected);
  });

  it("its only card is not that of a second tap, which was plugged in later", () => {
    const line = "qemu -name x -netdev tap,id=a,fd=9 -device e1000,netdev=a";
    expect(seen(line, [40], 1)).toEqual(["x", "e1000", null, null, null]);
    expect(seen(line, [40], 2)).toEqual(["x", null, null, null, null]);
  });
});

/** As libvirt writes it; the second card was plugged into the running machine. */
const STATUS = `<!--
WARNING: THIS IS AN AUTO-GENERATED FILE.
-->

<domstatus state='running' reason='booted' pid='${PID}'>
  <monitor path='/var/lib/libvirt/qemu/domain-1-web01/monitor.sock' type='unix'/>
  <devices><device alias='net0'/></devices>
  <domain type='kvm' id='1'>
    <name>web&lt;01&gt;</name>
    <metadata><x:y xmlns:x='urn:x'><x:name>not this one</x:name></x:y></metadata>
    <devices>
      <disk type='file'><target dev='vda'/></disk>
      <interface type='bridge'>
        <mac address='52:54:00:00:00:01'/>
        <source bridge='br0'/>
        <target dev='vnet6'/>
        <model type='virtio'/>
        <driver name='qemu'><host csum='on'/><guest csum='off'/></driver>
        <alias name='net0'/>
      </interface>
      <interface type='bridge'>
        <mac address='52:54:00:00:00:02'/>
        <source bridge='br0'/>
        <target dev='vnet7'/>
        <model type='e1000e'/>
      </interface>
    </devices>
  </domain>
</domstatus>
`;

describe("libvirt's record of a machine", () => {
  it("tells its cards, also those that were plugged in later", async () => {
    const domain = await parseDomain(STATUS);
    expect([domain?.pid, domain?.name]).toEqual([PID, "web<01>"]);
    expect([...(domain?.nics ?? [])]).toEqual([
      ["vnet6", { mac: "52:54:00:00:00:01", model: "virtio-net-pci", vhost: false, csum: true, guestCsum: false }],
      ["vnet7", { mac: "52:54:00:00:00:02", model: "e1000e", vhost: null, csum: null, guestCsum: null }],
    ]);
  });

  it("is believed where the command line is of another card, and filled up where it is of this one", async () => {
    const domain = await parseDomain(STATUS);
    if (domain === null) throw new Error("not read");
    // The number of a descriptor is given again when a card is taken out.
    const line = "qemu -netdev tap,fd=9,id=a,vhost=on -device rtl8139,netdev=a,mac=52:54:00:00:00:01";
    const system = new CopiedSystem({ [`/proc/${PID}/cmdline`]: line.split(" ").join("\0") + "\0" });
    const behind = (tap: string) => {
      const holder = { pid: PID, namespace: null, tap, descriptors: [9] };
      return new Machines(system, new Map([[PID, domain]]), [holder]).behind(tap, [holder])?.nic;
    };
    expect(behind("vnet7")).toMatchObject({ mac: "52:54:00:00:00:02", model: "e1000e", vhost: null });
    expect(behind("vnet6")).toMatchObject({ model: "virtio-net-pci", vhost: true, guestCsum: false });
  });

  it.each([
    "",
    "<domstatus pid='1'>",
    "<domain><name>x</name></domain>",
    "<domstatus state='running'></domstatus>",
    `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domstatus pid='1'><domain><name>&b;</name></domain></domstatus>`,
    "\0\0\0",
  ])("of another kind is none: %j", async (text) => {
    expect(await parseDomain(text)).toBeNull();
  });
});

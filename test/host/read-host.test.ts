import { describe, expect, it } from "vitest";
import { kindOf, type Marks } from "../../src/host/kinds.js";
import { labelOf } from "../../src/host/labels.js";
import { readHost } from "../../src/host/read-host.js";
import { CopiedSystem } from "./copy.js";

const HERE = "net:[4026531840]";
const POD = "net:[4026532281]";

/** Files of /sys for one device. */
function device(name: string, attributes: Record<string, string> = {}): Record<string, string> {
  const all = { address: "fe:54:00:00:00:01", operstate: "up", ...attributes };
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`/sys/class/net/${name}/${file}`, `${text}\n`]));
}

/** Files and links of /proc for a process that holds a tap by descriptor 9. */
function holder(pid: number, namespace: string, tap: string, devices: readonly string[], words: readonly string[]) {
  return {
    files: {
      [`/proc/${pid}/cmdline`]: words.map((word) => `${word}\0`).join(""),
      [`/proc/${pid}/fdinfo/9`]: `pos:\t0\niff:\t${tap}\n`,
      [`/proc/${pid}/net/dev`]: `Inter-|\n face |bytes\n${devices.map((name) => `  ${name}: 0 0\n`).join("")}`,
    },
    links: { [`/proc/${pid}/ns/net`]: namespace, [`/proc/${pid}/fd/9`]: "/dev/net/tun" },
  };
}

const QEMU = (name: string, tap: string) => ["qemu", "-name", name, "-nic", `tap,ifname=${tap},model=virtio-net-pci`];
const TAP = { tun_flags: "0x5002" };

describe("who holds a tap", () => {
  const read = async (...holders: readonly ReturnType<typeof holder>[]) => {
    let files = { ...device("tap0", TAP), ...device("tap1", TAP) };
    let links: Record<string, string> = { "/proc/self/ns/net": HERE };
    for (const each of holders) {
      files = { ...files, ...each.files };
      links = { ...links, ...each.links };
    }
    const { loose, elsewhere } = await readHost(new CopiedSystem(files, links));
    return {
      here: loose.map(({ name, tap }) => [name, tap?.machine?.name ?? null]),
      elsewhere: elsewhere.map(({ name, namespace, machine }) => [name, namespace, machine.name]),
    };
  };

  it("is in this namespace; a namesake in another one is kept apart", async () => {
    const facts = await read(
      holder(7, POD, "tap0", ["lo", "tap0"], QEMU("pod", "tap0")),
      holder(8, HERE, "tap0", ["lo", "tap0", "tap1"], QEMU("web01", "tap0")),
    );
    expect(facts).toEqual({
      here: [
        ["tap0", "web01"],
        ["tap1", null],
      ],
      elsewhere: [["tap0", POD, "pod"]],
    });
  });

  it("holds it from another namespace that has no such device", async () => {
    const facts = await read(holder(7, POD, "tap0", ["lo", "eth0"], QEMU("web01", "tap0")));
    expect(facts).toEqual({
      here: [
        ["tap0", "web01"],
        ["tap1", null],
      ],
      elsewhere: [],
    });
  });

  it("holds one that is neither here nor where it is itself", async () => {
    const facts = await read(holder(7, POD, "tap9", ["lo"], QEMU("web01", "tap9")));
    expect(facts.elsewhere).toEqual([["tap9", null, "web01"]]);
  });
});

describe("a host", () => {
  it("with Proxmox' firewall: bridges joined by a pair of veths, and a machine that is known by name alone", async () => {
    const master = (port: string, bridge: string) => ({ [`/sys/class/net/${port}/master`]: `../${bridge}` });
    const system = new CopiedSystem(
      {
        ...device("vmbr0", { uevent: "DEVTYPE=bridge", "bridge/nf_call_iptables": "1" }),
        ...device("fwbr105i0", { uevent: "DEVTYPE=bridge", "brif/tap105i0/port_no": "0x2" }),
        "/sys/class/net/fwbr105i0/brforward": "\xbc\x24\x11\0\0\x01\x02\0\0\0\0\0\0\0\0\0",
        ...device("tap105i0", TAP),
        ...device("fwln105i0", { ifindex: "11", iflink: "12" }),
        ...device("fwpr105p0", { ifindex: "12", iflink: "11" }),
        // The other end is in a container, where 12 is somebody else.
        ...device("veth200i0", { ifindex: "13", iflink: "12" }),
      },
      {
        ...master("tap105i0", "fwbr105i0"),
        ...master("fwln105i0", "fwbr105i0"),
        ...master("fwpr105p0", "vmbr0"),
        ...master("veth200i0", "vmbr0"),
      },
    );
    const { bridges } = await readHost(system);
    const [inner, outer] = bridges.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
    expect(inner?.ports).toMatchObject([
      { name: "fwln105i0", kind: "veth", peer: "fwpr105p0" },
      {
        name: "tap105i0",
        kind: "tap",
        learned: ["bc:24:11:00:00:01"],
        label: { by: "proxmox", machine: "105", card: "0" },
        tap: { machine: null },
      },
    ]);
    expect(outer).toMatchObject({
      name: "vmbr0",
      callsIptables: true,
      ports: [
        { name: "fwpr105p0", peer: "fwln105i0" },
        { name: "veth200i0", peer: null },
      ],
    });
  });

  it("with Open vSwitch: ports with and without a device, and what its database says of them", async () => {
    const row = (name: string, type: string, ids: [string, string][]) => [name, type, ["map", ids]];
    const system = new CopiedSystem(
      { ...device("tap7f3a9c21-4b", TAP), ...device("br-int", { ifindex: "5", iflink: "5" }) },
      {},
      {
        "ovs-vsctl --timeout=5 list-br": "br-int\n",
        "ovs-vsctl --timeout=5 list-ifaces br-int": "patch-tun\ntap7f3a9c21-4b\nvhu1\nvxlan-1\n",
        "ovs-vsctl --timeout=5 --format=json --columns=name,type,external_ids list Interface": JSON.stringify({
          headings: ["name", "type", "external_ids"],
          data: [
            row("tap7f3a9c21-4b", "", [
              ["attached-mac", "FA:16:3e:00:00:01"],
              ["iface-id", "7f3a9c21-4b00-4000-8000-000000000001"],
              ["vm-id", "0f0e"],
            ]),
            row("vhu1", "dpdkvhostuserclient", []),
            row("patch-tun", "patch", []),
            row("vxlan-1", "vxlan", []),
            ["broken"],
            null,
          ],
        }),
      },
    );
    const { bridges, loose } = await readHost(system);
    expect(loose).toEqual([]);
    expect(bridges).toMatchObject([
      {
        name: "br-int",
        kind: "openvswitch",
        ports: [
          { name: "patch-tun", kind: "patch", label: null },
          {
            name: "tap7f3a9c21-4b",
            kind: "tap",
            label: { by: "openstack", machine: "0f0e", card: "7f3a9c21-4b", mac: "fa:16:3e:00:00:01" },
          },
          { name: "vhu1", kind: "vhost-user", offload: null },
          { name: "vxlan-1", kind: "vxlan" },
        ],
      },
    ]);
  });

  it("tells who listens for requests, here and in other namespaces", async () => {
    const line = (inode: number, port: string): string =>
      `  12: 00000000:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0 0\n`;
    const system = new CopiedSystem(
      {
        "/proc/net/udp": `  sl  local_address …\n${line(100, "0043")}${line(101, "0043")}${line(102, "0035")}`,
        "/proc/7/comm": "dnsmasq\n",
        "/proc/9/net/udp": line(200, "0043"),
        "/proc/9/comm": "dhcpd\n",
      },
      {
        "/proc/self/ns/net": HERE,
        "/proc/7/ns/net": HERE,
        "/proc/7/fd/4": "socket:[100]",
        "/proc/7/fd/5": "socket:[101]",
        "/proc/9/ns/net": POD,
        "/proc/9/fd/6": "socket:[200]",
      },
    );
    expect((await readHost(system)).servers).toEqual([
      { pid: 7, program: "dnsmasq", here: true },
      { pid: 9, program: "dhcpd", here: false },
    ]);
    expect((await readHost(new CopiedSystem({}))).servers).toBeNull();
  });

  it("says what it could not read", async () => {
    const system = new CopiedSystem(device("tap0", TAP));
    system.denied.add("/proc/1/fd").add("/proc/2/fd").add("/run/libvirt/qemu");
    const { unreadable } = await readHost(system);
    expect(unreadable.join("\n")).toContain("the descriptors of 2 processes");
    expect(unreadable.join("\n")).toContain("libvirt's records");
    expect(unreadable.join("\n")).toContain("checksum offload (ethtool is not installed)");
  });
});

describe("the kind of a device", () => {
  const bare: Marks = {
    name: "x0",
    tun: null,
    type: null,
    hasMacvtap: false,
    hasHardware: false,
    hasOtherEnd: false,
    linkKind: null,
  };
  it.each<[string, Partial<Marks>, string]>([
    ["tap", { tun: 0x5002, linkKind: "tun" }, "tap"],
    ["tun", { tun: 0x1001, linkKind: "tun" }, "tun"],
    ["macvtap", { hasMacvtap: true, hasOtherEnd: true }, "macvtap"],
    ["vxlan, by its uevent", { type: "vxlan" }, "vxlan"],
    ["veth, as rtnetlink says", { linkKind: "veth" }, "veth"],
    ["veth, without rtnetlink", { hasOtherEnd: true }, "veth"],
    ["no veth, if rtnetlink does not say so", { hasOtherEnd: true, linkKind: "ipip" }, "other"],
    ["Open vSwitch's own", { linkKind: "openvswitch" }, "internal"],
    ["hardware", { hasHardware: true, linkKind: "" }, "physical"],
    ["Xen's backend", { name: "vif3.0", hasHardware: true }, "vif"],
    ["nothing known", {}, "other"],
  ])("%s", (_name, marks, expected) => {
    expect(kindOf({ ...bare, ...marks })).toBe(expected);
  });
});

describe("the name of a port", () => {
  it.each([
    ["one-42-0", { by: "opennebula", machine: "one-42", card: "0" }],
    ["tap105i1", { by: "proxmox", machine: "105", card: "1" }],
    ["veth200i0", { by: "proxmox", machine: "200", card: "0" }],
    ["fwpr105p0", { by: "proxmox", machine: "105", card: "0" }],
    ["tap7f3a9c21-4b", { by: "openstack", machine: null, card: "7f3a9c21-4b" }],
    ["qvo7f3a9c21-4b", { by: "openstack", machine: null, card: "7f3a9c21-4b" }],
    ["vif3.1", { by: "xen", machine: "domain 3", card: "1" }],
    ["vif3.1-emu", { by: "xen", machine: "domain 3", card: "1" }],
    ["vnet3", null],
    ["tap0", null],
    ["one-42", null],
  ])("%s", (name, expected) => {
    expect(labelOf(name)).toEqual(expected === null ? null : { ...expected, mac: null });
  });
});

import { describe, expect, it } from "vitest";
import { machineOf } from "../../src/host/qemu.js";

const TAP = "vnet7";

function seen(words: string, descriptors: number[] = []): unknown[] {
  const { name, nic } = machineOf(1, words.split(" "), TAP, descriptors);
  return [name, nic?.model ?? null, nic?.mac ?? null, nic?.vhost ?? null];
}

describe("a QEMU command line", () => {
  it.each([
    // libvirt before and after JSON, with descriptors
    [
      "/usr/bin/qemu-system-x86_64 -name guest=web01,debug-threads=on -netdev tap,fd=33,id=hostnet0,vhost=on,vhostfd=35 -device virtio-net-pci,netdev=hostnet0,id=net0,mac=52:54:00:00:00:01",
      [33],
      ["web01", "virtio-net-pci", "52:54:00:00:00:01", true],
    ],
    [
      'qemu-kvm -name guest=web01 -netdev {"type":"tap","fds":"31:33","vhost":true,"id":"h0"} -device {"driver":"virtio-net-pci","netdev":"h0","mac":"52:54:00:00:00:01"}',
      [31, 33],
      ["web01", "virtio-net-pci", "52:54:00:00:00:01", true],
    ],
    // Proxmox
    [
      "/usr/bin/kvm -id 105 -name db,debug-threads=on -netdev type=tap,id=net0,ifname=vnet7,script=/var/lib/qemu-server/pve-bridge,vhost=on -device virtio-net-pci,mac=BC:24:11:00:00:01,netdev=net0,bus=pci.0",
      [],
      ["db", "virtio-net-pci", "bc:24:11:00:00:01", true],
    ],
    // two cards: the one behind this tap
    [
      "qemu -netdev tap,id=a,ifname=vnet6 -device e1000,netdev=a,mac=52:54:00:00:00:0a -netdev tap,id=b,ifname=vnet7 -device rtl8139,netdev=b,mac=52:54:00:00:00:0b",
      [],
      [null, "rtl8139", "52:54:00:00:00:0b", null],
    ],
    ["qemu -nic tap,ifname=vnet7,model=e1000,mac=52:54:00:00:00:01", [], [null, "e1000", "52:54:00:00:00:01", null]],
    [
      "qemu -net nic,model=ne2k_pci,macaddr=52:54:00:00:00:01 -net tap,ifname=vnet7",
      [],
      [null, "ne2k_pci", "52:54:00:00:00:01", null],
    ],
    // a comma within a value is doubled
    ["qemu -name a,,b -netdev tap,id=b,ifname=vnet7 -device e1000,netdev=b", [], ["a,b", "e1000", null, null]],
    // plugged in later: the command line does not tell
    [
      "qemu -name x -netdev tap,id=a,ifname=vnet1 -device e1000,netdev=a -netdev tap,id=b,fd=9 -device pcnet,netdev=b",
      [40],
      ["x", null, null, null],
    ],
    ["firecracker --api-sock /run/x", [], [null, null, null, null]],
    ["qemu -netdev {nothing -device", [], [null, null, null, null]],
  ])("%s", (words, descriptors, expected) => {
    expect(seen(words, descriptors)).toEqual(expected);
  });
});

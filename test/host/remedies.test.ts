import { describe, expect, it } from "vitest";
import type { HostFacts, Machine } from "../../src/host/facts.js";
import { judgeHost } from "../../src/host/judge.js";
import { aBridge, aHost, aMachine, aTap, ON } from "./some-host.js";

const HERE = [{ pid: 7, program: "dnsmasq", here: true }];

function remedies(machine: Partial<Machine>, vhost: boolean | null, servers: HostFacts["servers"] = HERE) {
  const tap = aTap(ON, aMachine({ model: "virtio-net-pci", vhost }, machine));
  return judgeHost(aHost([aBridge([tap])], {}, { servers }))[0]?.remedies ?? [];
}

describe("the remedies for an exposed guest", () => {
  it("are those that fit, what lasts longest first", () => {
    expect(remedies({}, null).map(({ id }) => id)).toEqual([
      "update-client",
      "guest-csum-off",
      "fill-checksums",
      "tc-checksum",
      "tap-tx-off",
    ]);
    expect(remedies({}, true).map(({ id }) => id)).toContain("vhost-off");
    // No server on this host: a rule on it would meet nothing.
    expect(remedies({}, null, []).map(({ id }) => id)).not.toContain("fill-checksums");
  });

  it("name this port and this machine", () => {
    const commands = remedies({}, null).map(({ command }) => command);
    expect(commands).toContain("ethtool -K vnet3 tx off");
    expect(commands).toContain("virsh edit web01");
    expect(commands.join(" ")).not.toMatch(/\b(?:TAP|GUEST)\b/);
    for (const { what } of remedies({}, null)) expect(what).not.toMatch(/\bTAP\b/);
  });

  it.each<[string, Partial<Machine>, string | null, RegExp]>([
    [
      "Proxmox",
      { manager: "proxmox", id: "105" },
      "qm config 105; qm set 105 --args '-global virtio-net-pci.guest_csum=off'",
      /args/,
    ],
    ["no manager", { manager: null }, null, /guest_csum=off to its -device.*process 812/],
    ["OpenNebula", { manager: "opennebula", name: "one-42" }, "virsh edit one-42", /./],
  ])("edit a machine of %s in its manager's way", (_name, machine, command, what) => {
    const remedy = remedies(machine, null).find(({ id }) => id === "guest-csum-off");
    expect(remedy?.command).toBe(command);
    expect(remedy?.what).toMatch(what);
  });

  it("leave a name that a shell would not take as it is to the reader", () => {
    const commands = remedies({ name: "web01; reboot" }, null).map(({ command }) => command);
    expect(commands).toContain("virsh edit GUEST");
    expect(commands.join("\n")).not.toContain("reboot");
  });
});

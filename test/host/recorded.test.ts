import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judgeHost } from "../../src/host/judge.js";
import { readHost } from "../../src/host/read-host.js";
import { describeWithShared } from "../support/shared.js";
import { recordedHost } from "./recorded-host.js";

describeWithShared("the hosts of the recorded virtual machines", (shared) => {
  const factsOf = (name: string) => readHost(recordedHost(readFileSync(join(shared, "vm", name, "host.txt"), "utf8")));

  // tap, machine, card, MAC, offload of the tap: read off host.txt by hand
  it.each([
    ["q01-virtio", "vnet0", "web01", "virtio-net-pci", "52:54:00:74:a1:bf", true, ["exposed"]],
    [
      "q02-virtio-partial-drop",
      "tap0",
      "q02-virtio-partial-drop",
      "virtio-net-pci",
      "52:54:00:4c:b2:6e",
      true,
      ["exposed"],
    ],
    [
      "q02d-virtio-guestcsum-off",
      "tap0",
      "q02d-virtio-guestcsum-off",
      "virtio-net-pci",
      "52:54:00:80:7b:20",
      false,
      [],
    ],
    ["q03-e1000", "vnet1", "db01", "e1000", "52:54:00:27:1d:f4", false, []],
    ["q04-rtl8139", "one-42-0", "one-42", "rtl8139", "52:54:00:8c:00:c5", false, []],
    ["q05-pcnet", "tap105i0", "legacy-105", "pcnet", "52:54:00:fb:03:70", false, []],
    ["q06-ne2k", "tap7f3a9c21-4b", "q06-ne2k", "ne2k_pci", "52:54:00:ff:1f:29", false, []],
  ])("%s", async (recording, tap, name, model, mac, offload, codes) => {
    const facts = await factsOf(recording);
    const [bridge] = facts.bridges;
    expect(bridge?.name).toBe("qbr0");
    expect(bridge?.ports).toMatchObject([
      {
        name: tap,
        kind: "tap",
        state: "up",
        offload: { active: offload },
        tap: { machine: { name, nic: { model, mac } } },
      },
    ]);
    expect(judgeHost(facts).map(({ code }) => code)).toEqual(codes);
  });

  it("q02d's guest_csum=off is seen, and remedies name the tap and the machine", async () => {
    const quiet = await factsOf("q02d-virtio-guestcsum-off");
    expect(quiet.bridges[0]?.ports[0]?.tap?.machine?.nic).toMatchObject({
      guestCsum: false,
      csum: false,
      vhost: false,
    });
    const [judgement] = judgeHost(await factsOf("q01-virtio"));
    const commands = judgement?.remedies.map(({ command }) => command);
    expect(commands).toContain("ethtool -K vnet0 tx off");
    expect(commands).toContain("virsh edit web01");
  });
});

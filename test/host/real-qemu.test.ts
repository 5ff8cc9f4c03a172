import { afterAll, beforeAll, expect, it } from "vitest";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { describeUnless } from "../support/skip.js";
import { findTool } from "../support/tools.js";
import { HostLab, hostLabReason } from "./host-lab.js";

/** QEMU itself, with each model of card: paused before its first instruction, so that no guest is needed. */

const QEMU = "qemu-system-x86_64";

/** In each form that a command line can have; what is expected of the card: model, MAC, vhost. */
const MACHINES: readonly (readonly [tap: string, model: string, words: (tap: string, mac: string) => string[]])[] = [
  ["vnet0", "virtio-net-pci", asOptions("virtio-net-pci")],
  ["vnet1", "e1000", asJson("e1000")],
  ["one-42-0", "rtl8139", asOptions("rtl8139")],
  ["tap105i0", "pcnet", (tap, mac) => ["-nic", `tap,ifname=${tap},script=no,downscript=no,model=pcnet,mac=${mac}`]],
  [
    "tap7f3a9c21-4b",
    "ne2k_pci",
    (tap, mac) => ["-net", `nic,model=ne2k_pci,macaddr=${mac}`, "-net", `tap,ifname=${tap},script=no,downscript=no`],
  ],
  ["vnet5", "e1000e", asOptions("e1000e")],
  ["vnet6", "vmxnet3", asJson("vmxnet3")],
  ["vnet7", "i82551", asOptions("i82551")],
  ["vnet8", "tulip", asOptions("tulip")],
];

function asOptions(model: string) {
  return (tap: string, mac: string): string[] => [
    "-netdev",
    `tap,id=n0,ifname=${tap},script=no,downscript=no,vhost=off`,
    "-device",
    `${model},netdev=n0,mac=${mac},romfile=`,
  ];
}

function asJson(model: string) {
  return (tap: string, mac: string): string[] => [
    "-netdev",
    JSON.stringify({ type: "tap", id: "n0", ifname: tap, script: "no", downscript: "no" }),
    "-device",
    JSON.stringify({ driver: model, netdev: "n0", mac, romfile: "" }),
  ];
}

const reason = hostLabReason(QEMU);

describeUnless(reason, "leasetap doctor on real machines", () => {
  let lab: HostLab;
  const machines: ChildProcessWithoutNullStreams[] = [];

  beforeAll(async () => {
    lab = new HostLab("q");
    for (const [index, [tap, , words]] of MACHINES.entries()) {
      lab.tap(tap, "vnet_hdr");
      machines.push(await paused(lab, ["-name", `vm${index},debug-threads=on`, ...words(tap, macOf(index))]));
    }
  });

  afterAll(async () => {
    for (const machine of machines) {
      const gone = new Promise((settle) => machine.once("exit", settle));
      machine.kill();
      await gone;
    }
    await lab.dismantle();
  });

  it("knows machine, model and MAC of each card, however its command line says it", () => {
    const [host] = lab.records();
    expect(host).toMatchObject({ bridges: [{ name: "br0" }] });
    for (const [index, [tap, model]] of MACHINES.entries()) {
      expect(portIn(host, tap), tap).toMatchObject({
        kind: "tap",
        offload: { active: false },
        tap: { vnetHeader: true, machine: { name: `vm${index}`, program: QEMU, nic: { model, mac: macOf(index) } } },
      });
    }
  });

  it("finds nothing wrong with machines whose drivers are not loaded", () => {
    expect(lab.judgements()).toEqual([]);
  });
});

function macOf(index: number): string {
  return `52:54:00:00:00:0${index}`;
}

function portIn(host: unknown, name: string): unknown {
  const [bridge] = listOf(host, "bridges");
  return listOf(bridge, "ports").find((port) => isRecord(port) && port["name"] === name);
}

function listOf(value: unknown, key: string): unknown[] {
  const list = isRecord(value) ? value[key] : null;
  return Array.isArray(list) ? list : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Starts QEMU and waits until it has made its machine: then its monitor greets. */
async function paused(lab: HostLab, words: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
  const machine = ["-machine", "pc,accel=tcg", "-m", "16", "-nodefaults", "-display", "none", "-S"];
  const command = [findTool(QEMU) ?? QEMU, ...machine, "-qmp", "stdio", ...words];
  const child = spawn("ip", ["netns", "exec", lab.namespace, ...command]);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await new Promise<void>((ready, failed) => {
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.includes("QMP")) ready();
    });
    child.once("exit", () => failed(new Error(`${QEMU} ended: ${said}`)));
  });
  return child;
}

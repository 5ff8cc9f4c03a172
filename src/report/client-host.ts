import { quoted } from "../findings/prose/foreign-text.js";
import { list } from "../findings/prose/words.js";
import type { Binding } from "../lease/cycle.js";
import type { Machine } from "../host/facts.js";
import { labelText } from "../host/machine-name.js";
import { handlingBehind } from "../host/nic-models.js";
import type { ClientPort } from "../host/view.js";
import type * as Events from "./events.js";

/** Where a client is on the host, and what that means for checksums; marks around the names of strangers. */
export function whereText(found: ClientPort, { vlan }: Binding): string {
  const { port, bridge } = found;
  const on = bridge === null ? "" : ` of ${quoted(bridge.name)}`;
  const where = `behind ${quoted(port.name)}${on}`;
  const machine = port.tap?.machine ?? null;
  const who = machine === null ? (port.label === null ? null : quoted(labelText(port.label))) : machineWords(machine);
  const known = found.by === "capture" ? `The guest ${where}, where this was captured,` : `It is ${where}`;
  const is = who === null ? "" : found.by === "capture" ? ` is ${who}` : `: ${who}`;
  return `${known}${is}. ${meaning(found, vlan)}`.trim();
}

/** "web01 behind vnet3 (virtio-net-pci)" */
export function shortPlace({ port }: ClientPort): string {
  const { name = null, nic = null } = port.tap?.machine ?? {};
  const called = name === null ? "" : `${quoted(name)} `;
  const model = nic?.model ?? null;
  const card = model === null ? "" : ` (${quoted(model)})`;
  return `${called}behind ${quoted(port.name)}${card}`;
}

/** "web01 (process 812), with a virtio-net-pci card and vhost" */
function machineWords({ name, id, program, pid, nic }: Machine): string {
  const called = name === null ? (id === null ? quoted(program) : `machine ${quoted(id)}`) : quoted(name);
  const model = nic?.model ?? null;
  const card = model === null ? "" : `, with ${/^[aeiou]/.test(model) ? "an" : "a"} ${quoted(model)} card`;
  const with_ = [
    nic?.vhost === true ? "vhost" : "",
    nic?.guestCsum === false ? "guest_csum=off" : "",
    nic?.csum === false ? "csum=off" : "",
  ].filter((part) => part !== "");
  return `${called} (process ${pid})${card}${with_.length === 0 ? "" : ` and ${list(with_)}`}`;
}

function meaning({ port }: ClientPort, vlan: string): string {
  const { offload, tap } = port;
  if (offload === null) return "";
  const handling = handlingBehind(port);
  if (!offload.active && (handling === "passes-the-flag" || handling === "knows-no-flag")) {
    return "Its tap completes checksums: what is partial on the bridge reaches it complete.";
  }
  switch (handling) {
    case "knows-no-flag":
      return "Its card knows no checksum offload, and its tap leaves sums to it: that is a fault of its own (emulated-offload).";
    case "completes":
      return "QEMU completes checksums for this card.";
    case "passes-the-flag": {
      const completes = tap?.machine?.nic?.vhost !== true && vlan === "" && port.kind === "tap";
      return `Partial sums reach it marked as such, for clients that ask${
        completes ? "; QEMU completes those from UDP port 67 by itself." : ", and QEMU completes none of them."
      }`;
    }
    case null:
      return "";
  }
}

export function hostRecord(found: ClientPort): Events.ClientHost {
  const { port, bridge, by } = found;
  const machine = port.tap?.machine ?? null;
  return {
    port: port.name,
    bridge: bridge?.name ?? null,
    machine: machine?.name ?? null,
    pid: machine?.pid ?? null,
    model: machine?.nic?.model ?? null,
    mac: machine?.nic?.mac ?? port.label?.mac ?? null,
    vhost: machine?.nic?.vhost ?? null,
    offload: port.offload?.active ?? null,
    by,
  };
}

import * as checksum from "../findings/remedies/checksum.js";
import * as damage from "../findings/remedies/damage.js";
import type { Remedy } from "../findings/remedies.js";
import type { Bridge, HostFacts, Machine, Port } from "./facts.js";
import type { HostJudgement } from "./judgement.js";
import { named } from "./named.js";
import { handlingOf } from "./nic-models.js";

/** What the facts mean: faults first, then what is only exposed. */
export function judgeHost(facts: HostFacts): HostJudgement[] {
  const order = { error: 0, warning: 1, note: 2 } as const;
  const ports = [
    ...facts.bridges.flatMap((bridge) => bridge.ports.map((port) => judgePort(port, bridge))),
    ...facts.loose.map((port) => judgePort(port, null)),
  ];
  return [...judgeRules(facts), ...ports.flatMap((judgement) => judgement ?? [])].sort(
    (a, b) => order[a.severity] - order[b.severity],
  );
}

function judgePort(port: Port, bridge: Bridge | null): HostJudgement | null {
  const { tap, offload } = port;
  if (tap === null || offload === null) return null;
  const at = { bridge: bridge?.name ?? null, port: port.name };
  const { machine } = tap;
  if (machine === null) {
    return {
      ...at,
      code: "machine-unknown",
      severity: "note",
      summary: `${port.name}: nobody is seen to hold this tap`,
      detail: "Its machine is off, or this user may not see whose process it is (root may).",
      remedies: [],
    };
  }
  const model = machine.nic?.model ?? null;
  const handling = model === null ? null : handlingOf(model);
  if (handling === "knows-no-flag" && offload.active) return emulated(at, machine, model ?? "");
  if (handling !== "passes-the-flag") return null;
  const guestCsum = machine.nic?.guestCsum !== false;
  if (offload.active) return exposed(at, machine);
  return guestCsum ? byHand(at, machine) : null;
}

type At = Pick<HostJudgement, "bridge" | "port">;

function emulated(at: At, machine: Machine, model: string): HostJudgement {
  return {
    ...at,
    code: "emulated-offload",
    severity: "error",
    summary: `${at.port ?? ""}: ${whose(machine)} gets partial checksums: its ${model} card knows no checksum offload, but the tap leaves sums to it`,
    detail:
      "Whatever the host or another guest sends without a complete sum reaches this guest as it is, and nothing tells its DHCP client so. QEMU switches the offload of such a tap off when it starts; somebody switched it on again.",
    remedies: fitted([checksum.tapTxOff], at, machine),
  };
}

function exposed(at: At, machine: Machine): HostJudgement {
  const vhost = machine.nic?.vhost === true;
  return {
    ...at,
    code: "exposed",
    severity: "note",
    summary: `${at.port ?? ""}: ${whose(machine)} is told which checksums are partial (virtio), which is normal`,
    detail: `Only DHCP clients that read raw packets and do not ask for that mark are harmed: ISC dhclient before 4.3.2 and on BSD, dhcpcd before 5.2.12, udhcpc before 1.21. ${
      vhost
        ? "With vhost QEMU's own completion of DHCP replies (source port 67) never runs."
        : "Without vhost QEMU itself completes replies from port 67, but not those with a VLAN tag."
    }`,
    remedies: fitted([checksum.newClient, checksum.guestCsumOff, checksum.fillOnHost, checksum.tapTxOff], at, machine),
  };
}

function byHand(at: At, machine: Machine): HostJudgement {
  return {
    ...at,
    code: "tx-off-by-hand",
    severity: "note",
    summary: `${at.port ?? ""}: ${whose(machine)} gets complete checksums for now`,
    detail:
      "The tap's offload is off although the card is virtio and guest_csum is not off: somebody used ethtool, or the guest's driver is not loaded yet. When the guest sets its card up (reboot, driver reload) the offload is on again.",
    remedies: fitted([checksum.guestCsumOff, checksum.newClient], at, machine),
  };
}

function judgeRules({ rules }: HostFacts): HostJudgement[] {
  const judgements: HostJudgement[] = (rules.zeroing ?? []).map((rule) => ({
    code: "zeroing-rule",
    severity: "warning",
    bridge: null,
    port: null,
    summary: `an nftables rule clears UDP checksums: ${rule}`,
    detail:
      "The field becomes 0, but the kernel still owes the sum. Where it pays (a tap without offload, a physical card), the guest gets a wrong sum and drops the packet; only behind virtio the 0 stays.",
    remedies: [damage.noZeroing],
  }));
  const idle = (rules.fill ?? []).filter(({ packets }) => packets === 0);
  if (idle.length > 0 && rules.bridgeCallsIptables !== true) {
    judgements.push({
      code: "idle-fill-rule",
      severity: "note",
      bridge: null,
      port: null,
      summary: `a CHECKSUM rule has met no packet: ${idle[0]?.text ?? ""}`,
      detail: `It meets what this host itself sends. Frames that merely cross a bridge meet it only with net.bridge.bridge-nf-call-iptables=1, which ${
        rules.bridgeCallsIptables === null ? "is not there (br_netfilter is not loaded)" : "is 0"
      }.`,
      remedies: [checksum.senderTxOff],
    });
  }
  return judgements;
}

function fitted(remedies: readonly Remedy[], { bridge, port }: At, { name }: Machine): Remedy[] {
  return remedies.map((remedy) => named(remedy, { TAP: port, GUEST: name, BRIDGE: bridge }));
}

function whose({ name, program, pid }: Machine): string {
  return name ?? `${program} (process ${pid})`;
}

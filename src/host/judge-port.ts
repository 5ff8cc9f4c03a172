import { completionFor } from "./completion.js";
import type { Bridge, HostFacts, Machine, Offload, Port } from "./facts.js";
import { remediesAt, type Place } from "./fitting.js";
import type { HostJudgement } from "./judgement.js";
import { labelText, machineName } from "./machine-name.js";
import { handlingBehind } from "./nic-models.js";

/** What one port's set-up means; null: nothing that is worth a word. */
export function judgePort(port: Port, bridge: Bridge | null, facts: HostFacts): HostJudgement | null {
  const { tap, offload, kind } = port;
  // What ethtool says of a macvtap is about the other direction.
  if (offload === null || (kind !== "tap" && kind !== "vif")) return null;
  const machine = tap?.machine ?? null;
  const place: Place = { port, bridge, machine, facts };
  if (kind === "tap" && machine === null) return unknown(place);
  if (offload.active && tap?.vnetHeader === false) return noHeader(place);
  switch (handlingBehind(port)) {
    case "knows-no-flag":
      return offload.active ? emulated(place, machine) : null;
    case "passes-the-flag":
      if (offload.active) return virtio(place);
      return machine?.nic?.guestCsum !== false && isSwitchedByHand(offload) ? byHand(place) : null;
    case "completes":
    case null:
      return null;
  }
}

/**
 * Whoever holds a tap asks for checksum and segmentation at once and lets go of both at once (TUNSETOFFLOAD). ethtool
 * takes the checksum away, segmentation falls with it, and is still asked for.
 */
function isSwitchedByHand({ requested, segmentation }: Offload): boolean {
  return requested === false && segmentation?.requested === true && !segmentation.active;
}

function at({ port, bridge }: Place): Pick<HostJudgement, "port" | "bridge"> {
  return { port: port.name, bridge: bridge?.name ?? null };
}

function unknown(place: Place): HostJudgement {
  const { label } = place.port;
  const named = label === null ? "" : ` By its name it belongs to ${labelText(label)}.`;
  return {
    ...at(place),
    code: "machine-unknown",
    severity: "note",
    summary: `${place.port.name}: nobody is seen to hold this tap`,
    detail: `Its machine is off, or this user may not see whose process it is (root may).${named}`,
    remedies: [],
  };
}

function noHeader(place: Place): HostJudgement {
  return {
    ...at(place),
    code: "no-vnet-header",
    severity: "error",
    summary: `${place.port.name}: ${machineName(place)} gets partial checksums, and cannot be told so: its tap has no vnet header`,
    detail:
      "The program that holds the tap has told the kernel that it completes checksums (TUNSETOFFLOAD), and reads frames without the header that marks the partial ones (IFF_VNET_HDR). So every DHCP client behind it sees wrong sums.",
    remedies: remediesAt("no-vnet-header", place),
  };
}

function emulated(place: Place, machine: Machine | null): HostJudgement {
  return {
    ...at(place),
    code: "emulated-offload",
    severity: "error",
    summary: `${place.port.name}: ${machineName(place)} gets partial checksums: its ${machine?.nic?.model ?? ""} card knows no checksum offload, but the tap leaves sums to it`,
    detail:
      "Whatever the host or another guest sends without a complete sum reaches this guest as it is, and nothing tells its DHCP client so. QEMU leaves the offload of such a tap off. Only the program that holds a tap can switch it on (TUNSETOFFLOAD; ethtool cannot), so it did, or whoever held the tap before it.",
    remedies: remediesAt("emulated-offload", place),
  };
}

function virtio(place: Place): HostJudgement {
  const { ofHost, ofAll } = completionFor(place.port, place.bridge, place.facts);
  const { servers } = place.facts;
  const onlyHere = servers !== null && servers.length > 0 && servers.every(({ here }) => here);
  const by = ofAll ?? (onlyHere ? ofHost : null);
  if (by !== null) return completed(place, by, ofAll !== null);
  return exposed(place, ofHost);
}

function completed(place: Place, by: string, all: boolean): HostJudgement {
  return {
    ...at(place),
    code: "completed",
    severity: "note",
    summary: `${place.port.name}: ${machineName(place)} gets complete checksums`,
    detail: `What completes them: ${by.replace(/,$/, "")}.${
      all
        ? ""
        : " That is for what this host sends itself, and the only DHCP servers seen are its own. Replies that cross the bridge from elsewhere are not completed."
    } The card is virtio and knows of partial sums, so without it only clients that check raw packets would be harmed.`,
    remedies: [],
  };
}

const CLIENTS =
  "ISC dhclient before 4.3.2 and on BSD, FreeBSD's own dhclient before its repair of September 2025, OpenBSD's dhcpleased, dhcpcd before 5.2.12, udhcpc before 1.21, iPXE";

function exposed(place: Place, ofHost: string | null): HostJudgement {
  const vhost = place.machine?.nic?.vhost === true;
  const own =
    ofHost === null
      ? ""
      : ` What this host sends itself is completed by ${ofHost.replace(/,$/, "")}; replies from elsewhere are not.`;
  return {
    ...at(place),
    code: "exposed",
    severity: "note",
    summary: `${place.port.name}: ${machineName(place)} is told which checksums are partial (virtio), which is normal`,
    detail: `Only DHCP clients that read raw packets and do not ask for that mark are harmed: ${CLIENTS}. ${workAround(place, vhost)}${own}`,
    remedies: remediesAt("exposed", place),
  };
}

function workAround({ port }: Place, vhost: boolean): string {
  if (port.kind === "vif") return "Xen completes nothing for them.";
  return vhost
    ? "With vhost QEMU's own completion of DHCP replies (source port 67) never runs."
    : "Without vhost QEMU itself completes replies from port 67, but not those with a VLAN tag.";
}

function byHand(place: Place): HostJudgement {
  return {
    ...at(place),
    code: "tx-off-by-hand",
    severity: "note",
    summary: `${place.port.name}: ${machineName(place)} gets complete checksums until it sets its card up again`,
    detail:
      "Somebody switched the tap's offload off with ethtool: segmentation is still asked for, and only fell with it. A reboot of the guest, or a new start of its driver, switches it on again (measured), and a new start of the machine makes a new tap.",
    remedies: remediesAt("tx-off-by-hand", place),
  };
}

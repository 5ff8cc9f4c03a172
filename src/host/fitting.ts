import type { Remedy } from "../findings/remedies.js";
import { completionFor } from "./completion.js";
import type { Bridge, HostFacts, Machine, Port } from "./facts.js";
import { HOST_REMEDIES } from "./host-remedies.js";
import type { HostCode } from "./judgement.js";
import { asManaged } from "./managed.js";
import { named } from "./named.js";

/** Where a remedy is to be used. */
export interface Place {
  readonly port: Port;
  readonly bridge: Bridge | null;
  readonly machine: Machine | null;
  readonly facts: HostFacts;
}

/** Of the remedies for a judgement those that fit this very port, in its own names. */
export function remediesAt(code: HostCode, place: Place): Remedy[] {
  return HOST_REMEDIES[code].flatMap((remedy) => fitted(remedy, place) ?? []);
}

/** The remedy as it is done at this place; null: it cannot help there. */
export function fitted(remedy: Remedy, place: Place): Remedy | null {
  const { port, bridge, machine } = place;
  const suited = suitedTo(remedy, place);
  if (suited === null) return null;
  // Only libvirt's guests are called by the name that virsh knows.
  const guest = machine !== null && isLibvirts(machine) ? machine.name : null;
  return named(suited, { TAP: port.tap === null ? null : port.name, GUEST: guest, BRIDGE: bridge?.name ?? null });
}

function suitedTo(remedy: Remedy, { port, bridge, machine, facts }: Place): Remedy | null {
  switch (remedy.id) {
    case "fill-checksums":
      // What this host sends is completed already.
      return completionFor(port, bridge, facts).ofHost === null ? whereServerIs(remedy, facts) : null;
    case "guest-csum-off":
      return machine === null ? remedy : asManaged(remedy, machine);
    case "vhost-off":
      return machine?.nic?.vhost === true ? asManaged(remedy, machine) : null;
    default:
      return remedy;
  }
}

export function isLibvirts({ manager }: Machine): boolean {
  return manager === "libvirt" || manager === "opennebula" || manager === "openstack";
}

/** In the network namespace of the DHCP server; null where no server runs on this host. */
export function whereServerIs(remedy: Remedy, { servers }: HostFacts): Remedy | null {
  const own = servers?.find(({ here }) => here);
  if (own !== undefined) {
    const who = own.program === null || own.pid === null ? "" : ` (${own.program}, process ${own.pid})`;
    return { ...remedy, appliesWhen: `the replies come from this host's own server${who}.` };
  }
  if (servers === null) return remedy;
  const pid = servers.find((server) => server.pid !== null)?.pid ?? null;
  if (pid === null) return servers.length === 0 ? null : remedy;
  const inside = (command: string): string => `nsenter -t ${pid} -n ${command}`;
  return {
    ...remedy,
    command: remedy.command === null ? null : inside(remedy.command),
    undo: remedy.undo === null ? null : inside(remedy.undo),
    appliesWhen: `the DHCP server is process ${pid} of this host, which has a network namespace of its own.`,
  };
}

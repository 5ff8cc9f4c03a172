import type { PortKind } from "./facts.js";
import { objectsOf, isObject, parseJson } from "./json.js";
import type { System } from "./system.js";

/** linux/if_tun.h. */
const IFF_TUN = 0x0001;

/** What tells the kind of a device. */
export interface Marks {
  readonly name: string;
  /** tun_flags; null: it is no tun or tap. */
  readonly tun: number | null;
  /** DEVTYPE in its uevent file. */
  readonly type: string | null;
  readonly hasMacvtap: boolean;
  readonly hasHardware: boolean;
  readonly hasOtherEnd: boolean;
  /** What rtnetlink calls it: `ip -d link` shows that. */
  readonly linkKind: string | null;
}

export function kindOf({ name, tun, type, hasMacvtap, hasHardware, hasOtherEnd, linkKind }: Marks): PortKind {
  if (tun !== null) return (tun & IFF_TUN) === 0 ? "tap" : "tun";
  if (hasMacvtap) return "macvtap";
  const known = BY_TYPE.get(type ?? "") ?? BY_LINK_KIND.get(linkKind ?? "");
  if (known !== undefined) return known;
  // Xen's backend stands on a device as well, of the bus xen-backend.
  if (hasHardware) return /^vif\d+\.\d+$/.test(name) ? "vif" : "physical";
  // Without rtnetlink's word: most that have another end are veths.
  return linkKind === null && hasOtherEnd ? "veth" : "other";
}

const BY_TYPE: ReadonlyMap<string, PortKind> = new Map<string, PortKind>([
  ["bridge", "bridge"],
  ["vxlan", "vxlan"],
  ["geneve", "geneve"],
  ["vlan", "vlan"],
  ["bond", "bond"],
  ["macvlan", "macvlan"],
]);

const BY_LINK_KIND: ReadonlyMap<string, PortKind> = new Map<string, PortKind>([
  ...BY_TYPE,
  ["veth", "veth"],
  ["macvtap", "macvtap"],
  ["team", "team"],
  ["dummy", "dummy"],
  ["gre", "gre"],
  ["gretap", "gre"],
  ["ip6gretap", "gre"],
  ["erspan", "gre"],
  ["openvswitch", "internal"],
]);

/** The kind of each device in rtnetlink's words; empty where ip is not installed or knows no JSON. */
export async function readLinkKinds(system: System): Promise<Map<string, string>> {
  const text = await system.run("ip", ["-json", "-details", "link", "show"]);
  const kinds = new Map<string, string>();
  for (const { ifname, linkinfo } of objectsOf(text === null ? null : parseJson(text))) {
    const kind = isObject(linkinfo) ? linkinfo["info_kind"] : null;
    if (typeof ifname === "string" && typeof kind === "string") kinds.set(ifname, kind);
    else if (typeof ifname === "string") kinds.set(ifname, "");
  }
  return kinds;
}

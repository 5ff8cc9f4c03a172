import type { Label, PortKind } from "./facts.js";
import { isArray, isObject, parseJson } from "./json.js";
import type { System } from "./system.js";

/** What Open vSwitch's database says of one of its interfaces. */
export interface SwitchPort {
  readonly name: string;
  /** Of interfaces that are no device of the kernel; null: ask the kernel. */
  readonly kind: PortKind | null;
  readonly label: Label | null;
}

/** The device of its datapath where that is in user space. */
export const USER_SPACE_DATAPATH = "ovs-netdev";

/** The bridges of Open vSwitch and their interfaces; none where it is not installed. */
export async function readSwitches(system: System): Promise<Map<string, readonly SwitchPort[]>> {
  const bridges = new Map<string, readonly SwitchPort[]>();
  const names = await switchNames(system);
  if (names.length === 0) return bridges;
  const columns = ["--format=json", "--columns=name,type,external_ids", "list", "Interface"];
  const ports = new Map(interfacesIn((await ask(system, ...columns)) ?? "").map((port) => [port.name, port]));
  for (const bridge of names) {
    const own = linesOf(await ask(system, "list-ifaces", bridge));
    bridges.set(
      bridge,
      own.map((name) => ports.get(name) ?? { name, kind: null, label: null }),
    );
  }
  return bridges;
}

/** The names of its bridges; none where it is not installed. */
export async function switchNames(system: System): Promise<string[]> {
  return linesOf(await ask(system, "list-br"));
}

/** What is plugged into these bridges, be it an interface of the kernel or not. */
export async function switchPortsOf(system: System, bridges: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(bridges.map((bridge) => ask(system, "list-ifaces", bridge)));
  return answers.flatMap(linesOf);
}

/** It waits for a daemon, for ever unless it is told not to. */
function ask(system: System, ...words: readonly string[]): Promise<string | null> {
  return system.run("ovs-vsctl", ["--timeout=5", ...words]);
}

/** {"headings":["name","type","external_ids"],"data":[["tap0","",["map",[["attached-mac","fa:16:…"], …]]], …]} */
function interfacesIn(text: string): SwitchPort[] {
  const table = parseJson(text);
  const rows = isObject(table) ? table["data"] : null;
  if (!isArray(rows)) return [];
  return rows.flatMap((row): SwitchPort[] => {
    if (!isArray(row)) return [];
    const [name, type, ids] = row;
    if (typeof name !== "string" || typeof type !== "string") return [];
    return [{ name, kind: KINDS.get(type) ?? null, label: labelIn(pairsOf(ids)) }];
  });
}

const KINDS: ReadonlyMap<string, PortKind> = new Map<string, PortKind>([
  ["patch", "patch"],
  ["vxlan", "vxlan"],
  ["geneve", "geneve"],
  ["gre", "gre"],
  ["dpdkvhostuser", "vhost-user"],
  ["dpdkvhostuserclient", "vhost-user"],
  ["dpdk", "physical"],
]);

function pairsOf(value: unknown): ReadonlyMap<string, string> {
  const pairs = isArray(value) && value[0] === "map" && isArray(value[1]) ? value[1] : [];
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const [key, text] = isArray(pair) ? pair : [];
      return typeof key === "string" && typeof text === "string" ? [[key, text]] : [];
    }),
  );
}

/** What whoever plugged the guest in wrote down: attached-mac, vm-id and iface-id. */
function labelIn(ids: ReadonlyMap<string, string>): Label | null {
  const mac = ids.get("attached-mac")?.toLowerCase() ?? null;
  const machine = ids.get("vm-id") ?? null;
  const card = ids.get("iface-id") ?? null;
  return mac === null && machine === null && card === null ? null : { by: "openvswitch", machine, card, mac };
}

function linesOf(text: string | null): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}

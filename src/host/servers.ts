import type { DhcpServer } from "./facts.js";
import { namespaceOf, processes } from "./descriptors.js";
import type { System } from "./system.js";

/** A socket on UDP port 67: every DHCP server has one, those that read raw packets as well. */
export interface ServerSocket {
  readonly inode: string;
  /** In the network namespace that is looked at. */
  readonly here: boolean;
}

/** Port 67 in /proc/net/udp: "  12: 00000000:0043 00000000:0000 07 … inode …" */
const PORT = ":0043";
const INODE_COLUMN = 9;

/** @returns null where not even this namespace can be read */
export function readServerSockets(system: System): ServerSocket[] | null {
  const ours = system.read("/proc/net/udp");
  if (ours === null) return null;
  const sockets = inodesIn(ours).map((inode) => ({ inode, here: true }));
  const own = namespaceOf(system, "self");
  const seen = new Set([own, null]);
  for (const pid of processes(system)) {
    const namespace = namespaceOf(system, pid);
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    const table = system.read(`/proc/${pid}/net/udp`) ?? "";
    sockets.push(...inodesIn(table).map((inode) => ({ inode, here: false })));
  }
  return sockets;
}

/** One entry for each process, with the program that it runs. */
export function serversOf(
  system: System,
  sockets: readonly ServerSocket[],
  owners: ReadonlyMap<string, number>,
): DhcpServer[] {
  const servers = sockets.map(({ inode, here }): DhcpServer => {
    const pid = owners.get(inode) ?? null;
    const program = pid === null ? null : (system.read(`/proc/${pid}/comm`)?.trim() ?? null);
    return { pid, program, here };
  });
  // A server has a socket for each of its interfaces.
  return [...new Map(servers.map((server) => [`${server.pid ?? ""} ${server.here}`, server])).values()];
}

function inodesIn(table: string): string[] {
  return table.split("\n").flatMap((line) => {
    const cells = line.trim().split(/\s+/);
    return (cells[1] ?? "").endsWith(PORT) ? (cells[INODE_COLUMN] ?? []) : [];
  });
}

import { count, list } from "../findings/prose/words.js";
import type { System } from "./system.js";

/** Commands without which something is not known, and what that is. */
const COMMANDS: readonly (readonly [command: string, tells: string])[] = [
  ["ethtool", "checksum offload"],
  ["ip", "the kinds of some ports"],
  ["tc", "filters that compute checksums"],
  ["nft", "rules of nftables"],
];

/** What was asked for and could not be read, each as the subject of a sentence; called when all has been asked. */
export function unreadableOf({ denied, absent }: System): string[] {
  const said: string[] = [];
  const processes = new Set([...denied].flatMap((path) => /^\/proc\/(\d+)\//.exec(path)?.[1] ?? []));
  if (processes.size > 0) {
    said.push(
      `the descriptors of ${count(processes.size, "process")}: if the machine behind a tap is not shown, look as root, outside of any container`,
    );
  }
  if ([...denied].some((path) => path.includes("/libvirt/"))) {
    said.push("libvirt's records of its machines: root may read them");
  }
  const missing = COMMANDS.filter(([command]) => absent.has(command));
  if (missing.length > 0) {
    said.push(list(missing.map(([command, tells]) => `${tells} (${command} is not installed)`)));
  }
  return said;
}

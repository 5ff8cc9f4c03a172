import { readdirSync, readFileSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";

/** A hardware address that a Linux bridge has learned. */
export interface Forwarding {
  /** 48-bit number. */
  readonly mac: number;
  /** The port behind which it was seen last. */
  readonly port: string;
  /** Seconds since a frame of it came in there. */
  readonly age: number;
}

/** struct __fdb_entry of linux/if_bridge.h, in the byte order of the machine. */
const ENTRY_BYTES = 16;
const PORT_LOW = 6;
const IS_LOCAL = 7;
const AGEING_TIMER = 8;
const PORT_HIGH = 12;
/** USER_HZ: what the kernel tells user space in clock ticks has this many a second. */
const TICKS = 100;
const LITTLE_ENDIAN = endianness() === "LE";

/**
 * The forwarding table of a Linux bridge, without the bridge's own addresses: proof that somebody sent a frame, though
 * a capture filter let none of it pass. Nobody has to be root for it.
 *
 * @param bridge name of the bridge; empty for what is none, or is gone
 * @param root below which /sys is
 */
export function forwardingTable(bridge: string, root = "/"): readonly Forwarding[] {
  const folder = join(root, "sys/class/net", bridge);
  try {
    const ports = portNumbers(join(folder, "brif"));
    return parseForwarding(readFileSync(join(folder, "brforward")), ports);
  } catch {
    return [];
  }
}

/** @param ports name by number */
export function parseForwarding(bytes: Uint8Array, ports: ReadonlyMap<number, string>): readonly Forwarding[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Forwarding[] = [];
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const port = ports.get(view.getUint8(at + PORT_LOW) | (view.getUint8(at + PORT_HIGH) << 8));
    if (view.getUint8(at + IS_LOCAL) !== 0 || port === undefined) continue;
    const mac = view.getUint16(at) * 0x1_0000_0000 + view.getUint32(at + 2);
    entries.push({ mac, port, age: view.getUint32(at + AGEING_TIMER, LITTLE_ENDIAN) / TICKS });
  }
  return entries;
}

function portNumbers(folder: string): Map<number, string> {
  return new Map(
    readdirSync(folder).map((name) => [Number(readFileSync(join(folder, name, "port_no"), "utf8")), name]),
  );
}

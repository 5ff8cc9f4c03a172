import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { isBridge, isThere } from "../capture/live/interfaces.js";
import type { Comment } from "../capture/remarks.js";
import { forwardingTable, type Forwarding } from "../host/forwarding.js";
import { readPressure } from "../host/pressure.js";
import { formatMac } from "../wire/addresses.js";

/** Milliseconds between statements of the host's pressure: answers that come seconds late lie between several. */
export const BEAT = 2000;
/** Every so many beats it is said whom the bridges have heard: as the remark has it, in the ten seconds before. */
const HEARD_BEATS = 5;
const HEARD_SECONDS = (HEARD_BEATS * BEAT) / 1000;
/** Addresses in one statement, and ports of which something is said at once: a statement must stay small. */
const MOST_MACS = 10;
const MOST_PORTS = 1024;

/** Says what the host knows beside the frames that are captured: its pressure, and who is behind which port. */
export class Witness {
  #beats = 0;
  #watched: readonly string[] = [];
  #bridges: readonly string[] = [];

  /** @param watching the interfaces that are being captured: another list whenever bridges may have got or lost ports */
  constructor(private readonly watching: () => readonly string[]) {}

  /** To be called every BEAT milliseconds. */
  beat(): Comment[] {
    const pressure = readPressure();
    const heard = this.#beats % HEARD_BEATS === 0 ? this.#heard() : [];
    this.#beats += 1;
    return [...(pressure === null ? [] : [{ kind: "pressure" as const, ...pressure }]), ...heard];
  }

  #heard(): Comment[] {
    const watched = this.watching();
    if (watched !== this.#watched) this.#bridges = bridgesOf(watched);
    this.#watched = watched;
    const byPort = new Map<string, Forwarding[]>();
    for (const entry of this.#bridges.flatMap((bridge) => forwardingTable(bridge))) {
      if (entry.age > HEARD_SECONDS) continue;
      const known = byPort.get(entry.port);
      if (known === undefined) byPort.set(entry.port, [entry]);
      else known.push(entry);
    }
    return [...byPort].slice(0, MOST_PORTS).flatMap(([port, entries]) => statements(port, entries));
  }
}

function statements(port: string, entries: readonly Forwarding[]): Comment[] {
  const macs = entries.slice(0, MOST_MACS * MOST_MACS).map(({ mac }) => formatMac(mac));
  const parts = Array.from({ length: Math.ceil(macs.length / MOST_MACS) }, (_, index) =>
    macs.slice(index * MOST_MACS, (index + 1) * MOST_MACS),
  );
  return parts.map((part) => ({ kind: "heard", port, macs: part }));
}

/** Those among these interfaces, and those that they are ports of. */
function bridgesOf(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => (isBridge(name) ? name : (bridgeOf(name) ?? []))))];
}

/** The bridge that an interface is a port of; null: none. */
function bridgeOf(name: string): string | null {
  const master = `/sys/class/net/${name}/master`;
  try {
    return isThere(master) ? basename(readlinkSync(master)) : null;
  } catch {
    return null;
  }
}

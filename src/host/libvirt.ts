import type { SaxesTagPlain } from "saxes";
import type { Nic } from "./facts.js";
import { switchOf } from "./qemu-options.js";
import type { System } from "./system.js";

/** A running machine as libvirt keeps it, with cards that were plugged in later. */
export interface Domain {
  readonly pid: number;
  readonly name: string | null;
  /** By the name of the tap or macvtap. */
  readonly nics: ReadonlyMap<string, Nic>;
}

/** Of the system's daemon; /var/run is the same folder. */
const FOLDER = "/run/libvirt/qemu";
/** Users' own daemons: /run/user/UID/libvirt/qemu/run. */
const USERS = "/run/user";

/** Domains by the process that runs them. The XML reader is loaded where there is one. */
export async function readDomains(system: System): Promise<ReadonlyMap<number, Domain>> {
  const folders = [FOLDER, ...system.list(USERS).map((uid) => `${USERS}/${uid}/libvirt/qemu/run`)];
  const paths = folders.flatMap((folder) => {
    const names = system.list(folder).filter((name) => name.endsWith(".xml"));
    return names.map((name) => `${folder}/${name}`);
  });
  const domains = new Map<number, Domain>();
  for (const path of paths) {
    const text = system.read(path);
    const domain = text === null ? null : await parseDomain(text);
    if (domain !== null) domains.set(domain.pid, domain);
  }
  return domains;
}

interface Interface {
  tap: string | null;
  mac: string | null;
  model: string | null;
  vhost: boolean | null;
  csum: boolean | null;
  guestCsum: boolean | null;
}

/**
 * Reads one of libvirt's status files: a domain within <domstatus pid='…'>.
 *
 * @returns null for another kind of document, or none at all
 */
export async function parseDomain(text: string): Promise<Domain | null> {
  const { SaxesParser } = await import("saxes");
  const parser = new SaxesParser();
  const path: string[] = [];
  const nics = new Map<string, Nic>();
  let pid = NaN;
  let name: string | null = null;
  let card: Interface | null = null;
  parser.on("opentag", ({ name: tag, attributes }: SaxesTagPlain) => {
    path.push(tag);
    const at = path.join("/");
    if (at === "domstatus") pid = Number(attributes["pid"] ?? NaN);
    if (at === CARD) card = { tap: null, mac: null, model: null, vhost: null, csum: null, guestCsum: null };
    else if (card !== null && at.startsWith(`${CARD}/`)) describe(card, at.slice(CARD.length + 1), attributes);
  });
  parser.on("text", (piece) => {
    if (path.join("/") === "domstatus/domain/name") name = (name ?? "") + piece;
  });
  parser.on("closetag", () => {
    if (path.join("/") === CARD && card !== null) {
      const { tap, ...nic } = card;
      if (tap !== null) nics.set(tap, nic);
      card = null;
    }
    path.pop();
  });
  try {
    parser.write(text).close();
  } catch {
    return null;
  }
  return Number.isInteger(pid) ? { pid, name, nics } : null;
}

const CARD = "domstatus/domain/devices/interface";

function describe(card: Interface, element: string, attributes: Readonly<Record<string, string>>): void {
  switch (element) {
    case "target":
      card.tap = attributes["dev"] ?? null;
      break;
    case "mac":
      card.mac = attributes["address"]?.toLowerCase() ?? null;
      break;
    case "model":
      card.model = modelOf(attributes["type"] ?? null);
      break;
    case "driver":
      card.vhost = attributes["name"] === undefined ? null : attributes["name"] === "vhost";
      break;
    case "driver/host":
      card.csum = switchOf(attributes["csum"]);
      break;
    case "driver/guest":
      card.guestCsum = switchOf(attributes["csum"]);
      break;
  }
}

/** In QEMU's words: <model type='virtio'/> is its virtio-net-pci. */
function modelOf(type: string | null): string | null {
  const [, variant] = /^virtio(-transitional|-non-transitional)?$/.exec(type ?? "") ?? [];
  return type?.startsWith("virtio") === true ? `virtio-net-pci${variant ?? ""}` : type;
}

import { lstatSync, readdirSync, readFileSync } from "node:fs";

const DEVICES = "/sys/class/net";
/** A file among them that is no device. */
const NO_DEVICE = "bonding_masters";
/** IFF_UP of linux/if.h. */
const UP = 1;
/** ARPHRD_ETHER and ARPHRD_LOOPBACK of linux/if_arp.h: what libpcap calls Ethernet. */
const ETHERNET_TYPES = ["1", "772"];

/** The network interfaces of this host, or of the network namespace that this runs in. */
export function interfaceNames(): string[] {
  return folder(DEVICES).filter((name) => name !== NO_DEVICE);
}

/** How an interface is to be captured; null: there is none of that name, or it is down. */
export interface InterfaceState {
  /** Another one with the same name has another. */
  readonly index: string;
  readonly isEthernet: boolean;
  /** It belongs to a bridge, a bond, or a switch. */
  readonly isPort: boolean;
}

export function interfaceState(name: string): InterfaceState | null {
  const flags = text(`${DEVICES}/${name}/flags`);
  if (flags === null || (Number(flags) & UP) === 0) return null;
  return {
    index: text(`${DEVICES}/${name}/ifindex`) ?? "",
    isEthernet: ETHERNET_TYPES.includes(text(`${DEVICES}/${name}/type`) ?? ""),
    isPort: isThere(`${DEVICES}/${name}/master`),
  };
}

const LOWER = "lower_";

/** The ports of a bridge, or what else lies below an interface. */
export function portsOf(name: string): string[] {
  return folder(`${DEVICES}/${name}`)
    .filter((entry) => entry.startsWith(LOWER))
    .map((entry) => entry.slice(LOWER.length));
}

export function isBridge(name: string): boolean {
  return isThere(`${DEVICES}/${name}/bridge`);
}

/** What shall be watched. */
export interface Wanted {
  /** Names, and patterns in which * stands for any text and ? for one character. */
  readonly words: readonly string[];
  /** The ports of bridges among them are watched too. */
  readonly followPorts: boolean;
}

export function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

/** Tells the names that a word stands for. */
export function patternOf(word: string): RegExp {
  const pattern = word
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "s");
}

/** Those of `names` that shall be watched, in the order of the words. */
export function wantedOf({ words, followPorts }: Wanted, names: readonly string[]): string[] {
  const named = words.map(patternOf).flatMap((pattern) => names.filter((name) => pattern.test(name)));
  const ports = followPorts ? named.flatMap((name) => portsOf(name)) : [];
  return [...new Set([...named, ...ports])];
}

function folder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function text(path: string): string | null {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return null;
  }
}

/** Whether there is such an entry; asking costs little where there is none. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

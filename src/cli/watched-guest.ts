import type { HostFacts, Port } from "../host/facts.js";
import { machineName } from "../host/machine-name.js";
import { normalizeClient } from "./client-name.js";
import { UsageError } from "./usage-error.js";

/** Whom `doctor --watch` is about, and where it is watched. */
export interface WatchedGuest {
  /** Names of interfaces. */
  readonly ports: readonly string[];
  /** Lower case, with colons. */
  readonly macs: ReadonlySet<string>;
}

/** Guests that a sentence names. */
const NAMED = 8;

/**
 * @param word a hardware address, or a machine as its manager or its process calls it
 * @param at the port, where the word alone does not tell it
 * @throws UsageError if no such guest is known, or not its port, or not its address
 */
export function watchedGuest(word: string, at: string | undefined, { bridges, loose }: HostFacts): WatchedGuest {
  const all = [...bridges.flatMap(({ ports }) => ports), ...loose];
  const mac = normalizeClient(word);
  if (MAC.test(mac)) {
    // Whoever names both knows; the interface may be of any kind.
    if (at !== undefined) return { ports: [at], macs: new Set([mac]) };
    const found = preferTaps(all.filter((port) => macsOf(port).includes(mac)));
    if (found.length > 0) return { ports: namesIn(found), macs: new Set([mac]) };
    throw new UsageError(
      `no port of this host is known to lead to ${mac}. Name its port as well: leasetap doctor --watch ${mac} -i PORT`,
    );
  }
  const found = all.filter((port) => namesOf(port).includes(word) && (at === undefined || port.name === at));
  if (found.length === 0) throw new UsageError(`there is no guest ${JSON.stringify(word)} here. ${guestsOf(all)}`);
  const macs = new Set(found.flatMap(macsOf));
  if (macs.size > 0) return { ports: namesIn(found), macs };
  throw new UsageError(
    `the hardware address of ${JSON.stringify(word)} is not known: leasetap doctor --watch MAC -i ${found[0]?.name ?? "PORT"}`,
  );
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

function macsOf({ tap, label, learned }: Port): readonly string[] {
  const own = [tap?.machine?.nic?.mac, label?.mac].flatMap((mac) => mac ?? []);
  return own.length > 0 ? own : learned;
}

/** A bridge on the way has learned the address as well. */
function preferTaps(ports: readonly Port[]): readonly Port[] {
  const taps = ports.filter(({ tap }) => tap !== null);
  return taps.length > 0 ? taps : ports.slice(0, 1);
}

function namesIn(ports: readonly Port[]): string[] {
  return ports.map(({ name }) => name);
}

function namesOf({ name, tap, label }: Port): string[] {
  return [name, tap?.machine?.name, tap?.machine?.id, label?.machine].flatMap((known) => known ?? []);
}

function guestsOf(ports: readonly Port[]): string {
  const names = ports.flatMap((port) => {
    const machine = port.tap?.machine ?? null;
    return machine === null ? [] : [machineName({ port, machine })];
  });
  if (names.length === 0) return "No guest is seen behind any port; root sees more.";
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `Guests of this host: ${names
    .slice(0, NAMED)
    .map((name) => JSON.stringify(name))
    .join(", ")}${more}.`;
}

import type { Nic } from "./facts.js";
import { parseOptions, switchOf, type Options } from "./qemu-options.js";

/** Where a network card of the guest ends on the host. */
interface Backend {
  readonly id: string | null;
  readonly ifname: string | null;
  readonly descriptors: readonly number[];
  readonly vhost: boolean | null;
}

interface Card {
  readonly backend: string | null;
  readonly nic: Nic;
}

/** How a process holds a tap. */
export interface Held {
  readonly tap: string;
  /** The numbers of its descriptors. */
  readonly descriptors: readonly number[];
  /** It holds no other tap. */
  readonly alone: boolean;
}

/**
 * What QEMU's command line says of the card behind one of its taps. libvirt passes descriptors by number, others name
 * the tap. Cards that were plugged in later are not in it.
 *
 * @param words /proc/PID/cmdline, split at its NULs
 * @returns null where it does not tell
 */
export function nicBehind(words: readonly string[], { tap, descriptors, alone }: Held): Nic | null {
  const { backends, cards } = cardsOf(words);
  const backend = backends.find(
    ({ ifname, descriptors: own }) => ifname === tap || own.some((number) => descriptors.includes(number)),
  );
  // With a single card and a single tap there is nothing to mistake them for.
  const only = alone && backends.length <= 1 && cards.length === 1 ? cards[0] : undefined;
  const card = backend === undefined ? only : (cards.find((one) => one.backend === backend.id) ?? only);
  return card === undefined ? null : { ...card.nic, vhost: (backend ?? backends[0])?.vhost ?? null };
}

/** "-name web01", "-name guest=web01,debug-threads=on". */
export function nameOf(words: readonly string[]): string | null {
  const value = valueOf(words, "name");
  return value === null ? null : (parseOptions(value, "guest").get("guest") ?? null);
}

/** The word behind "-option" or "--option"; null: it is not there. */
export function valueOf(words: readonly string[], option: string): string | null {
  const at = words.findIndex((word) => word === `-${option}` || word === `--${option}`);
  return at === -1 ? null : (words[at + 1] ?? null);
}

function cardsOf(words: readonly string[]): { backends: Backend[]; cards: Card[] } {
  const backends: Backend[] = [];
  const cards: Card[] = [];
  for (const [index, word] of words.entries()) {
    const value = words[index + 1];
    if (value === undefined) continue;
    switch (word.replace(/^--/, "-")) {
      case "-netdev": {
        const options = parseOptions(value, "type");
        if (isTap(options)) backends.push(backendOf(options, options.get("id") ?? null));
        break;
      }
      case "-device": {
        const options = parseOptions(value, "driver");
        const netdev = options.get("netdev");
        if (netdev !== undefined) cards.push({ backend: netdev, nic: nicOf(options, options.get("driver")) });
        break;
      }
      case "-nic": {
        // Both ends in one option; only the first word may name the kind of backend.
        const options = parseOptions(value, "type");
        if (!isTap(options)) break;
        const id = `nic ${index}`;
        backends.push(backendOf(options, id));
        cards.push({ backend: id, nic: nicOf(options, options.get("model")) });
        break;
      }
      case "-net":
        legacy(value, backends, cards);
        break;
    }
  }
  return { backends, cards };
}

/** "bridge" is a tap as well: QEMU's helper makes it, and names it. */
function isTap(options: Options): boolean {
  return options.get("type") === "tap" || options.get("type") === "bridge";
}

/** "-net nic,model=… -net tap,ifname=…": all of them are on one hub, so that each card hears each tap. */
function legacy(value: string, backends: Backend[], cards: Card[]): void {
  const options = parseOptions(value, "type");
  const netdev = options.get("netdev");
  if (isTap(options)) backends.push(backendOf(options, "hub"));
  if (options.get("type") === "nic") {
    cards.push({ backend: netdev ?? "hub", nic: nicOf(options, options.get("model")) });
  }
}

function backendOf(options: Options, id: string | null): Backend {
  const numbers = [options.get("fd"), ...(options.get("fds")?.split(":") ?? [])];
  return {
    id,
    ifname: options.get("ifname") ?? null,
    descriptors: numbers.flatMap((number) => (number !== undefined && /^\d+$/.test(number) ? [Number(number)] : [])),
    // A descriptor for vhost is one for vhost=on.
    vhost: switchOf(options.get("vhost")) ?? (options.has("vhostfd") || options.has("vhostfds") ? true : null),
  };
}

function nicOf(options: Options, model: string | undefined): Nic {
  return {
    model: model ?? null,
    mac: (options.get("mac") ?? options.get("macaddr"))?.toLowerCase() ?? null,
    vhost: null,
    csum: switchOf(options.get("csum")),
    guestCsum: switchOf(options.get("guest_csum")),
  };
}

import type { Machine, Nic } from "./facts.js";
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

/**
 * What a QEMU process says of the card behind one of its taps, from its command line as it was started. libvirt passes
 * descriptors by number, others name the tap. Cards that were plugged in later are not in a command line.
 *
 * @param words /proc/PID/cmdline, split at its NULs
 * @param tap the name of the tap
 * @param descriptors the numbers of the descriptors by which the process holds the tap
 */
export function machineOf(pid: number, words: readonly string[], tap: string, descriptors: readonly number[]): Machine {
  const program = words[0] ?? "";
  const { backends, cards } = cardsOf(words);
  const backend = backends.find(
    ({ ifname, descriptors: own }) => ifname === tap || own.some((number) => descriptors.includes(number)),
  );
  // With a single card there is nothing to mistake it for.
  const only = backends.length <= 1 && cards.length === 1 ? cards[0] : undefined;
  const card = backend === undefined ? only : (cards.find((one) => one.backend === backend.id) ?? only);
  return {
    pid,
    name: nameOf(words),
    program: program.slice(program.lastIndexOf("/") + 1),
    nic: card === undefined ? null : { ...card.nic, vhost: backend?.vhost ?? card.nic.vhost },
  };
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
        if (options.get("type") === "tap") backends.push(backendOf(options, options.get("id") ?? null));
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
        if (options.get("type") !== "tap") break;
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

/** "-net nic,model=… -net tap,ifname=…": all of them are on one hub, so that each card hears each tap. */
function legacy(value: string, backends: Backend[], cards: Card[]): void {
  const options = parseOptions(value, "type");
  const netdev = options.get("netdev");
  if (options.get("type") === "tap") backends.push(backendOf(options, "hub"));
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

/** "-name web01", "-name guest=web01,debug-threads=on". */
function nameOf(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === "-name" || word === "--name");
  const value = at === -1 ? undefined : words[at + 1];
  return value === undefined ? null : (parseOptions(value, "guest").get("guest") ?? null);
}

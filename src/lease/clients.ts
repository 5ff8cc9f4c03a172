import { allResolved } from "./arp.js";
import { formatHex, macOf } from "../wire/addresses.js";
import type { Binding, Client, Cycle } from "./cycle.js";
import { newEpisode } from "./episode.js";
import { isUnicast, type Message } from "./message.js";
import { Roll } from "./roll.js";
import type { TrackerSink } from "./tracker-sink.js";
import { nothingSeen, see, showsUnicasts } from "./visibility.js";

/** Client identifiers and VLANs followed for one hardware address; the oldest make way. */
const MOST_BINDINGS = 32;

/** All clients in view, by hardware address. */
export class Clients {
  readonly #byMac = new Map<number, Client>();
  readonly #byHex = new Map<string, Client>();
  readonly #roll = new Roll<Client>();
  /** Clients whose unicasts pass here, one way or the other. */
  #showing = 0;
  /** Clients that were let go because there were too many. */
  #forgotten = 0;

  constructor(private readonly sink: Pick<TrackerSink, "forgotten">) {}

  /** Clients that were ever seen; one that was let go and came back counts again. */
  get size(): number {
    return this.#byMac.size + this.#byHex.size + this.#forgotten;
  }

  /** How many of those that are followed show their unicasts here. */
  get showingUnicasts(): number {
    return this.#showing;
  }

  *[Symbol.iterator](): IterableIterator<Client> {
    yield* this.#byMac.values();
    yield* this.#byHex.values();
  }

  find(message: Message): Client | null {
    const mac = macOfClient(message);
    return (mac === null ? this.#byHex.get(formatHex(message.dhcp.chaddr)) : this.#byMac.get(mac)) ?? null;
  }

  /** @param mac hardware address as a 48-bit number */
  withMac(mac: number): Client | null {
    return this.#byMac.get(mac) ?? null;
  }

  findOrAdd(message: Message): Client {
    const known = this.find(message);
    if (known !== null) {
      this.#roll.heard(known);
      return known;
    }
    const mac = macOfClient(message);
    const address = formatHex(message.dhcp.chaddr);
    const client: Client = {
      address,
      mac,
      chaddr: message.dhcp.chaddr.slice(),
      bindings: [],
      visibility: nothingSeen(),
      hasDirectReplies: false,
      relays: [],
      inputs: [],
      seenAt: { any: [], unicast: [] },
    };
    if (mac === null) {
      this.#byHex.set(address, client);
    } else {
      this.#byMac.set(mac, client);
    }
    const excess = this.#roll.enter(client);
    if (excess !== null) {
      this.#forgotten += 1;
      if (showsUnicasts(excess.visibility)) this.#showing -= 1;
      if (excess.mac === null) this.#byHex.delete(excess.address);
      else this.#byMac.delete(excess.mac);
      this.sink.forgotten(excess, message);
    }
    return client;
  }

  /** A message of it, or to it, was seen. */
  see({ visibility }: Client, message: Message): void {
    const before = showsUnicasts(visibility);
    see(visibility, message);
    if (!before && showsUnicasts(visibility)) this.#showing += 1;
  }

  /** A server spoke to it: nobody invented it. */
  answered(client: Client): void {
    this.#roll.answered(client);
  }
}

function macOfClient(message: Message): number | null {
  const { chaddr } = message.dhcp;
  return chaddr.length === 6 ? macOf(chaddr) : null;
}

/** Inputs remembered in which a client was seen. */
const MOST_INPUTS = 256;
/** Capture points remembered at which it was seen. */
const MOST_POINTS = 64;

/** Silence of a client means something where it is seen. */
export function noteInputs(client: Client, message: Message): void {
  const { inputs } = client;
  for (const { point } of message.sightings) {
    if (!inputs.includes(point.input) && inputs.length < MOST_INPUTS) inputs.push(point.input);
  }
  notePoints(client, message);
}

/** Where a message of a client, or one to it, was seen. */
export function notePoints({ seenAt }: Client, { sightings }: Message): void {
  for (const sighting of sightings) {
    remember(seenAt.any, sighting.point.id);
    if (isUnicast(sighting)) remember(seenAt.unicast, sighting.point.id);
  }
}

function remember(points: number[], id: number): void {
  if (!points.includes(id) && points.length < MOST_POINTS) points.push(id);
}

/** The binding that a message of the client belongs to; made if there is none. */
export function bindingOf(client: Client, message: Message): Binding {
  const named = client.bindings.find(
    (binding) => binding.clientId === message.clientId && sharesLink(binding, message),
  );
  if (named !== undefined) {
    return named;
  }
  // A renewal may leave out the identifier that the acquisition gave, and a cut frame loses it.
  if (message.dhcp.ciaddr !== 0 || message.dhcp.cut) {
    const same = client.bindings.find(
      (binding) =>
        sharesLink(binding, message) &&
        (message.clientId === null || binding.clientId === null) &&
        (binding.lease === null || message.dhcp.ciaddr === 0 || binding.lease.address === message.dhcp.ciaddr),
    );
    if (same !== undefined) {
      return same;
    }
  }
  const binding: Binding = {
    client,
    clientId: message.clientId,
    vlan: message.vlan,
    name: null,
    software: null,
    lease: null,
    supersededAt: null,
    unresolved: allResolved(),
    lost: null,
    cycle: null,
    previous: null,
    episode: newEpisode(null, 0),
    countsSecs: false,
    renewsByUnicast: false,
    takesRefused: { unicast: false, broadcast: false },
    scattered: 0,
    partialTaken: 0,
    answered: { unicast: false, broadcast: false },
    partialAnswered: false,
    unicastsAnswered: 0,
    changesXid: false,
    boundAt: null,
    blind: false,
    renewalRatios: [],
    loops: 0,
    steps: 0,
    xids: [],
  };
  client.bindings.push(binding);
  client.bindings.splice(0, client.bindings.length - MOST_BINDINGS);
  return binding;
}

function sharesLink(binding: Binding, message: Message): boolean {
  return (
    binding.vlan === message.vlan ||
    message.sightings.some(({ frame }) => frame.link !== null && frame.link.vlan.join(".") === binding.vlan)
  );
}

/** The cycle of this client that used `xid`: an open one first, else the last that ended. */
export function cycleOf(client: Client, xid: number, vlan: string): Cycle | null {
  const uses = (cycle: Cycle | null): cycle is Cycle =>
    cycle?.attempts.some(({ message }) => message.xid === xid) === true;
  const bindings = client.bindings.toSorted((a, b) => Number(b.vlan === vlan) - Number(a.vlan === vlan));
  return (
    bindings.find(({ cycle }) => uses(cycle))?.cycle ??
    bindings.find(({ previous }) => uses(previous))?.previous ??
    null
  );
}

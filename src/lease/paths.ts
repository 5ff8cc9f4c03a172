import { secondsBetween } from "../capture/instant.js";
import type { Coverage } from "./coverage.js";
import type { Message, Point, Sighting } from "./message.js";
import { Roll } from "./roll.js";
import { nothingSeen, see, shows, showsDirection, showsUnicasts, type Visibility } from "./visibility.js";

/** When a capture point was watching: from first to last, in seconds since 1970, but for the gaps. */
export interface Vigil {
  readonly first: number;
  readonly last: number;
  readonly coverage: Coverage;
}

/** What the capture points show of one client. */
interface Seen {
  readonly points: Map<number, Visibility>;
  /**
   * Points that an answered unicast of it did not pass, and when (seconds since 1970): whatever they show was flooded
   * there by a switch.
   */
  readonly bypassed: Map<number, number>;
  /** For pairs of points, how many more of its requests met the first before the second than the other way. */
  readonly earlier: Votes;
  /** Its last request, until it is answered. */
  asked: Message | null;
}

/** By pair of points, the lower number first. */
type Votes = Map<string, number>;

/**
 * Which way messages go past several capture points, learned from those seen at more than one: a message that reached
 * one point and not the next, where its like are seen, was lost in between.
 */
export class Paths {
  readonly #points = new Map<number, Point>();
  readonly #vigils = new Map<number, Vigil>();
  /** As `earlier`, of all clients. */
  readonly #earlier: Votes = new Map();
  readonly #clients = new Map<string, Seen>();
  readonly #roll = new Roll<string>();
  readonly #unordered = new Set<string>();

  /** The clock of this input is known less well than messages are fast: the order of its stamps and others' tells nothing. */
  unordered(input: string): void {
    this.#unordered.add(input);
  }

  /** When a point was watching. */
  watched(point: Point, vigil: Vigil): void {
    this.#points.set(point.id, point);
    this.#vigils.set(point.id, vigil);
  }

  add(message: Message): void {
    const { sightings } = message;
    const seen = this.#findOrAdd(message);
    for (const [index, { point, instant }] of sightings.entries()) {
      this.#points.set(point.id, point);
      const visibility = seen.points.get(point.id) ?? nothingSeen();
      see(visibility, message);
      seen.points.set(point.id, visibility);
      for (const later of sightings.slice(index + 1)) {
        // Stamps within one microsecond tell no order.
        if (this.#areOrdered(point, later.point) && secondsBetween(instant, later.instant) > 0) {
          const weight = message.fromClient ? 1 : -1;
          vote(this.#earlier, point.id, later.point.id, weight);
          vote(seen.earlier, point.id, later.point.id, weight);
        }
      }
    }
    this.#noteBypassed(seen, message);
    if (!message.fromClient) putNearestLast(seen, message);
  }

  /** Names of the later points that this message should have passed and did not. */
  missingAt(message: Message): string[] {
    if (this.#points.size < 2) {
      return [];
    }
    const seen = this.#clients.get(clientOf(message));
    const here = new Set(message.sightings.map(({ point }) => point.id));
    return [...(seen?.points ?? [])]
      .filter(([id, visibility]) => seen !== undefined && this.#isOnTheWay(seen, id, visibility, message))
      .map(([id]) => id)
      .filter((id) => !here.has(id) && this.#covers(id, message.time) && this.#isAfter(id, here, message, seen))
      .map((id) => nameOf(this.#points.get(id)));
  }

  #areOrdered(one: Point, other: Point): boolean {
    const apart = one.input !== other.input && (this.#unordered.has(one.input) || this.#unordered.has(other.input));
    return one.id !== other.id && !apart;
  }

  #findOrAdd(message: Message): Seen {
    const client = clientOf(message);
    let seen = this.#clients.get(client);
    if (seen === undefined) {
      seen = { points: new Map(), bypassed: new Map(), earlier: new Map(), asked: null };
      this.#clients.set(client, seen);
      const excess = this.#roll.enter(client);
      if (excess !== null) this.#clients.delete(excess);
    } else if (message.fromClient) {
      this.#roll.heard(client);
    } else {
      this.#roll.answered(client);
    }
    return seen;
  }

  #noteBypassed(seen: Seen, message: Message): void {
    if (message.fromClient) {
      seen.asked = message.broadcast ? null : message;
    } else if (seen.asked?.xid === message.xid) {
      const passed = new Set(seen.asked.sightings.map(({ point }) => placeOf(point)));
      for (const id of seen.points.keys()) {
        const place = placeOf(this.#points.get(id));
        if (!passed.has(place) && !seen.bypassed.has(id)) seen.bypassed.set(id, seen.asked.time);
      }
      seen.asked = null;
    }
  }

  /** Whether such a message of the client passes a point on its way, as far as is known. */
  #isOnTheWay({ points, bypassed }: Seen, id: number, visibility: Visibility, message: Message): boolean {
    if (!message.broadcast) {
      const past = this.#covers(id, bypassed.get(id) ?? Infinity);
      return showsDirection(visibility, message) && showsUnicasts(visibility) && !past;
    }
    // Everybody's broadcasts are seen everywhere; only where its unicasts pass, too, is there a way of its own.
    return shows(visibility, message) && (showsUnicasts(visibility) || ![...points.values()].some(showsUnicasts));
  }

  #covers(id: number, time: number): boolean {
    const vigil = this.#vigils.get(id);
    return vigil !== undefined && vigil.first <= time && time <= vigil.last && vigil.coverage.watchedFrom(time) > time;
  }

  /** Whether messages of this direction meet `id` after each of the points `here`. */
  #isAfter(id: number, here: ReadonlySet<number>, message: Message, seen: Seen | undefined): boolean {
    return [...here].every((other) => {
      // What this client's own messages show goes first: others' broadcasts pass the same points the other way.
      const own = seen === undefined ? 0 : votes(seen.earlier, other, id);
      const requests = own === 0 ? votes(this.#earlier, other, id) : own;
      return message.fromClient ? requests > 0 : requests < 0;
    });
  }
}

function vote(earlier: Votes, a: number, b: number, weight: number): void {
  const [low, high, more] = a < b ? [a, b, weight] : [b, a, -weight];
  const pair = `${low} ${high}`;
  earlier.set(pair, (earlier.get(pair) ?? 0) + more);
}

/** How many more requests met `a` first. */
function votes(earlier: Votes, a: number, b: number): number {
  return a < b ? (earlier.get(`${a} ${b}`) ?? 0) : -(earlier.get(`${b} ${a}`) ?? 0);
}

/**
 * A broadcast reply reaches the ports of other guests as well, and later perhaps than that of its receiver: nearest to
 * the receiver are those that its unicasts pass.
 */
function putNearestLast({ points, bypassed }: Seen, { sightings }: Message): void {
  if (sightings.length < 2) return;
  const isOwn = ({ point: { id } }: Sighting): boolean => {
    const visibility = points.get(id);
    return visibility !== undefined && showsUnicasts(visibility) && !bypassed.has(id);
  };
  const own = sightings.filter(isOwn);
  if (own.length === 0 || own.length === sightings.length) return;
  const others = sightings.filter((sighting) => !isOwn(sighting));
  sightings.splice(0, sightings.length, ...others, ...own);
}

/** Where a capture on `any` has a point for each direction, both are of one interface. */
function placeOf(point: Point | undefined): string {
  if (point === undefined) return "";
  return point.interface === null ? String(point.id) : `${point.input} ${point.interface}`;
}

function clientOf(message: Message): string {
  return Array.from(message.dhcp.chaddr).join(".");
}

export function nameOf(point: Point | undefined): string {
  return point === undefined ? "?" : (point.interface ?? point.input);
}

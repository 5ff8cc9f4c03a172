import { secondsBetween } from "../capture/instant.js";
import type { Coverage } from "./coverage.js";
import type { Message, Point, Sighting } from "./message.js";
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
  /** Its last request, until it is answered. */
  asked: Message | null;
}

/**
 * Which way messages go past several capture points, learned from those seen at more than one: a message that reached
 * one point and not the next, where its like are seen, was lost in between.
 */
export class Paths {
  readonly #points = new Map<number, Point>();
  readonly #vigils = new Map<number, Vigil>();
  /** For each pair of points, how many more requests met the first before the second than the other way. */
  readonly #earlier = new Map<string, number>();
  readonly #clients = new Map<string, Seen>();
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
    const client = clientOf(message);
    const seen = this.#seenOf(client);
    for (const [index, { point, instant }] of sightings.entries()) {
      this.#points.set(point.id, point);
      const visibility = seen.points.get(point.id) ?? nothingSeen();
      see(visibility, message);
      seen.points.set(point.id, visibility);
      for (const later of sightings.slice(index + 1)) {
        // Stamps within one microsecond tell no order.
        if (this.#areOrdered(point, later.point) && secondsBetween(instant, later.instant) > 0) {
          const weight = message.fromClient ? 1 : -1;
          this.#vote("", point.id, later.point.id, weight);
          this.#vote(client, point.id, later.point.id, weight);
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
      .filter((id) => !here.has(id) && this.#covers(id, message.time) && this.#isAfter(id, here, message))
      .map((id) => nameOf(this.#points.get(id)));
  }

  #areOrdered(one: Point, other: Point): boolean {
    const apart = one.input !== other.input && (this.#unordered.has(one.input) || this.#unordered.has(other.input));
    return one.id !== other.id && !apart;
  }

  #seenOf(client: string): Seen {
    let seen = this.#clients.get(client);
    if (seen === undefined) {
      seen = { points: new Map(), bypassed: new Map(), asked: null };
      this.#clients.set(client, seen);
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
  #isAfter(id: number, here: ReadonlySet<number>, message: Message): boolean {
    return [...here].every((other) => {
      // What this client's own messages show goes first: others' broadcasts pass the same points the other way.
      const own = this.#votes(clientOf(message), other, id);
      const requests = own === 0 ? this.#votes("", other, id) : own;
      return message.fromClient ? requests > 0 : requests < 0;
    });
  }

  #vote(client: string, a: number, b: number, weight: number): void {
    const key = a < b ? `${client} ${String(a)} ${String(b)}` : `${client} ${String(b)} ${String(a)}`;
    this.#earlier.set(key, (this.#earlier.get(key) ?? 0) + (a < b ? weight : -weight));
  }

  #votes(client: string, a: number, b: number): number {
    return a < b
      ? (this.#earlier.get(`${client} ${String(a)} ${String(b)}`) ?? 0)
      : -(this.#earlier.get(`${client} ${String(b)} ${String(a)}`) ?? 0);
  }
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

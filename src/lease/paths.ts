import { secondsBetween } from "../capture/instant.js";
import type { Message, Point } from "./message.js";

/** When a capture point was watching, in seconds since 1970. */
export interface Coverage {
  first: number;
  last: number;
}

/**
 * Which way messages go past several capture points, learned from those seen at more than one: a message that reached
 * one point and not the next, where its like are seen, was lost in between.
 */
export class Paths {
  readonly #points = new Map<number, Point>();
  readonly #coverage = new Map<number, Coverage>();
  /** For each pair of points, how many more requests met the first before the second than the other way. */
  readonly #earlier = new Map<string, number>();
  /** Points at which a client's messages of one direction and cast are seen. */
  readonly #seen = new Map<string, Set<number>>();

  /** A point was watching at this time. */
  watched(point: Point, first: number, last: number): void {
    this.#points.set(point.id, point);
    this.#coverage.set(point.id, { first, last });
  }

  add(message: Message): void {
    const { sightings } = message;
    const key = keyOf(message);
    const seen = this.#seen.get(key) ?? new Set();
    if (seen.size === 0) {
      this.#seen.set(key, seen);
    }
    for (const [index, { point, instant }] of sightings.entries()) {
      this.#points.set(point.id, point);
      seen.add(point.id);
      for (const later of sightings.slice(index + 1)) {
        // Stamps within one microsecond tell no order.
        if (later.point.id !== point.id && secondsBetween(instant, later.instant) > 0) {
          const weight = message.fromClient ? 1 : -1;
          this.#vote("", point.id, later.point.id, weight);
          this.#vote(clientOf(message), point.id, later.point.id, weight);
        }
      }
    }
  }

  /** Names of the later points that this message should have passed and did not. */
  missingAt(message: Message): string[] {
    if (this.#points.size < 2) {
      return [];
    }
    const here = new Set(message.sightings.map(({ point }) => point.id));
    return [...(this.#seen.get(keyOf(message)) ?? [])]
      .filter((id) => !here.has(id) && this.#covers(id, message.time) && this.#isAfter(id, here, message))
      .map((id) => nameOf(this.#points.get(id)));
  }

  #covers(id: number, time: number): boolean {
    const coverage = this.#coverage.get(id);
    return coverage !== undefined && coverage.first <= time && time <= coverage.last;
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

function clientOf(message: Message): string {
  return Array.from(message.dhcp.chaddr).join(".");
}

function keyOf(message: Message): string {
  const who = clientOf(message);
  return `${who} ${message.fromClient ? "request" : "reply"} ${message.broadcast ? "broadcast" : "unicast"}`;
}

export function nameOf(point: Point | undefined): string {
  return point === undefined ? "?" : (point.interface ?? point.input);
}

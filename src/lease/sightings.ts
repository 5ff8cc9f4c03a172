import { secondsBetween, toSeconds } from "../capture/instant.js";
import { messageOf, type Message, type Sighting } from "./message.js";

/** Two sightings of one message lie no further apart than this, in seconds; messages are held as long. */
export const HOLD = 0.5;
/** At one point, a second copy (a mirror port shows a frame coming and going) follows within this, in seconds. */
const SAME_POINT = 0.1;
/** So many messages of one xid are compared; in half a second a healthy network has fewer. */
const LOOK_BACK = 64;

/** Something that happened at a time and must be told in order with the messages. */
interface Entry<T> {
  readonly time: number;
  readonly value: T;
}

/** A message while its further sightings may still come. */
interface Held {
  readonly first: Message;
  readonly sightings: Sighting[];
}

/**
 * Joins the sightings of each message: one frame seen on two ports of a
 * bridge, or in two files, is one message and never a retransmission. Takes them in the order of time, and holds half a
 * second of DHCP, so what it delivers is complete.
 */
export class Sightings<E> {
  /** In order of time; those before `#head` were delivered. */
  readonly #held: Entry<Held | { readonly event: E }>[] = [];
  #head = 0;
  readonly #byXid = new Map<number, Held[]>();
  #newest = -Infinity;
  #order = 0;

  constructor(
    private readonly deliver: (message: Message) => void,
    private readonly deliverEvent: (event: E) => void,
  ) {}

  /** A DHCP frame; nothing happens if it carries nothing that could be decoded. */
  frame(sighting: Sighting): void {
    const time = toSeconds(sighting.instant);
    this.#advance(time);
    const message = messageOf(sighting);
    if (message === null) {
      return;
    }
    const held = this.#byXid.get(message.xid);
    const same = held && lastOf(held).find((other) => isSameMessage(other, message, sighting));
    if (same !== undefined) {
      same.sightings.push(sighting);
      return;
    }
    const entry: Held = { first: message, sightings: [sighting] };
    if (held === undefined) {
      this.#byXid.set(message.xid, [entry]);
    } else {
      held.push(entry);
    }
    this.#insert({ time, value: entry });
  }

  /** Anything else that belongs between the messages (an ICMP error, an ARP). */
  event(time: number, event: E): void {
    this.#advance(time);
    this.#insert({ time, value: { event } });
  }

  /** Delivers all that is older than half a second before `now` (seconds since 1970). */
  tick(now: number): void {
    this.#release(now - HOLD);
  }

  /** Delivers what is left: the input has ended. */
  flush(): void {
    this.#release(Infinity);
  }

  #advance(time: number): void {
    if (time > this.#newest) {
      this.#newest = time;
      this.#release(time - HOLD);
    }
  }

  #insert(entry: Entry<Held | { readonly event: E }>): void {
    let index = this.#held.length;
    while (index > this.#head && (this.#held[index - 1]?.time ?? -Infinity) > entry.time) {
      index -= 1;
    }
    if (index === this.#held.length) this.#held.push(entry);
    else this.#held.splice(index, 0, entry);
  }

  #release(until: number): void {
    for (;;) {
      const entry = this.#held[this.#head];
      if (entry === undefined || entry.time >= until) {
        break;
      }
      this.#head += 1;
      if ("event" in entry.value) {
        this.deliverEvent(entry.value.event);
      } else {
        this.#forget(entry.value);
        this.deliver(complete(entry.value, this.#order++));
      }
    }
    if (this.#head * 2 > this.#held.length) {
      this.#held.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #forget(held: Held): void {
    const { xid } = held.first;
    const all = this.#byXid.get(xid) ?? [];
    if (all.length > 1) all.splice(all.indexOf(held), 1);
    else this.#byXid.delete(xid);
  }
}

function lastOf(held: readonly Held[]): readonly Held[] {
  return held.length > LOOK_BACK ? held.slice(-LOOK_BACK) : held;
}

/** The message with all its sightings, in order of time. */
function complete({ first, sightings }: Held, order: number): Message {
  const message = sightings.length === 1 ? first : seenAtAll(first, sightings);
  message.order = order;
  for (const sighting of message.sightings) {
    sighting.message = message;
  }
  return message;
}

function seenAtAll(first: Message, sightings: readonly Sighting[]): Message {
  const inOrder = sightings.toSorted((a, b) => secondsBetween(b.instant, a.instant));
  const instant = inOrder[0]?.instant ?? first.instant;
  return { ...first, sightings: inOrder, instant, time: toSeconds(instant) };
}

function isSameMessage(held: Held, message: Message, sighting: Sighting): boolean {
  const { first } = held;
  const gap = Math.abs(message.time - first.time);
  if (gap > HOLD || first.kind !== message.kind || first.fromClient !== message.fromClient) {
    return false;
  }
  const relayed = isRelayCopy(first, message);
  const sameAddresses = first.src === message.src && first.dst === message.dst;
  if (!relayed && !sameAddresses) {
    return false;
  }
  const seenHere = held.sightings.some((other) => other.point.id === sighting.point.id);
  if (!seenHere || relayed) {
    return samePayload(first, message) || sameFields(first, message);
  }
  if (gap > SAME_POINT || !samePayload(first, message) || !sameDatagram(first, message)) {
    return false;
  }
  // Copies of one datagram have its IP id; a server that answers a backlog in one breath gives each its own. An id of
  // 0 (raw sockets, DF) tells nothing, and two answers must not become one.
  return first.fromClient || (first.ipId === message.ipId && first.ipId !== 0);
}

/** The same request on the way from client to relay and from relay to server, or the reply on its way back. */
function isRelayCopy(a: Message, b: Message): boolean {
  if (a.dhcp.giaddr === 0 && b.dhcp.giaddr === 0) {
    return false;
  }
  return a.fromClient ? a.dhcp.hops !== b.dhcp.hops : a.dhcp.giaddr === b.dhcp.giaddr && a.dst !== b.dst;
}

function samePayload(a: Message, b: Message): boolean {
  const left = payloadOf(a);
  const right = payloadOf(b);
  const length = Math.min(left.length, right.length);
  const whole = left.length === right.length || a.dhcp.cut || b.dhcp.cut;
  return whole && left.subarray(0, length).every((byte, index) => byte === right[index]);
}

/** The same UDP length and checksum: at one point, what a cut payload does not show, they do. */
function sameDatagram(a: Message, b: Message): boolean {
  const left = firstOf(a).frame.udp;
  const right = firstOf(b).frame.udp;
  return left?.length === right?.length && left?.storedChecksum === right?.storedChecksum;
}

/** What stays when a payload was damaged, or rewritten by a relay, on its way. */
function sameFields(a: Message, b: Message): boolean {
  return (
    a.secs === b.secs &&
    a.dhcp.ciaddr === b.dhcp.ciaddr &&
    a.dhcp.yiaddr === b.dhcp.yiaddr &&
    a.requested === b.requested &&
    a.leaseTime === b.leaseTime &&
    (a.fromClient || a.dhcp.giaddr === b.dhcp.giaddr) &&
    a.dhcp.chaddr.every((byte, index) => byte === b.dhcp.chaddr[index])
  );
}

/** The UDP payload as far as it was captured, without Ethernet padding. */
function payloadOf(message: Message): Uint8Array {
  const { frame } = firstOf(message);
  if (frame.udp === null) {
    return frame.bytes;
  }
  const start = frame.udp.offset + 8;
  return frame.bytes.subarray(start, Math.min(frame.bytes.length, frame.udp.offset + frame.udp.length));
}

function firstOf(message: Message): Sighting {
  const [first] = message.sightings;
  if (first === undefined) {
    throw new RangeError("a message without a sighting");
  }
  return first;
}

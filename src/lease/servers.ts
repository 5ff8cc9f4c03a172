import { formatHex } from "../wire/addresses.js";
import type { Verdict } from "../checksum/checksum.js";
import { lastSighting, type Message } from "./message.js";

/** A stretch of time in which a server answered nobody although it was asked. */
export interface ServerSilence {
  /** Time of the first request that it left unanswered, in seconds since 1970. */
  readonly from: number;
  /** Time of its next reply to anybody, or when nobody watched any more; null: there was none in view. */
  readonly to: number | null;
  /** What to take off for printing: see `Instant`. */
  readonly shift: number;
  /** Requests in that time. */
  readonly requests: number;
  /** How many of them it answered afterwards. */
  readonly answered: number;
}

/** What is known of a server: its replies in order, and how it treats what clients send. */
export interface Server {
  /** Server identifier (option 54), or the sender's address where a reply has none. */
  readonly address: number;
  replies: number;
  /** Times of replies, in seconds since 1970, in order. */
  readonly replyTimes: number[];
  readonly latencies: number[];
  readonly checksums: Record<Verdict, number>;
  /** It copies secs of the request into the reply (it once sent one that was not 0). */
  echoesSecs: boolean;
  /** It has answered a request whose checksum was partial. */
  answersPartial: boolean;
  /** Some of its replies came through a relay. */
  relayed: boolean;
  /** Hardware address of the client of its first reply, with colons. */
  readonly firstClient: string;
  /** It replied to other clients, too. */
  severalClients: boolean;
  /** Hardware address of the last sender that was no relay, as a 48-bit number; null: not seen. */
  mac: number | null;
}

/** Keeps at most this many times a server; older ones are thinned out. */
const LIMIT = 1 << 17;

export class Servers {
  readonly #servers = new Map<number, Server>();

  get(address: number): Server | null {
    return this.#servers.get(address) ?? null;
  }

  all(): Server[] {
    return [...this.#servers.values()];
  }

  /** Notes a reply of a server, whomever it was for. */
  reply(message: Message): Server | null {
    const address = message.serverId ?? message.src;
    let server = this.#servers.get(address);
    if (server === undefined) {
      if (this.#servers.size >= MOST_SERVERS) {
        return null;
      }
      server = {
        address,
        replies: 0,
        replyTimes: [],
        latencies: [],
        checksums: { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 },
        echoesSecs: false,
        answersPartial: false,
        relayed: false,
        firstClient: formatHex(message.dhcp.chaddr),
        severalClients: false,
        mac: null,
      };
      this.#servers.set(address, server);
    }
    server.replies += 1;
    keep(server.replyTimes, message.time);
    server.checksums[lastSighting(message).checksum.verdict] += 1;
    server.severalClients ||= formatHex(message.dhcp.chaddr) !== server.firstClient;
    server.echoesSecs ||= message.dhcp.secs !== 0;
    if (message.dhcp.giaddr !== 0) {
      server.relayed = true;
    } else {
      server.mac = lastSighting(message).frame.link?.src ?? server.mac;
    }
    return server;
  }

  /** @param server null: it is not kept */
  latency(server: Server | null, seconds: number): void {
    if (server !== null) keep(server.latencies, seconds);
  }
}

/** Invented server identifiers must not fill the memory. */
const MOST_SERVERS = 4096;

function keep(values: number[], value: number): void {
  if (values.length >= LIMIT) {
    const thinned = values.filter((_, index) => index % 2 === 0);
    values.length = 0;
    for (const kept of thinned) values.push(kept);
  }
  values.push(value);
}

/** Whether a server replied to anybody in a span of time (seconds since 1970, both ends included). */
export function repliedBetween(server: Server, from: number, to: number): boolean {
  const index = firstAtOrAfter(server.replyTimes, from);
  return (server.replyTimes[index] ?? Infinity) <= to;
}

/** Index of the first value that is not less than `value` in an ascending list. */
export function firstAtOrAfter(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

import { acquisition, renewal, SERVER, type Client } from "./dhcp.js";
import { arp, ipv6, tcp, udp, type Way } from "./frames.js";
import { createRandom, type Random } from "./random.js";

/** What a capture holds. */
export interface Counts {
  frames: number;
  dhcp: number;
  /** Of the DHCP frames, those in a VLAN tag. */
  taggedDhcp: number;
  arp: number;
}

const CLIENTS = 240;
/** Frames between two DHCP exchanges; 240 clients come round in about 360 s, half of their lease. */
const BETWEEN_EXCHANGES = 5000;
/** Seconds. */
const LEASE = 720;
/** Frames between two messages of an exchange. */
const WITHIN_EXCHANGE = 3;
/** Microseconds between two frames, on average. */
const GAP = 300;
/** 2026-11-22T00:00:00Z, in microseconds. */
const BEGIN = 1_795_305_600_000_000;

/**
 * What passes at a bridge of virtual machines: mostly TCP (a third bare acknowledgements, a fifth full frames), some
 * UDP, IPv6 and ARP, one frame of 16 in a VLAN tag; 545 bytes on average. Among it clients get and keep their addresses.
 * Counts what it gives. Endless.
 */
export class Traffic {
  readonly counts: Counts = { frames: 0, dhcp: 0, taggedDhcp: 0, arp: 0 };
  /** When the last frame passed, in microseconds since 1970. */
  time = BEGIN;

  readonly #random: Random;
  readonly #noise: Uint8Array;
  #exchanges = 0;
  /** What is left of the exchange under way. */
  #messages: Uint8Array[] = [];
  #tagged = false;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    this.#noise = Uint8Array.from({ length: 0x1_0000 }, () => this.#random(256));
  }

  next(): Uint8Array {
    this.time += 1 + this.#random(2 * GAP - 1);
    this.counts.frames += 1;
    const place = this.counts.frames % BETWEEN_EXCHANGES;
    if (place === 1) this.#begin();
    const message = place % WITHIN_EXCHANGE === 1 ? this.#messages.shift() : undefined;
    if (message === undefined) return this.#other();
    this.counts.dhcp += 1;
    if (this.#tagged) this.counts.taggedDhcp += 1;
    return message;
  }

  /** The first time round clients get their address, then they renew it. */
  #begin(): void {
    const number = 1 + (this.#exchanges % CLIENTS);
    const client: Client = { number, vlan: number % 10 === 5 ? 100 : 0, lease: LEASE };
    const xid = 1 + this.#random(0xffff_fffe);
    this.#messages = this.#exchanges < CLIENTS ? acquisition(client, xid) : renewal(client, xid);
    this.#tagged = client.vlan !== 0;
    this.#exchanges += 1;
  }

  #other(): Uint8Array {
    const way = this.#way();
    const kind = this.#random(100);
    if (kind < 34) return tcp(way, this.#port(), this.#payload(0, 12));
    if (kind < 55) return tcp(way, this.#port(), this.#payload(12, 500));
    if (kind < 63) return tcp(way, this.#port(), this.#payload(500, 1400));
    if (kind < 84) return tcp(way, this.#port(), this.#payload(1460, 1461));
    if (kind < 89) return udp(way, [this.#port(), 53], this.#payload(20, 200), "absent");
    if (kind < 90) return udp(way, [123, 123], this.#payload(48, 49), "absent");
    if (kind < 94) return udp(way, [this.#port(), 443], this.#payload(60, 1200), "absent");
    if (kind < 98) return ipv6(way, this.#payload(0, 1200));
    this.counts.arp += 1;
    return arp(way);
  }

  /** Between one of 200 virtual machines, half of them DHCP clients, and what is behind their gateway. */
  #way(): Way {
    const machine = 301 + this.#random(200);
    const far = 0xc0a80000 + this.#random(60_000);
    const near = 0x0a010000 + machine;
    const vlan = this.#random(16) === 0 ? 100 : 0;
    return this.#random(2) === 0
      ? { from: machine, to: SERVER, source: near, destination: far, vlan }
      : { from: SERVER, to: machine, source: far, destination: near, vlan };
  }

  #port(): number {
    return 1024 + this.#random(60_000);
  }

  #payload(least: number, most: number): Uint8Array {
    const length = least + this.#random(most - least);
    const start = this.#random(this.#noise.length - length);
    return this.#noise.subarray(start, start + length);
  }
}

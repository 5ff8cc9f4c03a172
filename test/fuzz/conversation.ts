import { viewOf } from "./bytes.js";
import type { Shot } from "./corpus.js";
import { arpFrame, bootpBytes, datagramFrame, unreachableFrame, type Bootp, type Envelope } from "./dhcp.js";
import { hostileText } from "./hostile.js";
import { encode, randomOptions, someTime, u32, type OptionList } from "./options.js";
import type { Random } from "./random.js";

export const SERVERS = [0x0a000001, 0x0a000002, 0x0a000003];
const EVERYBODY = 0xffffffff;
const EVERY_MAC = 0xffffffffffff;
const COOKIE = 0x63825363;
const RELAY = 0x0a000101;
const STARTS = [1_700_000_000, 1_700_000_000, 1_700_000_000, 0, 1, 0x7fffffff, 0x80000000, 0xfffffff0];

const Type = { DISCOVER: 1, OFFER: 2, REQUEST: 3, DECLINE: 4, ACK: 5, NAK: 6, RELEASE: 7, INFORM: 8 } as const;
type Type = (typeof Type)[keyof typeof Type];

interface Guest {
  readonly mac: number;
  readonly address: number;
  readonly clientId: Uint8Array | null;
  readonly name: Uint8Array | null;
  readonly vendorClass: Uint8Array | null;
  readonly vlan: readonly number[];
  xid: number;
  secs: number;
  server: number;
  lease: number;
}

/** Talk of a few clients with their servers: mostly as RFC 2131 has it, so that rules are reached, and then astray. */
export class Conversation {
  readonly #random: Random;
  readonly #shots: Shot[] = [];
  readonly #guests: Guest[];
  /** Nanoseconds since the first frame. */
  #now = 0;
  readonly #start: number;
  readonly #points: number;
  readonly #wild: number;
  #last: { readonly envelope: Envelope; readonly frame: Uint8Array } | null = null;

  constructor(random: Random, points: number) {
    this.#random = random;
    this.#points = points;
    this.#start = random.pick(STARTS);
    // Every so many fields are anything: from hardly ever to every other.
    this.#wild = random.pick([3, 20, 100, 400]);
    this.#guests = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, (_, index) => guest(random, index));
  }

  /** Frames in the order in which they were captured. */
  play(steps: number): Shot[] {
    for (let step = 0; step < steps; step += 1) this.#step(this.#random.pick(this.#guests));
    return this.#shots;
  }

  #step(who: Guest): void {
    const random = this.#random;
    switch (random.below(14)) {
      case 0:
      case 1:
      case 2:
        this.#acquire(who);
        return;
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
        this.#renew(who);
        return;
      case 8:
        this.#wait(who.lease);
        return;
      case 9:
        this.#ask(who, random.pick([Type.RELEASE, Type.DECLINE, Type.INFORM]), { ciaddr: who.address });
        return;
      case 10:
        this.#shoot(arpFrame(this.#envelope(who, false, who.address, who.server), 1));
        return;
      case 11:
        if (this.#last !== null) {
          this.#shoot(unreachableFrame(this.#last.envelope, this.#last.frame, random.pick([3, 3, 1, 13])));
        }
        return;
      case 12:
        this.#anything(who);
        return;
      default:
        this.#traffic(who);
    }
  }

  #acquire(who: Guest): void {
    const random = this.#random;
    if (!random.oneIn(10)) who.xid = random.uint32();
    who.secs = 0;
    for (let tries = random.between(1, 3); tries > 0; tries -= 1) {
      this.#ask(who, Type.DISCOVER, {});
      this.#retry(who);
    }
    if (random.oneIn(4)) return;
    this.#answer(who, Type.OFFER);
    if (random.oneIn(6)) this.#answer({ ...who, server: random.pick(SERVERS) }, Type.OFFER);
    this.#wait(0);
    const asked: OptionList = [[50, u32(who.address)]];
    if (!random.oneIn(5)) asked.push([54, u32(who.server)]);
    this.#ask(who, Type.REQUEST, { options: asked });
    this.#replies(who);
  }

  #renew(who: Guest): void {
    const random = this.#random;
    const part = random.pick([0, 0.5, 0.5, 0.875, 1, 1.1]);
    this.#now += Math.floor(Math.min(who.lease, 1e6) * part * 1e9);
    if (!random.oneIn(4)) who.xid = random.uint32();
    who.secs = 0;
    const broadcast = random.oneIn(4);
    for (let tries = random.between(1, 4); tries > 0; tries -= 1) {
      this.#ask(who, Type.REQUEST, { ciaddr: who.address, unicast: !broadcast });
      if (!random.oneIn(3)) this.#replies(who);
      this.#retry(who);
    }
  }

  #replies(who: Guest): void {
    const random = this.#random;
    for (let copies = random.pick([0, 1, 1, 1, 1, 2, 4]); copies > 0; copies -= 1) {
      this.#answer(who, random.oneIn(8) ? Type.NAK : Type.ACK);
    }
  }

  #retry(who: Guest): void {
    const seconds = this.#random.pick([0, 0.1, 1, 4, 8, 16]);
    this.#now += Math.floor(seconds * 1e9);
    who.secs = (who.secs + Math.floor(seconds)) & 0xffff;
  }

  #ask(
    who: Guest,
    type: Type,
    { ciaddr = 0, unicast = ciaddr !== 0, options = [] }: { ciaddr?: number; unicast?: boolean; options?: OptionList },
  ): void {
    const relayed = this.#random.oneIn(15);
    const list: OptionList = [[53, Uint8Array.of(type)], ...options];
    if (who.clientId !== null) list.push([61, who.clientId]);
    if (who.name !== null) list.push([12, who.name]);
    if (who.vendorClass !== null) list.push([60, who.vendorClass]);
    const envelope = {
      ...this.#envelope(who, !unicast, ciaddr, unicast ? who.server : EVERYBODY),
      ...(relayed ? { src: RELAY, dst: who.server, srcPort: 67 } : {}),
    };
    this.#send(who, envelope, 1, list, { ciaddr, yiaddr: 0, giaddr: relayed ? RELAY : 0, hops: relayed ? 1 : 0 });
  }

  #answer(who: Guest, type: Type): void {
    const random = this.#random;
    this.#now += random.pick([0, 1000, 1e6, 3e8, 9e9]);
    const list: OptionList = [
      [53, Uint8Array.of(type)],
      [54, u32(who.server)],
    ];
    if (type === Type.NAK || random.oneIn(20)) list.push([56, hostileText(random)]);
    if (type !== Type.NAK) {
      if (random.oneIn(3)) who.lease = someTime(random);
      list.push([51, u32(who.lease)]);
      if (random.oneIn(2)) list.push([58, u32(random.oneIn(3) ? someTime(random) : who.lease / 2)]);
      if (random.oneIn(2)) list.push([59, u32(random.oneIn(3) ? someTime(random) : who.lease * 0.875)]);
    }
    const relayed = random.oneIn(15);
    const towards = this.#envelope(who, random.oneIn(2), who.server, who.address);
    const envelope = {
      ...towards,
      srcMac: 0x02005e000000 + (who.server & 0xff),
      dstMac: towards.dst === EVERYBODY ? EVERY_MAC : who.mac,
      srcPort: 67,
      dstPort: relayed ? 67 : 68,
      dst: relayed ? RELAY : towards.dst,
    };
    const yiaddr = type === Type.NAK ? 0 : who.address;
    this.#send(who, envelope, 2, list, { ciaddr: 0, yiaddr, giaddr: relayed ? RELAY : 0, hops: 0 });
  }

  #send(
    who: Guest,
    envelope: Envelope,
    op: number,
    list: OptionList,
    addresses: Pick<Bootp, "ciaddr" | "yiaddr" | "giaddr" | "hops">,
  ): void {
    const random = this.#random;
    const more = random.oneIn(4) ? randomOptions(random, 8) : [];
    const all = random.oneIn(this.#wild)
      ? random.pick([more, [...more, ...list], [...list, ...list]])
      : [...list, ...more];
    const encoded = encode(random, all);
    const chaddr = new Uint8Array(16);
    const view = viewOf(chaddr);
    view.setUint16(0, Math.floor(who.mac / 0x1_0000_0000));
    view.setUint32(2, who.mac % 0x1_0000_0000);
    const message: Bootp = {
      op,
      hlen: this.#some(6, 256),
      hops: addresses.hops,
      xid: this.#some(who.xid, 2 ** 32),
      secs: this.#some(who.secs, 0x1_0000),
      flags: random.oneIn(2) ? 0x8000 : 0,
      ciaddr: addresses.ciaddr,
      yiaddr: addresses.yiaddr,
      giaddr: addresses.giaddr,
      chaddr,
      sname: encoded.sname,
      file: encoded.file,
      cookie: this.#some(COOKIE, 2 ** 32),
      options: encoded.options,
    };
    const frame = datagramFrame(random, envelope, bootpBytes(message));
    this.#last = { envelope, frame };
    this.#shoot(frame);
  }

  /** Any message at all: options by the dozen, or by the ten thousand. */
  #anything(who: Guest): void {
    const random = this.#random;
    const list = randomOptions(random, 40);
    if (random.oneIn(40)) {
      const code = random.pick([12, 43, 55, 61]);
      for (let count = random.pick([300, 3000, 20_000]); count > 0; count -= 1) list.push([code, new Uint8Array(0)]);
    }
    const address = random.pick([0, who.address, random.uint32()]);
    const envelope = this.#envelope(who, random.oneIn(2), address, random.pick(SERVERS));
    const addresses = { ciaddr: address, yiaddr: random.pick([0, who.address]), giaddr: 0, hops: random.below(3) };
    this.#send(who, envelope, random.oneIn(20) ? random.below(4) : random.between(1, 2), list, addresses);
  }

  /** Something else that shows the client alive. */
  #traffic(who: Guest): void {
    const source = this.#random.oneIn(4) ? this.#random.uint32() : who.address;
    const envelope = { ...this.#envelope(who, false, source, SERVERS[0] ?? 0), srcPort: 5353, dstPort: 53 };
    this.#shoot(datagramFrame(this.#random, envelope, new Uint8Array(12)));
  }

  #envelope(who: Guest, broadcast: boolean, src: number, dst: number): Envelope {
    const random = this.#random;
    return {
      srcMac: who.mac,
      dstMac: broadcast ? EVERY_MAC : 0x02005e000001,
      vlan: who.vlan,
      src,
      dst: broadcast ? EVERYBODY : dst,
      srcPort: 68,
      dstPort: 67,
      id: random.oneIn(5) ? 0 : random.below(0x1_0000),
      ipOptions: random.oneIn(30) ? random.between(1, 10) : 0,
      sum: random.pick(["good", "good", "good", "partial", "partial", "absent", "random"] as const),
    };
  }

  /** `usual`, but once in a while anything below `limit`. */
  #some(usual: number, limit: number): number {
    return this.#random.oneIn(this.#wild) ? this.#random.below(limit) : usual;
  }

  #wait(most: number): void {
    this.#now += Math.floor(Math.min(most, 1e7) * this.#random.pick([0, 0.1, 0.5, 1, 1.05, 3]) * 1e9) + 1_000_000;
  }

  #shoot(bytes: Uint8Array): void {
    const random = this.#random;
    this.#now += random.pick([0, 1000, 150_000, 20_000_000]);
    const copies = this.#points > 1 && random.oneIn(2) ? this.#points : 1;
    const first = random.below(this.#points);
    for (let copy = 0; copy < copies; copy += 1) {
      const seconds = this.#start + Math.floor(this.#now / 1e9);
      const point = (first + copy) % this.#points;
      this.#shots.push({ bytes, original: bytes.length, seconds, nanos: this.#now % 1e9, point });
      this.#now += random.pick([0, 0, 30_000]);
    }
  }
}

function guest(random: Random, index: number): Guest {
  return {
    mac: random.oneIn(20) ? random.below(2 ** 32) * 0x10000 : 0x525400000001 + index,
    address: 0x0a000065 + index,
    clientId: random.oneIn(2) ? null : random.oneIn(3) ? hostileText(random) : random.bytes(random.below(12)),
    name: random.oneIn(2) ? null : hostileText(random),
    vendorClass: random.oneIn(2) ? null : hostileText(random),
    vlan: random.oneIn(5) ? Array.from({ length: random.between(1, 3) }, () => random.below(0x1_0000)) : [],
    xid: random.uint32(),
    secs: 0,
    server: random.pick(SERVERS),
    lease: random.pick([20, 60, 120, 600, 3600]),
  };
}

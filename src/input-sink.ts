import { toSeconds, type Instant } from "./capture/instant.js";
import type { CaptureInterface, FrameSink } from "./capture/sink.js";
import { CapturePoints } from "./capture-points.js";
import type { Checksum } from "./checksum/checksum.js";
import { ipv4Checksum } from "./checksum/ipv4.js";
import { udpChecksum } from "./checksum/udp.js";
import type { FrameFacts, InputFacts } from "./findings/inspection.js";
import { Holdback } from "./holdback.js";
import type { Lane } from "./lease/interleave.js";
import type { Point, Sighting } from "./lease/message.js";
import type { Presence } from "./lease/presence.js";
import type { UnreachableEvent } from "./lease/unreachables.js";
import { macOf } from "./wire/addresses.js";
import { decodeArp } from "./wire/arp.js";
import { decodeFirstFragment, decodeFrame } from "./wire/decode.js";
import { EtherType } from "./wire/ether-type.js";
import { ETHERNET } from "./wire/ethernet.js";
import { Fragments, type FragmentFrame } from "./wire/fragments.js";
import type { Frame } from "./wire/frame.js";
import { decodeIcmpError } from "./wire/icmp.js";
import type { LinkLayer } from "./wire/link-layer.js";
import { linkLayer } from "./wire/link.js";
import { Skim, skimEthernet, skimFrame } from "./wire/skim.js";

/** What an input tells the inspector. */
export interface InputHost {
  nextPoint(): number;
  dhcp(facts: FrameFacts): void;
  /** The clock has moved past the last DHCP frame: what it says can be told, before later frames show other things. */
  settle(): void;
}

/** Where and when a DHCP frame was seen. */
interface Circumstances {
  readonly layer: LinkLayer;
  readonly point: Point;
  readonly frameNumber: number;
  readonly instant: Instant;
  readonly timed: boolean;
}

/** Takes the frames of one input; allocates only for those that carry DHCP, and for ICMP errors about it. */
export class InputSink implements FrameSink {
  readonly facts: InputFacts;
  readonly #points: CapturePoints;
  readonly #layers: (LinkLayer | null)[] = [];
  readonly #interfaces: CaptureInterface[] = [];
  readonly #skipped = new Map<number, number>();
  readonly #fragments = new Fragments<Circumstances>();
  readonly #queue: Holdback<Sighting | UnreachableEvent>;
  #firstSeconds = NaN;
  #firstNanos = 0;
  #lastSeconds = NaN;
  #lastNanos = 0;
  #digits: 6 | 9 = 6;
  /** Whole second from which on the last DHCP frame has no further sightings. */
  #settled = Infinity;
  /** Whole second from which on a first fragment need not wait for the others any more. */
  #waited = Infinity;
  /** The earlier of the two. */
  #due = Infinity;
  /** Some frame had a link layer that is read: only then was anybody watching. */
  #readable = false;

  constructor(
    name: string,
    private readonly lane: Lane<Sighting | UnreachableEvent>,
    private readonly presence: Presence,
    private readonly host: InputHost,
  ) {
    this.#points = new CapturePoints(name, () => host.nextPoint());
    this.#queue = new Holdback(lane);
    this.facts = {
      name,
      interfaces: this.#interfaces,
      frames: 0,
      dhcp: 0,
      first: null,
      last: null,
      observedUntil: null,
      skippedLinks: this.#skipped,
    };
  }

  /** Seconds since 1970 of the last frame; -Infinity before the first. */
  get clock(): number {
    return this.lane.clock;
  }

  get points(): readonly Point[] {
    return this.#points.all;
  }

  interface(description: CaptureInterface): void {
    const layer = linkLayer(description.linkType);
    this.#interfaces.push(description);
    this.#layers[description.index] = layer;
    this.#digits = description.digits;
    this.#points.add(description, layer);
  }

  frame(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
    this.facts.frames += 1;
    if (seconds >= this.#due) this.#catchUp(seconds);
    if (seconds > this.#lastSeconds || (seconds === this.#lastSeconds && nanos > this.#lastNanos)) {
      this.#lastSeconds = seconds;
      this.#lastNanos = nanos;
    } else if (Number.isNaN(this.#lastSeconds)) {
      this.#firstSeconds = this.#lastSeconds = seconds;
      this.#firstNanos = this.#lastNanos = nanos;
    }
    const layer = this.#layers[interfaceIndex] ?? null;
    if (layer === null) {
      this.#skip(interfaceIndex);
      return;
    }
    this.#readable = true;
    const skim =
      layer === ETHERNET
        ? skimEthernet(bytes, view, offset, captured)
        : skimFrame(layer, bytes, view, offset, captured);
    if (skim === Skim.DHCP) {
      const scope = this.#points.scope(layer, view, offset, interfaceIndex);
      const seen = this.#circumstances(layer, scope, seconds, nanos, interfaceIndex);
      if (seen !== null) this.#dhcp(seen, decodeFrame(layer, bytes.slice(offset, offset + captured), original));
      return;
    }
    if (
      skim === Skim.FRAGMENT &&
      !this.#fragment(layer, bytes, view, offset, captured, original, seconds, nanos, interfaceIndex)
    ) {
      return;
    }
    const source = layer.source(view, offset, captured);
    if (source >= 0) {
      const slot = this.presence.slot(view.getUint16(source), view.getInt32(source + 2));
      if (slot >= 0) {
        const address = skim === Skim.OTHER ? 0 : sourceAddress(layer, skim, view, offset, captured);
        this.presence.seen(slot, address, seconds + nanos / 1e9);
      }
    }
    if (skim === Skim.ICMP_ERROR) this.#icmp(layer, view, offset, captured, seconds, nanos);
  }

  observedUntil(seconds: number, nanos: number): void {
    this.facts.observedUntil = later(this.facts.observedUntil, { seconds, nanos, digits: this.#digits });
  }

  /** No frame came until `time` (seconds since 1970): what waited for one need not wait any more. */
  watchedUntil(time: number): void {
    if (Math.floor(time) >= this.#due) this.#catchUp(Math.floor(time));
    this.#queue.reached(time);
  }

  /** A block was read: the clock may move. */
  blockEnd(): void {
    if (!Number.isNaN(this.#lastSeconds)) this.#queue.reached(this.#lastSeconds + this.#lastNanos / 1e9);
  }

  /** The input is over. */
  end(): void {
    const { facts } = this;
    this.#tellUnfinished(this.#fragments.flush());
    if (!Number.isNaN(this.#lastSeconds)) {
      facts.first = { seconds: this.#firstSeconds, nanos: this.#firstNanos, digits: this.#digits };
      facts.last = { seconds: this.#lastSeconds, nanos: this.#lastNanos, digits: this.#digits };
      if (this.#readable) facts.observedUntil = later(facts.observedUntil, facts.last);
    }
    this.lane.end();
  }

  /** Of the frame that is being read; null if it is of no interface. */
  #circumstances(
    layer: LinkLayer,
    scope: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): Circumstances | null {
    const point = this.#points.at(scope);
    if (point === null) return null;
    const timed = !Number.isNaN(seconds);
    const digits = this.#interfaces[interfaceIndex]?.digits ?? this.#digits;
    const instant = { seconds: timed ? seconds : 0, nanos, digits };
    return { layer, point, frameNumber: this.facts.frames, instant, timed };
  }

  #dhcp({ point, frameNumber, instant, timed }: Circumstances, frame: Frame): void {
    this.facts.dhcp += 1;
    // At once, not when the message comes up in its turn: the client's next frames may be in this very block.
    this.#present(frame);
    const checksum = udpChecksum(frame) ?? UNVERIFIED;
    const sighting: Sighting = { point, frameNumber, instant, checksum, frame, message: null };
    this.host.dhcp({ sighting, timed, ipChecksum: ipv4Checksum(frame) });
    if (!timed) return;
    this.#queue.push(toSeconds(instant), sighting);
    this.#settled = instant.seconds + SETTLED;
    this.#due = Math.min(this.#settled, this.#waited);
  }

  /** A fragment of a UDP datagram. True: it has nothing to do with DHCP. */
  #fragment(
    layer: LinkLayer,
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): boolean {
    const ip = layer.find(view, offset, captured, EtherType.IPV4);
    const end = offset + captured;
    const scope = this.#points.scope(layer, view, offset, interfaceIndex);
    const tags = layer.tags(view, offset, captured);
    const time = seconds + nanos / 1e9;
    if (this.#fragments.isForeign(bytes, view, ip, end, scope, tags, time)) return true;
    const context = this.#circumstances(layer, scope, seconds, nanos, interfaceIndex);
    if (context === null) return true;
    const own = bytes.slice(offset, end);
    const whole = this.#fragments.add({ bytes: own, ip: ip - offset, original, scope, tags, time, context });
    this.#queue.holdFrom(this.#fragments.oldestWaiting);
    if (whole !== null) {
      const frame = decodeFrame(layer, whole.bytes, whole.original);
      this.#dhcp(context, { ...frame, reassembled: whole.reassembled });
    } else if (context.timed && this.#fragments.oldestWaiting < Infinity) {
      this.#waited = Math.min(this.#waited, seconds + WAITED);
      this.#due = Math.min(this.#settled, this.#waited);
    }
    return false;
  }

  #present({ dhcp, ip, link }: Frame): void {
    if (dhcp?.chaddr.length !== 6) return;
    const client = macOf(dhcp.chaddr);
    if (dhcp.op === BOOTREQUEST) this.presence.add(client);
    const dst = link?.dst ?? null;
    const unicast = dst === null ? ip?.dst !== EVERYBODY : (Math.floor(dst / 0x10000000000) & GROUP_BIT) === 0;
    if (unicast) this.presence.sawUnicast(client);
  }

  #icmp(layer: LinkLayer, view: DataView, offset: number, captured: number, seconds: number, nanos: number): void {
    const error = decodeIcmpError(view, layer.find(view, offset, captured, EtherType.IPV4), offset + captured);
    if (error?.code !== PORT_UNREACHABLE || Number.isNaN(seconds)) return;
    const instant: Instant = { seconds, nanos, digits: this.#digits };
    this.#queue.push(toSeconds(instant), {
      instant,
      time: toSeconds(instant),
      input: this.facts.name,
      frameNumber: this.facts.frames,
      quoted: error.quoted,
    });
  }

  #catchUp(seconds: number): void {
    if (seconds >= this.#waited) {
      this.#tellUnfinished(this.#fragments.overdue(seconds - WAITED / 2));
      this.#waited = this.#fragments.oldestWaiting < Infinity ? seconds + WAITED : Infinity;
    }
    if (seconds >= this.#settled) {
      // Presence is known as of now; what came before is judged by it now, not by what the rest of a block shows.
      this.#settled = Infinity;
      this.#queue.reached(seconds);
      this.host.settle();
    }
    this.#due = Math.min(this.#settled, this.#waited);
  }

  #tellUnfinished(fragments: readonly FragmentFrame<Circumstances>[]): void {
    for (const { bytes, original, context } of fragments) {
      this.#dhcp(context, decodeFirstFragment(context.layer, bytes, original));
    }
    this.#queue.holdFrom(this.#fragments.oldestWaiting);
  }

  #skip(interfaceIndex: number): void {
    const linkType = this.#interfaces[interfaceIndex]?.linkType ?? -1;
    this.#skipped.set(linkType, (this.#skipped.get(linkType) ?? 0) + 1);
  }
}

/** Seconds after which a message is complete; more than sightings are held, as whole seconds are compared. */
const SETTLED = 2;
/** Seconds after which a first fragment is looked at again: the others follow at once, or hardly ever. */
const WAITED = 1;
const BOOTREQUEST = 1;
/** In the first byte of a destination address: broadcast or multicast (IEEE 802). */
const GROUP_BIT = 1;
const EVERYBODY = 0xffffffff;
const PORT_UNREACHABLE = 3;
const UNVERIFIED: Checksum = { verdict: "unverified", stored: null, expected: null, pattern: null };

/** The IPv4 address that the sender of a frame uses: an IP source, or what an ARP says of its sender; 0: none. */
function sourceAddress(layer: LinkLayer, skim: Skim, view: DataView, offset: number, captured: number): number {
  if (skim === Skim.ARP) {
    const arp = layer.find(view, offset, captured, EtherType.ARP);
    return decodeArp(view, arp, offset + captured)?.senderIp ?? 0;
  }
  return view.getUint32(layer.find(view, offset, captured, EtherType.IPV4) + 12);
}

export function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return b.seconds > a.seconds || (b.seconds === a.seconds && b.nanos > a.nanos) ? b : a;
}

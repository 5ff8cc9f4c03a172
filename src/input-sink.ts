import type { BlockMemory } from "./capture/memory.js";
import { later, shiftOf, toSeconds, type Instant } from "./capture/instant.js";
import type { RecordSieve } from "./capture/sieve.js";
import type { CaptureInterface, FrameSink } from "./capture/sink.js";
import { CapturePoints } from "./capture-points.js";
import { ipv4Checksum } from "./checksum/ipv4.js";
import { udpChecksum, UNVERIFIED } from "./checksum/udp.js";
import { Heard } from "./heard.js";
import type { Circumstances, InputHost, Item } from "./input-host.js";
import { createInputSieve, type SievedInput } from "./input-sieve.js";
import { Holdback } from "./holdback.js";
import { DISORDER, type ClockStepEvent, type Shifts } from "./lease/clock-step.js";
import type { Lane } from "./lease/interleave.js";
import type { Point, Sighting } from "./lease/message.js";
import type { Watch } from "./lease/observed.js";
import type { Vigil } from "./lease/paths.js";
import type { Presence } from "./lease/presence.js";
import { arpEvent, concernsServer, unreachableEvent } from "./side-events.js";
import { StatedSink } from "./stated-sink.js";
import { macOf } from "./wire/addresses.js";
import { decodeFirstFragment, decodeFrame } from "./wire/decode.js";
import { EtherType } from "./wire/ether-type.js";
import { ETHERNET } from "./wire/ethernet.js";
import { Fragments, type FragmentFrame } from "./wire/fragments.js";
import type { Frame } from "./wire/frame.js";
import type { LinkLayer } from "./wire/link-layer.js";
import { linkLayer } from "./wire/link.js";
import { Skim, skimAny } from "./wire/skim.js";

/** Takes the frames of one input; allocates only for those that carry DHCP, and for ICMP errors about it. */
export class InputSink extends StatedSink implements FrameSink, SievedInput {
  readonly #points: CapturePoints;
  readonly #layers: (LinkLayer | null)[] = [];
  readonly #fragments = new Fragments<Circumstances>();
  readonly #queue: Holdback<Item>;
  readonly #heard: Heard;
  /** Seconds by which the time of the frame that is being read differs from its stamp. */
  #moved = 0;
  #firstSeconds = NaN;
  #firstNanos = 0;
  #lastSeconds = NaN;
  #lastNanos = 0;
  /** No frame before the last one was later. */
  #inOrder = false;
  /** Whole second from which on something need not be waited for any more. */
  #waited = Infinity;
  /** Some frame had a link layer that is read: only then was anybody watching. */
  #readable = false;

  constructor(
    name: string,
    private readonly lane: Lane<Item>,
    private readonly presence: Presence,
    private readonly watch: Watch,
    shifts: Shifts,
    private readonly host: InputHost,
  ) {
    super(name, watch, shifts, host);
    this.#heard = new Heard(presence, () => {
      this.settle();
    });
    this.#points = new CapturePoints(name, host.point, (watching) => host.nextPoint(watching));
    this.#queue = new Holdback(lane);
  }

  /** Seconds since 1970 up to which everything has been read; -Infinity before the first frame. */
  get clock(): number {
    return this.lane.clock;
  }

  /** Each capture point, and how it was watched up to now. */
  watched(): Iterable<readonly [Point, Vigil]> {
    if (Number.isNaN(this.#lastSeconds)) return [];
    return this.#points.watched(this.watch.first, this.#lastSeconds + this.#lastNanos / 1e9);
  }

  interface(found: CaptureInterface): void {
    const layer = linkLayer(found.linkType);
    const description = this.#points.add(found, layer, this.watches.add(found));
    this.interfaces.push(description);
    this.#layers[description.index] = layer;
    this.digits = description.digits;
  }

  frame(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    stamp: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
    this.facts.frames += 1;
    let seconds = stamp + this.order.shift;
    if (seconds < this.#lastSeconds) {
      seconds = this.stampClock.back(stamp, nanos, this.#lastSeconds, this.#lastNanos);
    } else if (seconds >= this.#lastSeconds + QUIET) {
      seconds = this.stampClock.ahead(stamp, nanos, this.#lastSeconds, this.#lastNanos);
    }
    this.#moved = seconds - stamp;
    if (seconds >= this.#waited) this.#catchUp(seconds, nanos);
    if (seconds > this.#lastSeconds || (seconds === this.#lastSeconds && nanos > this.#lastNanos)) {
      this.#lastSeconds = seconds;
      this.#lastNanos = nanos;
    } else if (Number.isNaN(this.#lastSeconds)) {
      this.#firstSeconds = this.#lastSeconds = seconds;
      this.#firstNanos = this.#lastNanos = nanos;
      this.watch.first = seconds + nanos / 1e9;
    }
    this.#inOrder = seconds === this.#lastSeconds && nanos === this.#lastNanos;
    const layer = this.#layers[interfaceIndex] ?? null;
    if (layer === null) {
      this.skip(interfaceIndex);
      return;
    }
    this.#readable = true;
    const skim = skimAny(layer, bytes, view, offset, captured);
    if (skim >= Skim.ARP) {
      this.#special(skim, layer, bytes, view, offset, captured, original, seconds, nanos, interfaceIndex);
    } else {
      this.#heard.note(skim, layer, view, offset, captured, seconds + nanos / 1e9);
    }
  }

  sieve(memory: BlockMemory): RecordSieve | null {
    return createInputSieve(memory, this.presence, this.host.servers, this);
  }

  nanosBefore(interfaceIndex: number): number {
    // The last frame may have shown that the clock was set: what follows is moved by more than it was.
    const alike = this.#inOrder && this.#moved === this.order.shift && this.#layers[interfaceIndex] === ETHERNET;
    return alike ? this.#lastNanos : NaN;
  }

  passed(frames: number, nanos: number): void {
    this.facts.frames += frames;
    this.#lastNanos = nanos;
    this.#readable = true;
  }

  /** A frame that has to do with DHCP, or may have. Apart from `frame`, which V8 thus compiles at once and for good. */
  #special(
    skim: Skim,
    layer: LinkLayer,
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
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
    this.#heard.note(skim, layer, view, offset, captured, seconds + nanos / 1e9);
    if (skim === Skim.ARP) this.#arp(layer, view, offset, captured, seconds, nanos, interfaceIndex);
    if (skim === Skim.ICMP_ERROR) this.#icmp(layer, view, offset, captured, seconds, nanos);
  }

  override remark(...[remark, seconds, nanos, interfaceIndex]: Parameters<NonNullable<FrameSink["remark"]>>): void {
    const time = seconds + nanos / 1e9 + this.order.shift;
    if (remark.kind === "pressure") this.host.pressure(time, remark);
    else if (remark.kind === "heard") this.#heard.behind(remark, time);
    else super.remark(remark, seconds, nanos, interfaceIndex);
  }

  /** No frame came until `time` (seconds since 1970): what waited for one need not wait any more. */
  watchedUntil(time: number): void {
    if (Math.floor(time) >= this.#waited) this.#catchUp(Math.floor(time), 0);
    this.watch.until = Math.max(this.watch.until, time);
    this.#queue.reached(time - DISORDER);
  }

  /** A block was read: the clock may move. */
  blockEnd(): void {
    if (Number.isNaN(this.#lastSeconds)) return;
    this.watch.last = this.#lastSeconds + this.#lastNanos / 1e9;
    this.#queue.reached(this.watch.last - DISORDER);
  }

  /** The input is over. */
  end(): void {
    const { facts } = this;
    this.stampClock.believe();
    this.#tellUnfinished(this.#fragments.flush());
    if (!Number.isNaN(this.#lastSeconds)) {
      facts.first = { seconds: this.#firstSeconds, nanos: this.#firstNanos, digits: this.digits };
      const [seconds, nanos] = [this.#lastSeconds, this.#lastNanos];
      facts.last = { seconds, nanos, digits: this.digits, ...shiftOf(this.order.shift) };
      if (this.#readable) facts.observedUntil = later(facts.observedUntil, facts.last);
      this.watch.last = toSeconds(facts.last);
    }
    this.watches.over();
    if (facts.observedUntil !== null) this.watch.until = toSeconds(facts.observedUntil);
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
    const digits = this.interfaces[interfaceIndex]?.digits ?? this.digits;
    const instant = { seconds: timed ? seconds : 0, nanos, digits, ...(timed ? shiftOf(this.#moved) : {}) };
    const { own } = this.host;
    return { layer, point, frameNumber: this.facts.frames, instant, stamp: own?.stamp(digits) ?? instant, timed };
  }

  #dhcp({ point, frameNumber, instant, stamp, timed }: Circumstances, frame: Frame): void {
    this.facts.dhcp += 1;
    // At once, not when the message comes up in its turn: from here on the client's other frames are noted.
    if (frame.dhcp?.op === BOOTREQUEST && frame.dhcp.chaddr.length === 6) this.presence.add(macOf(frame.dhcp.chaddr));
    const checksum = udpChecksum(frame) ?? UNVERIFIED;
    const sighting: Sighting = { point, frameNumber, instant, stamp, checksum, frame, message: null };
    this.host.dhcp({ sighting, timed, ipChecksum: ipv4Checksum(frame) });
    if (!timed) {
      this.untimed();
      return;
    }
    this.#queue.push(toSeconds(instant), sighting);
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
    this.#hold();
    if (whole !== null) {
      const frame = decodeFrame(layer, whole.bytes, whole.original);
      this.#dhcp(context, { ...frame, reassembled: whole.reassembled });
    } else if (context.timed && this.#fragments.oldestWaiting < Infinity) {
      this.#waited = Math.min(this.#waited, seconds + WAITED);
    }
    return false;
  }

  #icmp(layer: LinkLayer, view: DataView, offset: number, captured: number, seconds: number, nanos: number): void {
    if (Number.isNaN(seconds)) return;
    const instant: Instant = { seconds, nanos, digits: this.digits, ...shiftOf(this.#moved) };
    const ip = layer.find(view, offset, captured, EtherType.IPV4);
    const event = unreachableEvent(view, ip, offset + captured, instant, this.facts);
    if (event !== null) this.#queue.push(event.time, event);
  }

  get lastTime(): number {
    return this.#lastSeconds + this.#lastNanos / 1e9;
  }

  protected settle(): void {
    this.blockEnd();
    this.host.settle();
  }

  protected clockWasSet(event: ClockStepEvent): void {
    this.#queue.push(event.time, event);
  }

  protected doubt(): void {
    this.#waited = Math.min(this.#waited, this.stampClock.doubtful + READ_LATEST);
    this.#hold();
  }

  /** What came after something that may still have to be told in its turn has to wait. */
  #hold(): void {
    this.#queue.holdFrom(Math.min(this.#fragments.oldestWaiting, this.stampClock.doubtful));
  }

  /** An ARP that asks for a DHCP server, or that one sends: unicasts hang on it. */
  #arp(
    layer: LinkLayer,
    view: DataView,
    offset: number,
    captured: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
    const arp = layer.find(view, offset, captured, EtherType.ARP);
    const end = offset + captured;
    if (!concernsServer(view, arp, end, this.host.servers)) return;
    const scope = this.#points.scope(layer, view, offset, interfaceIndex);
    const event = arpEvent(view, arp, end, this.#circumstances(layer, scope, seconds, nanos, interfaceIndex));
    if (event !== null) this.#queue.push(event.time, event);
  }

  override missed(reason?: string): void {
    super.missed(reason);
    this.#waited = -Infinity;
  }

  #catchUp(seconds: number, nanos: number): void {
    this.watches.goesOn(seconds + nanos / 1e9);
    if (seconds >= this.stampClock.doubtful + READ_LATEST) this.stampClock.believe();
    this.#tellUnfinished(this.#fragments.overdue(seconds - WAITED / 2));
    const fragments = this.#fragments.oldestWaiting < Infinity ? seconds + WAITED : Infinity;
    this.#waited = Math.min(fragments, this.stampClock.doubtful + READ_LATEST);
  }

  #tellUnfinished(fragments: readonly FragmentFrame<Circumstances>[]): void {
    for (const { bytes, original, context } of fragments) {
      this.#dhcp(context, decodeFirstFragment(context.layer, bytes, original));
    }
    this.#hold();
  }
}

/** Seconds without a frame from which on they are remembered. */
const QUIET = 2;
/** Seconds after which a first fragment is looked at again: the others follow at once, or hardly ever. */
const WAITED = 1;
/** Seconds for which a reading of the clock is waited for. */
const READ_LATEST = 60;
const BOOTREQUEST = 1;

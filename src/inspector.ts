import type { Instant } from "./capture/instant.js";
import { toSeconds } from "./capture/instant.js";
import type { CaptureInterface, FrameSink } from "./capture/sink.js";
import type { Checksum, Verdict } from "./checksum/checksum.js";
import { ipv4Checksum } from "./checksum/ipv4.js";
import { udpChecksum } from "./checksum/udp.js";
import type { FrameFacts, InputFacts, Inspection } from "./findings/inspection.js";
import { Judge } from "./findings/judge.js";
import { Interleaver, type Lane } from "./lease/interleave.js";
import type { Point, Sighting } from "./lease/message.js";
import { Paths } from "./lease/paths.js";
import { Presence } from "./lease/presence.js";
import { Sightings } from "./lease/sightings.js";
import { Tracker } from "./lease/tracker.js";
import type { UnreachableEvent } from "./lease/unreachables.js";
import { macOf } from "./wire/addresses.js";
import { decodeArp } from "./wire/arp.js";
import { decodeEthernet } from "./wire/decode.js";
import { decodeIcmpError } from "./wire/icmp.js";
import { ipv4HeaderOffset, Skim, skimEthernet } from "./wire/skim.js";

export interface InspectorOptions {
  /** Keep every DHCP frame for `frames`; without it they are let go once they were judged. */
  readonly keepFrames: boolean;
  /** Keep cycles in which nothing was lost, too; without it they are only counted, and memory stays small. */
  readonly keepHealthy: boolean;
}

const ETHERNET = 1;

/**
 * The whole way on one page: frames in, findings out.
 *
 *     capture -> skim -> decode -> checksum -> interleave -> sightings -> tracker -> judge
 */
export class Inspector {
  readonly #options: InspectorOptions;
  readonly #sinks: InputSink[] = [];
  readonly #frames: FrameFacts[] = [];
  readonly #checksums = { udp: emptyCounts(), ip: emptyCounts() };
  readonly #presence = new Presence();
  readonly #paths = new Paths();
  readonly #judge: Judge;
  readonly #tracker: Tracker;
  readonly #sightings = new Sightings<UnreachableEvent>(
    (message) => {
      if (this.#points > 1) this.#paths.add(message);
      this.#tracker.message(message);
    },
    (event) => {
      this.#tracker.unreachable(event);
    },
  );
  readonly #interleaver = new Interleaver<Sighting | UnreachableEvent>((item) => {
    if ("frame" in item) {
      this.#sightings.frame(item);
    } else {
      this.#sightings.event(item.time, item);
    }
  });
  #points = 0;

  constructor(options: InspectorOptions) {
    this.#options = options;
    this.#judge = new Judge(this.#paths, options.keepHealthy);
    this.#tracker = new Tracker(this.#presence, this.#judge);
  }

  /** Where the frames of one input go; several inputs are read side by side, the one whose `clock` is lowest first. */
  input(name: string): InputSink {
    const lane = this.#interleaver.lane();
    const sink = new InputSink(name, lane, this.#presence, {
      nextPoint: () => this.#points++,
      dhcp: (facts) => {
        this.#count(facts);
      },
      settle: () => {
        this.drain();
      },
    });
    this.#sinks.push(sink);
    return sink;
  }

  /** Passes on what no input can precede any more; to be called after each block. */
  drain(): void {
    this.#interleaver.drain();
    this.#sightings.tick(this.#interleaver.clock);
  }

  /** The inputs are over. What was seen decides; what came after their end proves nothing. */
  finish(): Inspection {
    this.#interleaver.drain();
    this.#sightings.flush();
    const inputs = this.#sinks.map(({ facts }) => facts);
    const until = inputs.reduce<Instant | null>((latest, { observedUntil }) => later(latest, observedUntil), null);
    for (const { facts, points } of this.#sinks) {
      if (facts.first === null || facts.last === null) continue;
      for (const point of points) this.#paths.watched(point, toSeconds(facts.first), toSeconds(facts.last));
    }
    if (until !== null) {
      this.#tracker.finish(until);
    }
    const verdict = this.#judge.finish(this.#tracker, until === null ? 0 : toSeconds(until));
    return {
      inputs,
      frames: this.#frames,
      leases: verdict.leases,
      diagnoses: verdict.diagnoses,
      healthy: verdict.healthy,
      servers: verdict.servers,
      findings: verdict.findings,
      clients: this.#tracker.clients.size,
      checksums: this.#checksums,
    };
  }

  #count(facts: FrameFacts): void {
    const { frame, checksum } = facts.sighting;
    if (frame.udp !== null) this.#checksums.udp[checksum.verdict] += 1;
    if (facts.ipChecksum !== null) this.#checksums.ip[facts.ipChecksum.verdict] += 1;
    if (frame.stopped !== null && frame.bytes.length >= frame.original) this.#judge.malformed(facts.sighting);
    if (this.#options.keepFrames) this.#frames.push(facts);
  }
}

interface InputHost {
  nextPoint(): number;
  dhcp(facts: FrameFacts): void;
  /** The clock has moved past the last DHCP frame: what it says can be told, before later frames show other things. */
  settle(): void;
}

/** Takes the frames of one input; allocates only for those that carry DHCP, and for ICMP errors about it. */
export class InputSink implements FrameSink {
  readonly facts: InputFacts;
  readonly #points: Point[] = [];
  readonly #linkTypes: number[] = [];
  readonly #interfaces: CaptureInterface[] = [];
  readonly #skipped = new Map<number, number>();
  #firstSeconds = NaN;
  #firstNanos = 0;
  #lastSeconds = NaN;
  #lastNanos = 0;
  #digits: 6 | 9 = 6;
  /** Whole second from which on the last DHCP frame has no further sightings. */
  #due = Infinity;
  /** Some frame had a link layer that is read: only then was anybody watching. */
  #readable = false;

  constructor(
    name: string,
    private readonly lane: Lane<Sighting | UnreachableEvent>,
    private readonly presence: Presence,
    private readonly host: InputHost,
  ) {
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

  interface(description: CaptureInterface): void {
    this.#interfaces.push(description);
    this.#linkTypes[description.index] = description.linkType;
    this.#digits = description.digits;
    this.#points[description.index] = {
      id: this.host.nextPoint(),
      input: this.facts.name,
      interface: description.name,
    };
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
    if (seconds >= this.#due) this.#settle(seconds);
    if (seconds > this.#lastSeconds || (seconds === this.#lastSeconds && nanos > this.#lastNanos)) {
      this.#lastSeconds = seconds;
      this.#lastNanos = nanos;
    } else if (Number.isNaN(this.#lastSeconds)) {
      this.#firstSeconds = this.#lastSeconds = seconds;
      this.#firstNanos = this.#lastNanos = nanos;
    }
    const linkType = this.#linkTypes[interfaceIndex] ?? -1;
    if (linkType !== ETHERNET) {
      this.#skip(linkType);
      return;
    }
    this.#readable = true;
    const skim = skimEthernet(bytes, view, offset, captured);
    if (skim === Skim.DHCP) {
      this.#dhcp(bytes.slice(offset, offset + captured), original, seconds, nanos, interfaceIndex);
      return;
    }
    if (captured >= MAC_ADDRESSES) {
      const slot = this.presence.slot(view.getUint16(offset + 6), view.getInt32(offset + 8));
      if (slot >= 0) {
        const source = skim === Skim.OTHER ? 0 : sourceAddress(skim, view, offset, captured);
        this.presence.seen(slot, source, seconds + nanos / 1e9);
      }
      if (skim === Skim.ICMP_ERROR) this.#icmp(view, offset, captured, seconds, nanos);
    }
  }

  observedUntil(seconds: number, nanos: number): void {
    this.facts.observedUntil = later(this.facts.observedUntil, { seconds, nanos, digits: this.#digits });
  }

  /** A block was read: the clock may move. */
  blockEnd(): void {
    if (!Number.isNaN(this.#lastSeconds)) this.lane.clock = this.#lastSeconds + this.#lastNanos / 1e9;
  }

  /** The input is over. */
  end(): void {
    const { facts } = this;
    if (!Number.isNaN(this.#lastSeconds)) {
      facts.first = { seconds: this.#firstSeconds, nanos: this.#firstNanos, digits: this.#digits };
      facts.last = { seconds: this.#lastSeconds, nanos: this.#lastNanos, digits: this.#digits };
      if (this.#readable) facts.observedUntil = later(facts.observedUntil, facts.last);
    }
    this.lane.end();
  }

  get points(): readonly Point[] {
    return this.#points;
  }

  #dhcp(bytes: Uint8Array, original: number, seconds: number, nanos: number, interfaceIndex: number): void {
    const point = this.#points[interfaceIndex];
    if (point === undefined) return;
    this.facts.dhcp += 1;
    const frame = decodeEthernet(bytes, original);
    // At once, not when the message comes up in its turn: the client's next frames may be in this very block.
    if (frame.dhcp?.chaddr.length === 6) {
      this.#present(macOf(frame.dhcp.chaddr), frame.dhcp.op, frame.link?.dst ?? null);
    }
    const timed = !Number.isNaN(seconds);
    const sighting: Sighting = {
      point,
      frameNumber: this.facts.frames,
      instant: {
        seconds: timed ? seconds : 0,
        nanos,
        digits: this.#interfaces[interfaceIndex]?.digits ?? this.#digits,
      },
      checksum: udpChecksum(frame) ?? UNVERIFIED,
      frame,
      message: null,
    };
    this.host.dhcp({ sighting, timed, ipChecksum: ipv4Checksum(frame) });
    if (!timed) return;
    this.lane.push(toSeconds(sighting.instant), sighting);
    this.#due = seconds + SETTLED;
  }

  #present(client: number, op: number, destination: number | null): void {
    if (op === BOOTREQUEST) this.presence.add(client);
    if (destination !== null && (Math.floor(destination / 0x10000000000) & GROUP_BIT) === 0) {
      this.presence.sawUnicast(client);
    }
  }

  #icmp(view: DataView, offset: number, captured: number, seconds: number, nanos: number): void {
    const error = decodeIcmpError(view, offset, captured);
    if (error?.code !== PORT_UNREACHABLE || Number.isNaN(seconds)) return;
    const instant: Instant = { seconds, nanos, digits: this.#digits };
    this.lane.push(toSeconds(instant), {
      instant,
      time: toSeconds(instant),
      input: this.facts.name,
      frameNumber: this.facts.frames,
      quoted: error.quoted,
    });
  }

  /** Presence is known as of now; what came before must be judged by it now, not by what the rest of a block shows. */
  #settle(seconds: number): void {
    this.#due = Infinity;
    this.lane.clock = Math.max(this.lane.clock, seconds);
    this.host.settle();
  }

  #skip(linkType: number): void {
    this.#skipped.set(linkType, (this.#skipped.get(linkType) ?? 0) + 1);
  }
}

/** Seconds after which a message is complete; more than sightings are held, as whole seconds are compared. */
const SETTLED = 2;
const MAC_ADDRESSES = 12;
const BOOTREQUEST = 1;
/** In the first byte of a destination address: broadcast or multicast (IEEE 802). */
const GROUP_BIT = 1;
const PORT_UNREACHABLE = 3;
const UNVERIFIED: Checksum = { verdict: "unverified", stored: null, expected: null, pattern: null };

/** The IPv4 address that the sender of a frame uses: an IP source, or what an ARP says of its sender; 0: none. */
function sourceAddress(skim: Skim, view: DataView, offset: number, captured: number): number {
  if (skim === Skim.ARP) return decodeArp(view, offset, captured)?.senderIp ?? 0;
  const ip = ipv4HeaderOffset(view, offset, captured);
  return ip < 0 ? 0 : view.getUint32(ip + 12);
}

function emptyCounts(): Record<Verdict, number> {
  return { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 };
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return b.seconds > a.seconds || (b.seconds === a.seconds && b.nanos > a.nanos) ? b : a;
}

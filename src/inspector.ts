import type { Instant } from "./capture/instant.js";
import { toSeconds } from "./capture/instant.js";
import type { Verdict } from "./checksum/checksum.js";
import type { FrameFacts, Inspection } from "./findings/inspection.js";
import { Judge } from "./findings/judge.js";
import { InputSink, later, type SideEvent } from "./input-sink.js";
import { Interleaver } from "./lease/interleave.js";
import type { Sighting } from "./lease/message.js";
import { Paths } from "./lease/paths.js";
import { Presence } from "./lease/presence.js";
import { Sightings } from "./lease/sightings.js";
import { Tracker } from "./lease/tracker.js";

export type { InputSink } from "./input-sink.js";

export interface InspectorOptions {
  /** Keep every DHCP frame for `frames`; without it they are let go once they were judged. */
  readonly keepFrames: boolean;
  /** Keep cycles in which nothing was lost, too; without it they are only counted, and memory stays small. */
  readonly keepHealthy: boolean;
}

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
  readonly #sightings = new Sightings<SideEvent>(
    (message) => {
      if (this.#points > 1) this.#paths.add(message);
      this.#tracker.message(message);
    },
    (event) => {
      if (event.kind === "arp") this.#tracker.arp(event);
      else this.#tracker.unreachable(event);
    },
  );
  readonly #interleaver = new Interleaver<Sighting | SideEvent>((item) => {
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
      isServer: (address) => this.#tracker.servers.get(address) !== null,
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
    const cut = frame.bytes.length < frame.original || frame.stopped?.layer === "ip-fragment";
    if (frame.stopped !== null && !cut) this.#judge.malformed(facts.sighting);
    if (this.#options.keepFrames) this.#frames.push(facts);
  }
}

function emptyCounts(): Record<Verdict, number> {
  return { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 };
}

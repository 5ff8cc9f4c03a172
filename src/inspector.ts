import { later, toSeconds, type Instant } from "./capture/instant.js";
import type { Verdict } from "./checksum/checksum.js";
import { HostLoad } from "./findings/host-load.js";
import type { FrameFacts, Inspection } from "./findings/inspection.js";
import { Judge } from "./findings/judge.js";
import { silencesByServer } from "./findings/silences.js";
import type { Situation } from "./findings/situation.js";
import type { Witnesses } from "./findings/testimony.js";
import type { InputSetting, Item, SideEvent } from "./input-host.js";
import { InputSink } from "./input-sink.js";
import { Shifts } from "./lease/clock-step.js";
import type { Binding, Cycle } from "./lease/cycle.js";
import { Interleaver } from "./lease/interleave.js";
import type { LeaseHistory } from "./lease/lease-history.js";
import { isUnicast, type Message } from "./lease/message.js";
import { Observed } from "./lease/observed.js";
import { Paths } from "./lease/paths.js";
import { Presence } from "./lease/presence.js";
import { HOLD, Sightings } from "./lease/sightings.js";
import type { TrackerObserver, TrackerSink } from "./lease/tracker-sink.js";
import { Tracker } from "./lease/tracker.js";
import { SeenServers } from "./seen-servers.js";
import { macOf } from "./wire/addresses.js";

export type { InputSink } from "./input-sink.js";

export interface InspectorOptions {
  /** Keep every DHCP frame for `frames`; without it they are let go once they were judged. */
  readonly keepFrames: boolean;
  /** Keep cycles in which nothing was lost, too; without it they are only counted, and memory stays small. */
  readonly keepHealthy: boolean;
  /** What lease files tell of the time before the capture. */
  readonly history?: LeaseHistory | undefined;
  /** Logs and lease files that speak of what packets show. */
  readonly witnesses?: Witnesses | undefined;
  /** Hears of what happens while it happens; a live watch is one. */
  readonly observer?: TrackerObserver;
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
  readonly #servers = new SeenServers();
  readonly #observed = new Observed();
  readonly #shifts = new Shifts();
  readonly #load = new HostLoad();
  readonly #sightings = new Sightings<SideEvent>(
    (message) => {
      this.#message(message);
      this.#touched(message);
    },
    (event) => {
      this.#aside(event);
    },
  );
  readonly #interleaver = new Interleaver<Item>((item) => {
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
    const { observer } = options;
    const sink = observer === undefined ? this.#judge : both(this.#judge, observer);
    this.#tracker = new Tracker(this.#presence, this.#observed, sink, options.history ?? null);
  }

  /** Where the frames of one input go; several inputs are read side by side, the one whose `clock` is lowest first. */
  input(name: string, setting: InputSetting = PLAIN): InputSink {
    const lane = this.#interleaver.lane();
    if (setting.own?.clock.ordered === false) this.#paths.unordered(name);
    const sink = new InputSink(name, lane, this.#presence, this.#observed.watch(name), this.#shifts, {
      ...setting,
      servers: this.#servers,
      nextPoint: (watching) => {
        // Of what came before the second one nothing is learned about ways, however much was read at once.
        if (this.#points === 1) this.#settle();
        this.#points += 1;
        return this.#observed.points.add(watching);
      },
      gap: (gap, { description }) => {
        this.#options.observer?.gap(gap, description.name ?? name);
      },
      dhcp: (facts) => {
        this.#servers.take(facts.sighting.frame);
        this.#count(facts);
      },
      pressure: (time, totals) => {
        this.#load.sample(time, totals);
      },
      settle: () => {
        this.drain();
      },
    });
    this.#sinks.push(sink);
    return sink;
  }

  /** The same for all that was read, in the middle of a block as well. */
  #settle(): void {
    for (const sink of this.#sinks) sink.blockEnd();
    this.drain();
  }

  /** Passes on what no input can precede any more; to be called after each block. */
  drain(): void {
    const clock = this.#interleaver.drain();
    this.#sightings.tick(clock);
    // What is told from now on is no earlier.
    this.#presence.advance(clock - HOLD);
  }

  /**
   * No frame came until `until` (seconds since 1970), though it would have. What waits for such silence is told now
   * rather than with the next frame; what is found in the end does not depend on it.
   */
  tick(until: number): void {
    for (const sink of this.#sinks) sink.watchedUntil(until);
    this.drain();
  }

  /**
   * How one client stands at `until`; the story goes on.
   *
   * @param troubled its cycles that may serve as evidence
   */
  situation(binding: Binding, troubled: readonly Cycle[], until: Instant): Situation {
    const { mac } = binding.client;
    this.#tellVigils();
    const context = this.#judge.context(this.#tracker, this.#observed, troubled);
    const silences = silencesByServer(troubled, context);
    return {
      context,
      background: {
        load: this.#load,
        observed: this.#observed,
        servers: this.#tracker.servers.all().map((server) => ({ server, silences: silences.get(server) ?? [] })),
      },
      healthyRenewals: this.#judge.healthyRenewals(binding),
      presumption: this.#tracker.presume(binding, until),
      lastSeen: mac === null ? -Infinity : this.#presence.lastSeen(mac),
    };
  }

  /** The inputs are over. What was seen decides; what came after their end proves nothing. */
  finish(): Inspection {
    this.#interleaver.drain();
    this.#sightings.flush();
    this.#presence.advance(Infinity);
    const inputs = this.#sinks.map(({ facts }) => facts);
    this.#tellVigils();
    const ends = new Map(inputs.map(({ name, observedUntil }) => [name, observedUntil]));
    this.#tracker.finish((names) =>
      names.reduce<Instant | null>((latest, input) => later(latest, ends.get(input) ?? null), null),
    );
    for (const input of inputs) this.#judge.input(input);
    const interfaces = this.#sinks.flatMap(({ watches, facts }) =>
      [...watches].map(({ description, watching }) => ({
        name: description.name ?? facts.name,
        watching,
        until: facts.observedUntil === null ? null : toSeconds(facts.observedUntil),
      })),
    );
    const verdict = this.#judge.finish(this.#tracker, this.#observed, interfaces, this.#options.witnesses ?? null);
    return {
      inputs,
      frames: this.#frames,
      leases: verdict.leases,
      diagnoses: verdict.diagnoses,
      healthy: verdict.healthy,
      servers: verdict.servers,
      findings: verdict.findings,
      clients: this.#tracker.clients.size,
      observed: this.#observed,
      load: this.#load,
      checksums: this.#checksums,
    };
  }

  /** When each point was watched, as far as it is known by now. */
  #tellVigils(): void {
    for (const sink of this.#sinks) {
      for (const [point, vigil] of sink.watched()) this.#paths.watched(point, vigil);
    }
  }

  #message(message: Message): void {
    if (this.#points > 1) this.#paths.add(message);
    this.#presence.advance(message.time);
    const { chaddr } = message.dhcp;
    if (chaddr.length === 6 && message.sightings.some(isUnicast)) this.#presence.sawUnicast(macOf(chaddr));
    this.#tracker.message(message);
    this.#options.witnesses?.message(message);
  }

  #aside(event: SideEvent): void {
    switch (event.kind) {
      case "arp":
        this.#tracker.arp(event);
        break;
      case "unreachable":
        this.#tracker.unreachable(event);
        break;
      case "clock-step":
        this.#tracker.clockStep();
        this.#judge.clockStep(event);
        this.#options.observer?.clockStep(event);
        break;
    }
  }

  #touched(message: Message): void {
    const { observer } = this.#options;
    const client = observer === undefined ? null : this.#tracker.clients.find(message);
    if (client !== null) observer?.touched(client);
  }

  #count(facts: FrameFacts): void {
    const { frame, checksum } = facts.sighting;
    if (frame.udp !== null) this.#checksums.udp[checksum.verdict] += 1;
    if (facts.ipChecksum !== null) this.#checksums.ip[facts.ipChecksum.verdict] += 1;
    const cut = frame.bytes.length < frame.original || frame.stopped?.layer === "ip-fragment";
    if (frame.stopped !== null && !cut) this.#judge.malformed(facts.sighting);
    if (frame.reassembled?.overlapped === true) this.#judge.overlapped(facts.sighting);
    if (this.#options.keepFrames) this.#frames.push(facts);
  }
}

const PLAIN: InputSetting = { own: null, point: null, foretold: [] };

/** The first is told first. */
function both(first: TrackerSink, second: TrackerSink): TrackerSink {
  return {
    lease: (lease) => {
      first.lease(lease);
      second.lease(lease);
    },
    cycle: (cycle) => {
      first.cycle(cycle);
      second.cycle(cycle);
    },
    forgotten: (client, latest) => {
      first.forgotten(client, latest);
      second.forgotten(client, latest);
    },
    jumped: (binding, message) => {
      first.jumped(binding, message);
      second.jumped(binding, message);
    },
    declined: (binding, message) => {
      first.declined(binding, message);
      second.declined(binding, message);
    },
  };
}

function emptyCounts(): Record<Verdict, number> {
  return { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 };
}

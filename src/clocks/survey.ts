import type { CaptureInterface, FrameSink } from "../capture/sink.js";
import type { LinkLayer } from "../wire/link-layer.js";
import { linkLayer } from "../wire/link.js";
import { Skim, skimFrame } from "../wire/skim.js";
import { fingerprintsOf } from "./fingerprint.js";

/** One message as one input has it. */
export interface Seen {
  /** Position of the input. */
  readonly input: number;
  /** By the input's own clock, seconds since 1970. */
  readonly time: number;
  /** Number of the frame, from 1. */
  readonly frame: number;
  readonly fromClient: boolean;
  readonly likeness: Likeness;
}

/**
 * How it is known again: by a datagram that no other is like, as it has an IP id of its own; by one that may have been
 * sent twice; or by what a relay leaves of a message.
 */
export type Likeness = "unique" | "same" | "relayed";

/** A place where the stamps of an input leave their course. */
export interface Jump {
  /** The first frame behind it. */
  readonly frame: number;
  readonly seconds: number;
}

/** What an input says of its interfaces, and of when they were watched. */
export type StatementSink = Required<Pick<FrameSink, "interface" | "watchedAgain" | "observedFrom" | "observedUntil">>;

/** What was looked at of one input. */
export interface SurveyedInput {
  /** Of its frames, in whole seconds since 1970; NaN: it has none. */
  readonly first: number;
  readonly last: number;
  readonly jumps: readonly Jump[];
}

/** Messages are known again by so many fingerprints; beyond that the same part of them is left out in every input. */
const MOST_KEYS = 1 << 16;
const MOST_JUMPS = 4096;
/** An input shows a message more than once at several interfaces, or coming and going: within so many seconds. */
const COPY = 0.1;
/** Stamps that fall by more, or rise by more at once, may be a clock that was set; seconds. */
const FALL = 1;
const RISE = 5;

interface Key {
  readonly seen: Seen[];
  /** Some input has it twice, as when a client asks again: it cannot be said which is which. */
  repeated: boolean;
}

/**
 * Looks through inputs for the messages that several of them have, before they are read in earnest: by these their clocks
 * are compared. Memory is bounded, whatever the inputs hold.
 */
export class Survey {
  readonly #inputs: SurveySink[] = [];
  readonly #keys = new Map<number, Key>();
  #limit = 2 ** 53;

  /**
   * Where the frames of the next input go.
   *
   * @param stated hears what it says of its interfaces
   */
  input(stated: StatementSink): FrameSink {
    const add = (fingerprint: number, seen: Seen): void => {
      this.#add(fingerprint, seen);
    };
    const sink = new SurveySink(add, this.#inputs.length, stated);
    this.#inputs.push(sink);
    return sink;
  }

  get inputs(): readonly SurveyedInput[] {
    return this.#inputs;
  }

  /** The sightings of each message that more than one input has, each input once. */
  *common(): Generator<readonly Seen[]> {
    for (const { seen, repeated } of this.#keys.values()) {
      if (!repeated && seen.length > 1) yield seen;
    }
  }

  #add(fingerprint: number, seen: Seen): void {
    if (fingerprint >= this.#limit) return;
    const key = this.#keys.get(fingerprint);
    if (key === undefined) {
      this.#keys.set(fingerprint, { seen: [seen], repeated: false });
      if (this.#keys.size > MOST_KEYS) this.#thin();
      return;
    }
    const own = key.seen.find(({ input }) => input === seen.input);
    if (own === undefined) key.seen.push(seen);
    else if (Math.abs(seen.time - own.time) > COPY) key.repeated = true;
  }

  /** Fingerprints are spread evenly, so that those below a limit are a fair part, and the same part in every input. */
  #thin(): void {
    this.#limit /= 2;
    for (const fingerprint of this.#keys.keys()) {
      if (fingerprint >= this.#limit) this.#keys.delete(fingerprint);
    }
  }
}

class SurveySink implements FrameSink, SurveyedInput {
  first = NaN;
  last = NaN;
  readonly jumps: Jump[] = [];
  readonly #layers: (LinkLayer | null)[] = [];
  #frames = 0;

  constructor(
    private readonly add: (fingerprint: number, seen: Seen) => void,
    private readonly number: number,
    private readonly stated: StatementSink,
  ) {}

  interface(description: CaptureInterface): void {
    this.#layers[description.index] = linkLayer(description.linkType);
    this.stated.interface(description);
  }

  watchedAgain(interfaceIndex: number): void {
    this.stated.watchedAgain(interfaceIndex);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.stated.observedFrom(seconds, nanos, interfaceIndex);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    this.stated.observedUntil(seconds, nanos, interfaceIndex);
  }

  frame(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    captured: number,
    _original: number,
    seconds: number,
    nanos: number,
    interfaceIndex: number,
  ): void {
    this.#frames += 1;
    const gap = seconds - this.last;
    if (gap < -FALL || gap > RISE) this.#jump(gap);
    if (gap > 0 || gap < -FALL) this.last = seconds;
    if (Number.isNaN(this.first)) this.first = this.last = seconds;
    const layer = this.#layers[interfaceIndex] ?? null;
    if (layer === null || skimFrame(layer, bytes, view, offset, captured) !== Skim.DHCP || Number.isNaN(seconds)) {
      return;
    }
    const prints = fingerprintsOf(layer, bytes, view, offset, captured);
    if (prints === null) return;
    const { exact, loose, unique, fromClient } = prints;
    const seen = { input: this.number, time: seconds + nanos / 1e9, frame: this.#frames, fromClient };
    if (exact !== null) this.add(exact, { ...seen, likeness: unique ? "unique" : "same" });
    this.add(loose, { ...seen, likeness: "relayed" });
  }

  #jump(seconds: number): void {
    if (this.jumps.length < MOST_JUMPS) this.jumps.push({ frame: this.#frames, seconds });
  }
}

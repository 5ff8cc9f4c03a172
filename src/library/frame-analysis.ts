import { unreadLinks } from "../findings/unread-links.js";
import { Inspector, type InputSink } from "../inspector.js";
import type { LeasetapRecord } from "../report/events.js";
import { EVERYTHING } from "../report/filter.js";
import { records } from "../report/json.js";
import type { RecordOptions } from "./options.js";

/** When a frame was captured: UTC since 1970, without leap seconds, as capture files count. */
export interface FrameTime {
  /** Whole seconds; may be negative. */
  readonly seconds: number;
  /** Whole nanoseconds beyond them, 0 to 999 999 999. */
  readonly nanos: number;
}

/** Where the frames of an input come from. */
export interface FrameInputOptions {
  /** LINKTYPE_ value of all frames (https://www.tcpdump.org/linktypes.html); 1, Ethernet, unless it is given. */
  readonly linkType?: number | undefined;
  /** Name of the interface, as records give it; null, not known, unless it is given. */
  readonly interface?: string | null | undefined;
  /** Decimals of a second that times in records have: 6 unless it is given. */
  readonly digits?: 6 | 9 | undefined;
}

/** Takes the frames of one capture point. */
export interface FrameInput {
  /**
   * Takes one frame, in the order in which they were captured. Any frame may be given: what carries no DHCP costs little
   * and still tells which clients are alive.
   *
   * @param bytes the frame from its link-layer header on, as on the wire (network byte order); may be reused afterwards
   * @param time when it was captured; null: not known, and then it is decoded but proves nothing
   * @param original bytes that it had on the wire; more than `bytes` where it was cut, as many unless it is given
   * @throws RangeError if the time or `original` is out of range; Error after `end`
   */
  frame(bytes: Uint8Array, time: FrameTime | null, original?: number): void;
  /**
   * This point was watched up to that moment, beyond the last frame: only that makes silence at the end a proof.
   *
   * @param time not before the last frame
   * @throws RangeError if the time is out of range; Error after `end`
   */
  observedUntil(time: FrameTime): void;
  /**
   * No more frames come from this point. Several inputs are merged by time, so one that stays silent without an end
   * keeps the frames of the others waiting in memory. May be called again.
   *
   * @throws nothing
   */
  end(): void;
}

/**
 * Judges frames that are pushed to it, from wherever they come, and tells what became of each lease: the records of
 * `leasetap analyze --json`.
 */
export class FrameAnalysis {
  readonly #frames: boolean;
  readonly #inspector: Inspector;
  readonly #inputs = new Map<string, PushedInput>();
  #finished = false;

  /**
   * @param options what to tell
   * @throws nothing
   */
  constructor(options: RecordOptions = {}) {
    this.#frames = options.frames ?? false;
    this.#inspector = new Inspector({ keepFrames: this.#frames, keepHealthy: true });
  }

  /**
   * Opens an input: one capture point, such as a tap or a bridge. Where there are several, open them all before the
   * first frame.
   *
   * @param name what records call it
   * @param options where its frames come from
   * @returns what takes its frames
   * @throws Error if there is one of that name, or after `finish`
   */
  input(name: string, options: FrameInputOptions = {}): FrameInput {
    if (this.#finished) throw new Error("this analysis is finished: begin a new one");
    if (this.#inputs.has(name)) throw new Error(`there is an input ${JSON.stringify(name)} already`);
    const input = new PushedInput(this.#inspector.input(name), options, () => {
      this.#inspector.drain();
    });
    this.#inputs.set(name, input);
    return input;
  }

  /**
   * Ends all inputs and judges what they held.
   *
   * @returns the records, in the order of docs/json.md
   * @throws Error if it was called before
   */
  finish(): IterableIterator<LeasetapRecord> {
    if (this.#finished) throw new Error("this analysis is finished: begin a new one");
    this.#finished = true;
    for (const input of this.#inputs.values()) input.end();
    const inputs = [...this.#inputs.values()].map(({ facts }) => {
      return { facts, format: "frames", compression: null, damage: unreadLinks(facts) };
    });
    const complete = inputs.every(({ damage }) => damage === null);
    return records({ inspection: this.#inspector.finish(), inputs, complete, passedOver: 0 }, EVERYTHING, this.#frames);
  }
}

/** Frames after which the clock of an input is moved on: each time costs a look at all inputs. */
const BLOCK = 256;

class PushedInput implements FrameInput {
  readonly #sink: InputSink;
  readonly #drain: () => void;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #pending = 0;
  #ended = false;

  constructor(sink: InputSink, { linkType = 1, digits = 6, ...options }: FrameInputOptions, drain: () => void) {
    this.#sink = sink;
    this.#drain = drain;
    sink.interface({ index: 0, name: options.interface ?? null, linkType, digits });
  }

  get facts(): InputSink["facts"] {
    return this.#sink.facts;
  }

  frame(bytes: Uint8Array, time: FrameTime | null, original = bytes.length): void {
    this.#refuseAfterEnd();
    if (!Number.isInteger(original) || original < bytes.length) {
      throw new RangeError(`original is ${original}, and the frame has ${bytes.length} bytes`);
    }
    if (time !== null) refuseNoTime(time);
    // Frames mostly come from one buffer; a new view for each of them would be most of the work.
    if (bytes.buffer !== this.#bytes.buffer) {
      this.#bytes = new Uint8Array(bytes.buffer);
      this.#view = new DataView(bytes.buffer);
    }
    const { seconds, nanos } = time ?? UNTIMED;
    this.#sink.frame(this.#bytes, this.#view, bytes.byteOffset, bytes.length, original, seconds, nanos, 0);
    this.#pending += 1;
    if (this.#pending === BLOCK) this.#settle();
  }

  observedUntil(time: FrameTime): void {
    this.#refuseAfterEnd();
    refuseNoTime(time);
    this.#sink.observedUntil(time.seconds, time.nanos, 0);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settle();
    this.#sink.end();
  }

  #settle(): void {
    this.#pending = 0;
    this.#sink.blockEnd();
    this.#drain();
  }

  #refuseAfterEnd(): void {
    if (this.#ended) throw new Error("this input has ended");
  }
}

const UNTIMED: FrameTime = { seconds: NaN, nanos: 0 };

/** What Date can hold, in seconds (ECMA-262, Time Values). */
const LATEST = 8.64e12;

function refuseNoTime({ seconds, nanos }: FrameTime): void {
  if (
    Number.isInteger(seconds) &&
    Math.abs(seconds) <= LATEST &&
    Number.isInteger(nanos) &&
    nanos >= 0 &&
    nanos < 1e9
  ) {
    return;
  }
  throw new RangeError(
    `${seconds} s and ${nanos} ns are no time: both are whole, and the nanoseconds below 1 000 000 000`,
  );
}

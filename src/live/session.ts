import { EnvironmentError } from "../capture/errors.js";
import type { Source } from "../capture/file.js";
import { instantAt, shiftOf, toSeconds, type Instant } from "../capture/instant.js";
import type { Damage, FrameSink } from "../capture/sink.js";
import { beatSteadily } from "../capture/steady-beat.js";
import { diagnose, type Diagnosis } from "../findings/diagnose.js";
import { unreadLinks } from "../findings/unread-links.js";
import { Inspector, type InputSink } from "../inspector.js";
import type { Lease } from "../lease/cycle.js";
import type { TrackerObserver } from "../lease/tracker-sink.js";
import type { LeaseHistory } from "../lease/lease-history.js";
import type { Findings } from "../report/json.js";
import { LiveSink } from "./live-sink.js";
import { StreamClock } from "./stream-clock.js";
import { Watch, type AskSituation, type RecordSink, type WatchOptions } from "./watch.js";

/** Hears of what is kept for good. */
export interface KeptSink {
  lease(lease: Lease): void;
  /** @param final nothing can change it any more */
  cycle(diagnosis: Diagnosis, final: boolean): void;
}

/** Records the input. */
export interface SessionRecorder {
  /** Writes what has come. */
  flush(): void;
  /** Time goes on. */
  tick(): void;
  /**
   * It was watched up to `time` (seconds since 1970), whether frames came or not.
   *
   * @param beat seconds after which that is to be said again
   */
  watchedUntil(time: number, beat?: number): void;
  /** The clock of this machine, which stamps its frames, was read beside a steady one; both in seconds. */
  clockRead(time: number, monotonic: number): void;
}

export interface SessionOptions extends Pick<WatchOptions, "tell" | "warnBefore"> {
  readonly kept?: KeptSink | undefined;
  /** What lease files tell of the time before the watch. */
  readonly history?: LeaseHistory | undefined;
  /** How the input is called in records. */
  readonly name: string;
  /** Seconds after which the watch ends; Infinity: with the input. */
  readonly duration: number;
  /** Asks for the end: what the input still has to give is read, if it ends by itself, or soon. */
  readonly signal: AbortSignal;
  /** Has the input end by itself, with all that it still has to give; false, or absent: it cannot be asked. */
  readonly end?: () => boolean;
  /** Returns when what was told has been taken: an output that is slower than the input must hold it up. */
  readonly settled: () => Promise<void>;
  /** Milliseconds by a clock that nobody sets, the same for all watches: CLOCK_MONOTONIC. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970 by the clock of this machine. */
  readonly wall: () => number;
  readonly recorder?: SessionRecorder | undefined;
  /** Looks on in place of the usual watch, which then tells nothing. */
  readonly watcher?: Watcher | undefined;
}

/** Looks on while messages are tracked, and when time has come so far. */
export interface Watcher extends TrackerObserver {
  advance(ask: AskSituation, until: Instant): void;
}

/** Milliseconds between looks at the clock, and where the input tells what time it is. */
const TICK = 1000;
const SLOW_TICK = 2000;
/**
 * Seconds that a frame may take from its stamp to here: libpcap hands them on up to a second later, and pipes wait too.
 * Silence counts only as far as nothing can still be under way.
 */
const LAG = 2;
/** Milliseconds for which an input is still read that nobody here can end; both ends of a pipe hear a Ctrl-C. */
const LAST_WORDS = 2000;
/** Milliseconds between readings of the clock, less what a tick may be early: leasetap's own captures do it as often. */
const READING = 1900;
/** Seconds in which a capture that reads its clock itself has shown that it does. */
const SILENT = 15;

/** One live watch, from the first frame to what was found. */
export class Session {
  readonly #options: SessionOptions;
  readonly #watch: Watcher;
  readonly #inspector: Inspector;
  readonly #input: InputSink;
  readonly #sink: LiveSink;
  readonly #clock: StreamClock;
  readonly #started: number;
  /** Up to where the watch has come, in seconds since 1970. */
  #until = -Infinity;
  /** When the clock of this machine was read last. */
  #clockRead = -Infinity;
  /** Frames of which the clock knows. */
  #heard = 0;
  /** The last frames were stamped by the clock of this machine, as far as can be seen. */
  #isOwnClock = false;
  /** It was this program that ended the input. */
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#watch = options.watcher ?? new Watch({ ...options, records: this.#recordsFor(options.kept) });
    this.#inspector = new Inspector({
      keepFrames: false,
      keepHealthy: false,
      history: options.history,
      observer: this.#watch,
    });
    this.#input = this.#inspector.input(options.name);
    this.#sink = new LiveSink(this.#input, {
      second: (before, second) => {
        // What was said by the last frames is told before a long silence, not after it.
        if (second - before > LAG) this.#pass(before + LAG);
        this.#advance(second);
      },
    });
    this.#clock = new StreamClock(options.monotonic);
    this.#started = options.monotonic();
  }

  /** @throws EnvironmentError if the input cannot be opened */
  async run(open: (sink: FrameSink) => Source): Promise<Findings> {
    const source = open(this.#sink);
    const { signal } = this.#options;
    let lastWords: NodeJS.Timeout | undefined;
    const stop = (): void => {
      if (this.#options.end?.() !== true) lastWords = setTimeout(() => this.#close(source), LAST_WORDS);
    };
    const tick = (): void => {
      this.#tick(source);
    };
    let ticker = beatSteadily(TICK, () => {
      tick();
      if (!this.#sink.tellsTime) return;
      ticker.stop();
      ticker = beatSteadily(SLOW_TICK, tick);
    });
    signal.addEventListener("abort", stop, { once: true });
    try {
      return this.#finish(source, await this.#read(source));
    } finally {
      ticker.stop();
      clearTimeout(lastWords);
      signal.removeEventListener("abort", stop);
      source.close();
    }
  }

  readonly #ask: AskSituation = (...question) => this.#inspector.situation(...question);

  #recordsFor(kept: KeptSink | undefined): RecordSink | undefined {
    return kept === undefined
      ? undefined
      : {
          lease: (lease) => {
            kept.lease(lease);
          },
          cycle: (cycle, final) => {
            const { context } = this.#ask(cycle.binding, [cycle], instantAt(this.#until));
            kept.cycle(diagnose(cycle, context), final);
          },
        };
  }

  async #read(source: Source): Promise<Damage | null> {
    try {
      while (await source.pump()) {
        this.#options.recorder?.flush();
        this.#input.blockEnd();
        this.#inspector.drain();
        this.#hear();
        if (this.#sink.tellsTime) this.#goOn();
        await this.#options.settled();
      }
      return null;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      return this.#closed ? null : { code: error.code, offset: 0, sentence: error.message };
    }
  }

  /** Frames have come just now. */
  #hear(): void {
    if (this.#sink.frames === this.#heard) return;
    this.#heard = this.#sink.frames;
    const { lastTime, shift } = this.#input;
    this.#clock.frames(lastTime);
    this.#isOwnClock = Math.abs(this.#options.wall() / 1000 - (lastTime - shift)) <= LAG;
  }

  #tick(source: Source): void {
    this.#readClock();
    this.#options.recorder?.tick();
    this.#goOn();
    const seconds = (this.#options.monotonic() - this.#started) / 1000;
    if (seconds >= this.#options.duration && this.#options.end?.() !== true) this.#close(source);
  }

  /** As far as the input was watched. */
  #goOn(): void {
    const now = this.#watched();
    if (!(now > this.#until)) return;
    this.#advance(now);
    this.#options.recorder?.watchedUntil(now - this.#input.shift);
  }

  /** Up to when silence counts, in seconds since 1970: where a capture says itself how far it has come, up to there. */
  #watched(): number {
    const { observedUntil } = this.#input.facts;
    if (!this.#sink.tellsTime) return this.#clock.now - LAG;
    return observedUntil === null ? -Infinity : toSeconds(observedUntil);
  }

  /** For a capture of this machine that does not do so itself: tells when its clock is set, or it has slept. */
  #readClock(): void {
    const now = this.#options.monotonic();
    if (this.#sink.tellsTime || !this.#isOwnClock || now - this.#started < SILENT * 1000) return;
    if (now - this.#clockRead < READING) return;
    this.#clockRead = now;
    const wall = this.#options.wall() / 1000;
    const { seconds, nanos } = instantAt(wall);
    this.#input.remark({ kind: "clock", monotonic: now / 1000 }, seconds, nanos, 0);
    this.#options.recorder?.clockRead(wall, now / 1000);
  }

  #advance(until: number): void {
    // Whether so much time has passed at all, the next reading of the clock will tell.
    if (this.#input.isDoubtful) this.#inspector.tick(until);
    else this.#pass(until);
  }

  #pass(until: number): void {
    this.#inspector.tick(until);
    this.#until = until;
    this.#watch.advance(this.#ask, { ...instantAt(until), ...shiftOf(this.#input.shift) });
  }

  #close(source: Source): void {
    this.#closed = true;
    source.close();
  }

  #finish(source: Source, failure: Damage | null): Findings {
    const { facts } = this.#input;
    this.#hear();
    const watched = this.#watched();
    if (watched > this.#input.lastTime && !this.#sink.tellsTime) {
      const { seconds, nanos } = instantAt(watched - this.#input.shift);
      this.#input.observedUntil(seconds, nanos, 0);
      this.#options.recorder?.watchedUntil(watched - this.#input.shift, 0);
    }
    this.#input.end();
    if (facts.observedUntil !== null) this.#advance(Math.max(toSeconds(facts.observedUntil), this.#until));
    const damage = failure ?? source.damage ?? unreadLinks(facts);
    const { format, compression } = source;
    const reading = { facts, format: format ?? "unknown", compression, damage };
    return {
      inspection: this.#inspector.finish(),
      inputs: [reading],
      passedOver: 0,
      complete: damage === null && (!this.#options.signal.aborted || !this.#closed),
    };
  }
}

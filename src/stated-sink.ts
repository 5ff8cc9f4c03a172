import { later, shiftOf, type Instant } from "./capture/instant.js";
import type { CaptureInterface } from "./capture/sink.js";
import type { InputFacts } from "./findings/inspection.js";
import { StampClock, type Reached } from "./stamp-clock.js";
import type { InputHost } from "./input-host.js";
import { StampOrder, type ClockStepEvent, type Shifts } from "./lease/clock-step.js";
import { UNREADABLE, UNTIMED } from "./lease/coverage.js";
import type { Watch } from "./lease/observed.js";
import { Watches, type WatchRemark } from "./watches.js";

/** What the sink of an input does with all that the capture says of itself, beside its frames. */
export abstract class StatedSink {
  readonly facts: InputFacts;
  /** How its interfaces were watched. */
  readonly watches: Watches;
  protected readonly interfaces: CaptureInterface[] = [];
  protected readonly skipped = new Map<number, number>();
  protected readonly order: StampOrder;
  protected readonly stampClock: StampClock;
  protected digits: Instant["digits"] = 6;

  protected constructor(name: string, watch: Watch, shifts: Shifts, host: Pick<InputHost, "gap" | "own" | "foretold">) {
    const reached = (): Reached => {
      const { name, frames } = this.facts;
      return { name, frames, last: this.lastTime, digits: this.digits };
    };
    this.order = new StampOrder(shifts);
    this.stampClock = new StampClock(this.order, watch, {
      reached,
      step: (event) => {
        this.clockWasSet(event);
      },
      doubt: () => {
        this.doubt();
      },
    });
    this.watches = new Watches(this.stampClock, {
      foretold: host.foretold,
      reached,
      settle: () => {
        this.settle();
      },
      gap: (gap, watched) => {
        host.gap(gap, watched);
      },
    });
    this.facts = {
      name,
      interfaces: this.interfaces,
      frames: 0,
      dhcp: 0,
      untimed: 0,
      first: null,
      last: null,
      observedUntil: null,
      own: host.own,
      skippedLinks: this.skipped,
    };
  }

  begins(): void {
    this.watches.left();
  }

  watchedAgain(interfaceIndex: number): void {
    this.watches.again(interfaceIndex);
  }

  /** @param reason why nobody knows what came between the last frame and the next */
  missed(reason = UNREADABLE): void {
    this.watches.missed(reason);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.watches.beganAt(interfaceIndex, seconds + nanos / 1e9);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    const { shift } = this.order;
    const instant = { seconds: seconds + shift, nanos, digits: this.digits, ...shiftOf(shift) };
    this.watches.endedAt(interfaceIndex, seconds + nanos / 1e9);
    this.facts.observedUntil = later(this.facts.observedUntil, instant);
  }

  remark(remark: WatchRemark, seconds: number, nanos: number, interfaceIndex: number): void {
    this.watches.remark(interfaceIndex, remark, seconds + nanos / 1e9);
  }

  /** A DHCP frame without a time: where it belongs is not known, so that nobody can say what did not come. */
  protected untimed(): void {
    this.facts.untimed += 1;
    this.missed(UNTIMED);
  }

  /** A frame of a link layer that is not read. */
  protected skip(interfaceIndex: number): void {
    const linkType = this.interfaces[interfaceIndex]?.linkType ?? -1;
    this.skipped.set(linkType, (this.skipped.get(linkType) ?? 0) + 1);
  }

  /** Seconds by which times differ from the stamps that the capture gives now: see Instant. */
  get shift(): number {
    return this.stampClock.shift;
  }

  /** Only the next reading of the clock can tell whether it was set, and how much time has passed. */
  get isDoubtful(): boolean {
    return this.stampClock.doubtful < Infinity;
  }

  /** Time of the last frame, in seconds since 1970; NaN before the first. */
  abstract get lastTime(): number;

  /** Passes on what came so far, as far as nothing can precede it. */
  protected abstract settle(): void;

  protected abstract clockWasSet(event: ClockStepEvent): void;

  /** What may have to wait for a reading of the clock has changed. */
  protected abstract doubt(): void;
}

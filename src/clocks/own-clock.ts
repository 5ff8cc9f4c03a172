import type { Instant } from "../capture/instant.js";
import type { CaptureInterface, FrameSink } from "../capture/sink.js";
import { aheadAt, type ClockSpan, type InputClock } from "./input-clock.js";

/** What an input's own clock shows, where times are told by another. Seconds are whole, and since 1970. */
export class OwnStamps {
  /** Of the frame that is being read; after the last of it. */
  seconds = NaN;
  nanos = 0;
  #firstSeconds = NaN;
  #firstNanos = 0;
  digits: 6 | 9 = 6;
  observedUntil: Instant | null = null;

  constructor(readonly clock: InputClock) {}

  read(seconds: number, nanos: number): void {
    if (Number.isNaN(seconds)) return;
    if (Number.isNaN(this.#firstSeconds)) [this.#firstSeconds, this.#firstNanos] = [seconds, nanos];
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** Of the frame that is being read. */
  stamp(digits: 6 | 9): Instant {
    return { seconds: this.seconds, nanos: this.nanos, digits };
  }

  get first(): Instant | null {
    return instantOrNull(this.#firstSeconds, this.#firstNanos, this.digits);
  }

  get last(): Instant | null {
    return instantOrNull(this.seconds, this.nanos, this.digits);
  }
}

function instantOrNull(seconds: number, nanos: number, digits: 6 | 9): Instant | null {
  return Number.isNaN(seconds) ? null : { seconds, nanos, digits };
}

/** Hands frames on with the time of the common clock; what their own shows is kept beside it. Allocates nothing for them. */
export class OwnClockSink implements FrameSink {
  #span: ClockSpan;
  #next = 1;
  #frames = 0;
  #seconds = 0;
  #nanos = 0;

  constructor(
    private readonly sink: FrameSink,
    private readonly own: OwnStamps,
  ) {
    const [first] = own.clock.spans;
    if (first === undefined) throw new RangeError("a clock without a span");
    this.#span = first;
  }

  interface(description: CaptureInterface): void {
    this.own.digits = description.digits;
    this.sink.interface(description);
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
    this.#frames += 1;
    const next = this.own.clock.spans[this.#next];
    if (next !== undefined && this.#frames >= next.from) {
      this.#span = next;
      this.#next += 1;
    }
    this.own.read(seconds, nanos);
    this.#place(seconds, nanos);
    this.sink.frame(bytes, view, offset, captured, original, this.#seconds, this.#nanos, interfaceIndex);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    this.own.observedUntil = { seconds, nanos, digits: this.own.digits };
    this.#place(seconds, nanos);
    this.sink.observedUntil(this.#seconds, this.#nanos, interfaceIndex);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.#place(seconds, nanos);
    this.sink.observedFrom?.(this.#seconds, this.#nanos, interfaceIndex);
  }

  /** Readings of the clock are left out: where it was set is known by comparing it. */
  remark(...[remark, seconds, nanos, interfaceIndex]: Parameters<NonNullable<FrameSink["remark"]>>): void {
    if (remark.kind === "clock") return;
    const ahead = aheadAt(this.#span, seconds);
    const placed = remark.kind === "stalled" ? { ...remark, from: remark.from - ahead, to: remark.to - ahead } : remark;
    this.#place(seconds, nanos);
    this.sink.remark?.(placed, this.#seconds, this.#nanos, interfaceIndex);
  }

  begins(...capture: Parameters<NonNullable<FrameSink["begins"]>>): void {
    this.sink.begins?.(...capture);
  }

  watchedAgain(interfaceIndex: number): void {
    this.sink.watchedAgain?.(interfaceIndex);
  }

  missed(): void {
    this.sink.missed?.();
  }

  /** By the common clock. */
  #place(seconds: number, nanos: number): void {
    const ahead = aheadAt(this.#span, seconds);
    const whole = Math.floor(ahead);
    // Whole microseconds, so that stamps keep the digits that they have.
    const rest = nanos - Math.round((ahead - whole) * 1e6) * 1000;
    this.#seconds = rest < 0 ? seconds - whole - 1 : seconds - whole;
    this.#nanos = rest < 0 ? rest + 1e9 : rest;
  }
}

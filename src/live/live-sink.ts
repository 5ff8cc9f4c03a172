import type { CaptureInterface, FrameSink } from "../capture/sink.js";

/** A clock that is set back by more than this many seconds begins anew. */
const STEP_BACK = 5;

/** What a live input tells beside its frames. */
export interface LiveSinkHost {
  /** A further second of the capture's clock has come; its frames follow. Seconds since 1970. */
  second(seconds: number): void;
}

/** Hands frames on, and tells the passing of time by their stamps. Allocates nothing. */
export class LiveSink implements FrameSink {
  /** Frames so far. */
  frames = 0;
  #lastSeconds = NaN;
  #lastNanos = 0;
  #second = -Infinity;

  constructor(
    private readonly next: FrameSink,
    private readonly host: LiveSinkHost,
  ) {}

  /** Time of the last frame that has one, in seconds since 1970; NaN before. */
  get last(): number {
    return this.#lastSeconds + this.#lastNanos / 1e9;
  }

  interface(description: CaptureInterface): void {
    this.next.interface(description);
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
    this.frames += 1;
    if (seconds > this.#second || seconds < this.#second - STEP_BACK) {
      this.#second = seconds;
      this.host.second(seconds);
    }
    if (!Number.isNaN(seconds)) {
      this.#lastSeconds = seconds;
      this.#lastNanos = nanos;
    }
    this.next.frame(bytes, view, offset, captured, original, seconds, nanos, interfaceIndex);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    this.next.observedUntil(seconds, nanos, interfaceIndex);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.next.observedFrom?.(seconds, nanos, interfaceIndex);
  }

  remark(...said: Parameters<NonNullable<FrameSink["remark"]>>): void {
    this.next.remark?.(...said);
  }

  begins(...capture: Parameters<NonNullable<FrameSink["begins"]>>): void {
    this.next.begins?.(...capture);
  }

  watchedAgain(interfaceIndex: number): void {
    this.next.watchedAgain?.(interfaceIndex);
  }
}

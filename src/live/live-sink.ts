import type { CaptureInterface, FrameSink } from "../capture/sink.js";

/** What a live input tells beside its frames. */
export interface LiveSinkHost {
  /**
   * A further second has come, with a frame that was handed on.
   *
   * @param before time of the frame before it, in seconds since 1970; NaN: it is the first
   * @param second whole, since 1970
   */
  second(before: number, second: number): void;
}

/** Takes frames, and tells up to when it has come: a clock that is set back does not take its time back. */
interface TimedSink extends FrameSink {
  /** Of the last frame that has one, in seconds since 1970; NaN before. */
  readonly lastTime: number;
}

/** Hands frames on, and tells the passing of time by them. Allocates nothing. */
export class LiveSink implements FrameSink {
  /** Frames so far. */
  frames = 0;
  /** The capture reads its clock itself, and says how far it has come. */
  tellsTime = false;
  #second = -Infinity;

  constructor(
    private readonly next: TimedSink,
    private readonly host: LiveSinkHost,
  ) {}

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
    const before = this.next.lastTime;
    this.next.frame(bytes, view, offset, captured, original, seconds, nanos, interfaceIndex);
    const second = Math.floor(this.next.lastTime);
    if (second <= this.#second) return;
    this.#second = second;
    this.host.second(before, second);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    this.next.observedUntil(seconds, nanos, interfaceIndex);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.next.observedFrom?.(seconds, nanos, interfaceIndex);
  }

  remark(...said: Parameters<NonNullable<FrameSink["remark"]>>): void {
    this.tellsTime ||= said[0].kind === "clock";
    this.next.remark?.(...said);
  }

  begins(...capture: Parameters<NonNullable<FrameSink["begins"]>>): void {
    this.next.begins?.(...capture);
  }

  watchedAgain(interfaceIndex: number): void {
    this.next.watchedAgain?.(interfaceIndex);
  }

  missed(): void {
    this.next.missed?.();
  }
}

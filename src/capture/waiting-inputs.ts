import type { PlannedInput } from "./inputs.js";
import type { FrameSink } from "./sink.js";

/**
 * Inputs that are not opened before those that are being read reach their time: of a thousand files that follow one
 * another only a few are open at once.
 */
export class WaitingInputs {
  /** The latest first. */
  readonly #waiting: PlannedInput[];
  readonly #begin: (input: PlannedInput) => void;

  constructor(inputs: readonly PlannedInput[], begin: (input: PlannedInput) => void) {
    this.#waiting = [...inputs].sort((a, b) => compare(b.first, a.first));
    this.#begin = begin;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whole second, since 1970, of the next input's first frame. */
  get next(): number {
    return this.#waiting.at(-1)?.first ?? Infinity;
  }

  /** Begins the next input, and those of the same time. */
  beginNext(): void {
    if (!this.isEmpty) this.beginUntil(this.next);
  }

  beginUntil(seconds: number): void {
    for (let input = this.#waiting.at(-1); input !== undefined; input = this.#waiting.at(-1)) {
      if (input.first > seconds) return;
      this.#waiting.pop();
      this.#begin(input);
    }
  }

  /** Hands frames on, and begins what waits before a frame that is later. */
  gate(sink: FrameSink): FrameSink {
    return new Gate(sink, this);
  }
}

class Gate implements FrameSink {
  constructor(
    private readonly sink: FrameSink,
    private readonly waiting: WaitingInputs,
  ) {}

  interface(...description: Parameters<FrameSink["interface"]>): void {
    this.sink.interface(...description);
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
    if (seconds >= this.waiting.next) this.waiting.beginUntil(seconds);
    this.sink.frame(bytes, view, offset, captured, original, seconds, nanos, interfaceIndex);
  }

  observedUntil(seconds: number, nanos: number, interfaceIndex: number): void {
    this.sink.observedUntil(seconds, nanos, interfaceIndex);
  }

  observedFrom(seconds: number, nanos: number, interfaceIndex: number): void {
    this.sink.observedFrom?.(seconds, nanos, interfaceIndex);
  }

  remark(...said: Parameters<NonNullable<FrameSink["remark"]>>): void {
    this.sink.remark?.(...said);
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
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

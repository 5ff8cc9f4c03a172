import type { CaptureInterface, FrameSink } from "../sink.js";
import { createPcapngWriter, IF_TSRESOL } from "../pcapng-writer.js";
import type { Recorder } from "./recorder.js";
import { Section } from "./section.js";

const writer = createPcapngWriter(true);
const NANOSECONDS = 9;

/** Hands everything on, and to a recorder: blocks of pcapng as they are, frames of other captures as such blocks. */
export class RecordingSink implements FrameSink {
  readonly #interfaces: CaptureInterface[] = [];
  /** Of the capture under way, which is not pcapng: its section, and the numbers of its interfaces in that. */
  #section: Section | null = null;
  readonly #numbers = new Map<number, number>();

  constructor(
    private readonly next: FrameSink,
    private readonly recorder: Recorder,
    private readonly program: string,
  ) {}

  begins(...capture: Parameters<NonNullable<FrameSink["begins"]>>): void {
    const [inBlocks] = capture;
    this.#section = inBlocks ? null : Section.by(this.program);
    this.#numbers.clear();
    if (this.#section !== null) this.recorder.begin(this.#section);
    this.next.begins?.(...capture);
  }

  interface(description: CaptureInterface): void {
    this.#interfaces[description.index] = description;
    this.#describe(description);
    this.next.interface(description);
  }

  watchedAgain(interfaceIndex: number): void {
    const description = this.#interfaces[interfaceIndex];
    if (description !== undefined) this.#describe(description);
    this.next.watchedAgain?.(interfaceIndex);
  }

  missed(): void {
    this.next.missed?.();
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
    const number = this.#numbers.get(interfaceIndex);
    const clock = this.#section?.interfaces[number ?? -1]?.clock;
    if (number !== undefined && clock !== undefined) {
      const frame = bytes.subarray(offset, offset + captured);
      this.#record(writer.enhancedPacket(number, clock.stampAt(seconds, nanos), frame, original));
    }
    this.next.frame(bytes, view, offset, captured, original, seconds, nanos, interfaceIndex);
  }

  blocks(...blocks: Parameters<NonNullable<FrameSink["blocks"]>>): void {
    this.recorder.blocks(...blocks);
    this.next.blocks?.(...blocks);
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

  #describe({ index, linkType, digits }: CaptureInterface): void {
    if (this.#section === null) return;
    this.#numbers.set(index, this.#section.interfaces.length);
    const resolution = digits === NANOSECONDS ? [writer.byteOption(IF_TSRESOL, NANOSECONDS)] : [];
    this.#record(writer.interfaceDescription(linkType, 0, resolution));
  }

  #record(block: Uint8Array): void {
    this.recorder.blocks(block, new DataView(block.buffer, block.byteOffset, block.length), 0, block.length, true);
  }
}

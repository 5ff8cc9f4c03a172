import type { BlockMemory } from "./capture/memory.js";
import type { RecordKind, RecordSieve } from "./capture/sieve.js";
import type { Presence } from "./lease/presence.js";
import type { SeenServers } from "./seen-servers.js";
import { mark } from "./sieve/filter.js";
import { createKernel, type Kernel, type RecordLoop } from "./sieve/kernel.js";
import { FILTER, LAST_STAMP, PASSED } from "./sieve/memory-layout.js";

/** The input whose frames are passed over. */
export interface SievedInput {
  /**
   * How far the last frame lies within its second, in nanoseconds, if others of its interface may be passed over: it is
   * Ethernet, and no frame before it was later. Else NaN.
   */
  nanosBefore(interfaceIndex: number): number;
  /** So many frames of that second came since, the last of them so many nanoseconds within it. */
  passed(frames: number, nanos: number): void;
}

/** See RecordSieve; null where there can be none. */
export function createInputSieve(
  memory: BlockMemory,
  presence: Presence,
  servers: SeenServers,
  input: SievedInput,
): RecordSieve | null {
  const kernel = createKernel(memory);
  return kernel === null ? null : new InputSieve(kernel, memory, presence, servers, input);
}

class InputSieve implements RecordSieve {
  passed = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Clients, and servers, that the filter has. */
  #clients = 0;
  #servers = 0;

  constructor(
    private readonly kernel: Kernel,
    memory: BlockMemory,
    private readonly presence: Presence,
    private readonly servers: SeenServers,
    private readonly input: SievedInput,
  ) {
    this.#bytes = new Uint8Array(memory.buffer);
    // Those of another input would stop it more often.
    this.#bytes.fill(0, FILTER, PASSED);
    this.#view = new DataView(memory.buffer);
  }

  pcap(at: number, end: number, seconds: number, fraction: number, kind: RecordKind): number {
    return this.#pass(this.kernel.pcap, at, end, seconds, fraction, kind);
  }

  pcapng(at: number, end: number, high: number, low: number, kind: RecordKind): number {
    return this.#pass(this.kernel.pcapng, at, end, high, low, kind);
  }

  #pass(loop: RecordLoop, at: number, end: number, high: number, low: number, kind: RecordKind): number {
    this.passed = 0;
    const nanos = this.input.nanosBefore(kind.interfaceIndex);
    // A second beyond 32 bits was not written so, but reckoned.
    if (Number.isNaN(nanos) || high > WORD) return at;
    this.#learn();
    const { nanosPerUnit } = kind;
    const last = low + kind.unitsPerSecond - 1 - nanos / nanosPerUnit;
    const stopped = loop(at, end, high, low, Math.min(last, WORD), kind.most);
    if (stopped === at) return at;
    this.passed = this.#view.getUint32(PASSED, true);
    this.input.passed(this.passed, nanos + (this.#view.getUint32(LAST_STAMP, true) - low) * nanosPerUnit);
    return stopped;
  }

  /** Who became known since. */
  #learn(): void {
    for (; this.#clients < this.presence.size; this.#clients += 1) {
      mark(this.#bytes, this.presence.lastOctets(this.#clients));
    }
    for (; this.#servers < this.servers.size; this.#servers += 1) {
      mark(this.#bytes, this.servers.octets(this.#servers));
    }
  }
}

const WORD = 0xffff_ffff;

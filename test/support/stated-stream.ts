import * as ng from "../../src/capture/pcapng-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { ARRIVAL_STAMPS, commentText, type Comment } from "../../src/capture/remarks.js";
import type { Inspection } from "../../src/findings/inspection.js";
import { Inspector } from "../../src/inspector.js";
import type { Wire } from "./script-frames.js";

const START = 1_700_000_000;
const ETHERNET = 1;
const writer = ng.createPcapngWriter(true);

interface Said {
  readonly from?: number;
  readonly until?: number;
  readonly dropped?: number;
  readonly comments?: readonly Comment[];
}

/** A pcapng stream as a live capture writes it: frames of a script, and what it says of its own watch. Times in seconds. */
export class StatedStream {
  readonly #blocks: Uint8Array[] = [];
  /** Number in the section of each interface that is watched, and since when. */
  readonly #watched = new Map<string, { readonly id: number; readonly from: number }>();
  #described = 0;

  constructor() {
    this.section();
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#blocks);
  }

  /** The capture begins anew. */
  section(): this {
    this.#described = 0;
    this.#watched.clear();
    return this.#add(writer.sectionHeader());
  }

  /** From then on these are watched. */
  watch(time: number, names: readonly string[] = ["tap0"], onArrival = false): this {
    for (const name of names) {
      const options = [writer.textOption(ng.IF_NAME, name)];
      if (onArrival) options.push(writer.textOption(ng.OPT_COMMENT, ARRIVAL_STAMPS));
      this.#add(writer.interfaceDescription(ETHERNET, 0, options));
      this.#watched.set(name, { id: this.#described, from: time });
      this.#described += 1;
      this.say(name, time, { from: time });
    }
    return this;
  }

  /** They are still watched; the steady clock shows `monotonic`. */
  beat(time: number, monotonic = time, names: readonly string[] = [...this.#watched.keys()]): this {
    for (const name of names) this.say(name, time, { until: time, comments: [{ kind: "clock", monotonic }] });
    return this;
  }

  gap(time: number, reason: string, name = "tap0"): this {
    this.say(name, time, { until: time, comments: [{ kind: "gap", reason }] });
    this.#watched.delete(name);
    return this;
  }

  say(name: string, time: number, { from, until, dropped, comments = [] }: Said): this {
    const watch = this.#watched.get(name);
    if (watch === undefined) throw new Error(`${name} is not watched`);
    const options = comments.map((comment) => writer.textOption(ng.OPT_COMMENT, commentText(comment)));
    options.push(writer.stampOption(ng.ISB_STARTTIME, stamp(from ?? watch.from)));
    if (until !== undefined) options.push(writer.stampOption(ng.ISB_ENDTIME, stamp(until)));
    if (dropped !== undefined) options.push(writer.numberOption(ng.ISB_OSDROP, BigInt(dropped)));
    return this.#add(writer.interfaceStatistics(watch.id, stamp(time), options));
  }

  /** Frames of a script; its points are these interfaces. */
  frames(frames: readonly Wire[], names: readonly string[] = ["tap0"]): this {
    for (const { time, point, bytes, original } of frames) {
      const { id } = this.#watched.get(names[point] ?? "") ?? { id: 0 };
      this.#add(writer.enhancedPacket(id, stamp(time), bytes, original));
    }
    return this;
  }

  /** The frames, each second a beat, from `from` to `to`. */
  seconds(from: number, to: number, frames: readonly Wire[], names: readonly string[] = ["tap0"]): this {
    for (let second = from; second < to; second += 1) {
      this.beat(second);
      this.frames(
        frames.filter(({ time }) => time >= second && time < Math.min(second + 1, to)),
        names,
      );
    }
    return this.beat(to);
  }

  /** What is found in it, in blocks of any size. */
  inspect(sizes: readonly number[] = [this.bytes.length]): Inspection {
    const inspector = new Inspector({ keepFrames: true, keepHealthy: true });
    const sink = inspector.input("capture.pcapng");
    const reader = createReader(sink);
    const { bytes } = this;
    for (let at = 0, round = 0; at < bytes.length; round += 1) {
      const size = sizes[round % sizes.length] ?? bytes.length;
      reader.feed(bytes.subarray(at, at + size));
      sink.blockEnd();
      inspector.drain();
      at += size;
    }
    reader.end();
    sink.end();
    return inspector.finish();
  }

  #add(block: Uint8Array): this {
    this.#blocks.push(block);
    return this;
  }
}

function stamp(time: number): bigint {
  return BigInt(START) * 1_000_000n + BigInt(Math.round(time * 1e6));
}

import {
  IF_NAME,
  IF_TSOFFSET,
  IF_TSRESOL,
  ISB_ENDTIME,
  ISB_IFDROP,
  ISB_IFRECV,
  ISB_OSDROP,
  ISB_STARTTIME,
  OPT_COMMENT,
  timeStamp,
  type PcapngOption,
  type PcapngWriter,
} from "../../src/capture/pcapng-writer.js";
import { recordingMarkText } from "../../src/capture/recording-mark.js";
import { ARRIVAL_STAMPS, CAPTURE_ENDED, commentText, type Comment } from "../../src/capture/remarks.js";
import type { Shot } from "./corpus.js";
import { hostileText } from "./hostile.js";
import type { Random } from "./random.js";

const OFFSETS = [0n, 0n, 3600n, -3600n, 2_000_000_000n, -1_700_000_000n, 8_640_000_000_000n, -8_640_000_000_000n, -1n];

/** What a pcapng file says beside its frames. */
export class Statements {
  readonly #random: Random;
  readonly #writer: PcapngWriter;
  readonly #digits: number;
  readonly #offset: bigint;
  /** Frames and losses so far, as the kernel counts them. */
  #received = 0;
  #dropped = 0;

  constructor(random: Random, writer: PcapngWriter) {
    this.#random = random;
    this.#writer = writer;
    this.#digits = random.pick([6, 6, 9, 9, 0, 3, 12]);
    this.#offset = random.oneIn(10) ? random.pick(OFFSETS) : 0n;
  }

  section(): Uint8Array {
    const random = this.#random;
    if (!random.oneIn(12)) return this.#writer.sectionHeader();
    const id = random.pick(["00000000000000aa", "0123456789abcdef", "0123456789ABCDEF"]);
    const text = recordingMarkText({ id, file: random.pick([0, 1, 2, 3, 4_000_000_000]) });
    return this.#writer.sectionHeader([this.#writer.textOption(OPT_COMMENT, text)]);
  }

  interface(linkType: number): Uint8Array {
    const random = this.#random;
    const writer = this.#writer;
    const options = [
      ...(this.#digits === 6 && random.oneIn(2) ? [] : [writer.byteOption(IF_TSRESOL, this.#digits)]),
      ...(this.#offset === 0n ? [] : [writer.numberOption(IF_TSOFFSET, this.#offset)]),
      ...(random.oneIn(2) ? [] : [{ code: IF_NAME, value: hostileText(random) }]),
      ...(random.oneIn(20) ? [writer.textOption(OPT_COMMENT, ARRIVAL_STAMPS)] : []),
    ];
    return writer.interfaceDescription(linkType, random.pick([0, 0, 96, 0x40000]), options);
  }

  stamp({ seconds, nanos }: Pick<Shot, "nanos"> & { readonly seconds: number }): bigint {
    return timeStamp(seconds, nanos, this.#digits);
  }

  /** Of an interface, around the time of a frame: when it was watched, what it lost, what befell it. */
  statistics(point: number, seconds: number): Uint8Array {
    const random = this.#random;
    const writer = this.#writer;
    const said = this.#near(seconds);
    this.#received += random.pick([0, 1, 10, 1000]);
    this.#dropped += random.pick([0, 0, 0, 1, 50]);
    const options: PcapngOption[] = [];
    if (random.oneIn(2)) options.push(writer.stampOption(ISB_STARTTIME, this.#stampAt(this.#near(seconds - 10))));
    if (!random.oneIn(4)) options.push(writer.stampOption(ISB_ENDTIME, this.#stampAt(this.#near(said))));
    if (random.oneIn(2)) options.push(writer.numberOption(ISB_IFRECV, BigInt(this.#received)));
    if (random.oneIn(3)) options.push(writer.numberOption(ISB_IFDROP, BigInt(this.#dropped)));
    if (random.oneIn(4)) options.push(writer.numberOption(ISB_OSDROP, BigInt(random.uint32()) << 16n));
    for (let comments = random.pick([0, 1, 1, 2]); comments > 0; comments -= 1) {
      options.push({ code: OPT_COMMENT, value: this.#comment(said) });
    }
    return writer.interfaceStatistics(point, this.#stampAt(said), options);
  }

  #comment(seconds: number): Uint8Array {
    const random = this.#random;
    if (random.oneIn(10)) return hostileText(random);
    return this.#writer.textOption(OPT_COMMENT, commentText(this.#remark(seconds))).value;
  }

  #remark(seconds: number): Comment {
    const random = this.#random;
    switch (random.below(5)) {
      case 0:
        return { kind: "clock", monotonic: random.oneIn(4) ? random.uint32() : seconds % 1e6 };
      case 1:
        return { kind: "stalled", from: this.#near(seconds - 5), to: this.#near(seconds) };
      case 2: {
        const share = (): number => random.pick([0, 0.1, 0.9, 1, 5]) * (seconds % 1e5);
        return { kind: "pressure", cpu: share(), io: share(), memory: share() };
      }
      case 3:
        return {
          kind: "heard",
          port: random.pick(["vnet0", "vnet1"]),
          macs: ["52:54:00:00:00:01", "52:54:00:00:00:02"],
        };
      default:
        return {
          kind: "gap",
          reason: random.pick([CAPTURE_ENDED, "interface gone", "\u001b[31m\u202egone", "x".repeat(300)]),
        };
    }
  }

  #near(seconds: number): number {
    return Math.max(0, seconds + this.#random.pick([0, 0, 0, 0.5, 1, 10, 1000, 1e6, -1, -50]));
  }

  #stampAt(seconds: number): bigint {
    return this.stamp({ seconds: Math.floor(seconds), nanos: Math.floor((seconds % 1) * 1e9) });
  }
}

import { AHEAD, BEHIND } from "../capture/pcap-chain.js";
import * as pcap from "../capture/pcap-layout.js";
import * as pcapng from "../capture/pcapng-layout.js";
import * as wasm from "./assembler.js";
import { LEAST_FRAME } from "./frame-test.js";
import { LAST_STAMP, PASSED } from "./memory-layout.js";

const { and, call, equal, get, int, leaveWhen, less, load32, minus, more, plus, set, store32, unequal, when } = wasm;

/** The place of FRAME_TEST among the functions. */
const IS_OF_NO_USE = 0;

// Parameters: where records begin and end; the upper word that their stamps must have, and from where to where the lower
// one may lie; RecordKind.most.
const AT = 0;
const END = 1;
const HIGH = 2;
const FROM = 3;
const TO = 4;
const MOST = 5;
// Variables.
const LOW = 6;
const CAPTURED = 7;
const NEXT = 8;
const COUNT = 9;
// Of the record passed over last: where it begins, and the lower word of the stamp before its own.
const LEFT = 10;
const EARLIER = 11;

/** Where a record's numbers stand, from its beginning; of 32 bits each, in little-endian order. */
interface Layout {
  readonly high: number;
  readonly low: number;
  readonly captured: number;
  readonly frame: number;
  /** What stands behind the frame, at least. */
  readonly behind: number;
}

/**
 * The body of a loop over records, which gives back where the first one begins that it did not pass over, and leaves in
 * memory how many those were, and the lower word of the last one's stamp.
 *
 * @param next where the next record begins
 * @param lies leaves the loop at a record that is not as usual; all of it is there
 * @param settled ALL, or that only if what it stopped at shows that the record before it is not cut: else that one is not
 *   passed over
 */
function recordLoop(at: Layout, next: wasm.Code, lies: readonly wasm.Code[], settled: wasm.Code): wasm.Code {
  return [
    set(LEFT, get(AT)),
    set(EARLIER, get(FROM)),
    wasm.loop(
      leaveWhen(less(minus(get(END), get(AT)), int(at.frame + at.behind))),
      leaveWhen(unequal(load32(get(AT), at.high), get(HIGH))),
      set(LOW, load32(get(AT), at.low)),
      leaveWhen(less(get(LOW), get(FROM))),
      leaveWhen(more(get(LOW), get(TO))),
      set(CAPTURED, load32(get(AT), at.captured)),
      leaveWhen(less(get(CAPTURED), int(LEAST_FRAME))),
      // What follows is then no sum beyond 32 bits.
      leaveWhen(more(get(CAPTURED), minus(get(END), get(AT)))),
      set(NEXT, next),
      leaveWhen(more(get(NEXT), get(END))),
      ...lies,
      leaveWhen(equal(call(IS_OF_NO_USE, plus(get(AT), int(at.frame))), int(0))),
      set(LEFT, get(AT)),
      set(EARLIER, get(FROM)),
      set(FROM, get(LOW)),
      set(AT, get(NEXT)),
      set(COUNT, plus(get(COUNT), int(1))),
    ),
    settled,
    store32(int(PASSED), minus(get(COUNT), unequal(get(LEFT), get(AT)))),
    store32(int(LAST_STAMP), get(EARLIER)),
    get(LEFT),
  ].join("");
}

/** Everything up to where it stopped is passed over. */
const ALL = set(LEFT, get(AT)) + set(EARLIER, get(FROM));

const PCAP = {
  high: pcap.SECONDS,
  low: pcap.FRACTION,
  captured: pcap.CAPTURED,
  frame: pcap.RECORD_HEADER_BYTES,
  behind: 0,
};

export const PCAP_LOOP: wasm.WasmFunction = {
  name: "pcap",
  parameters: 6,
  variables: 6,
  body: () =>
    recordLoop(
      PCAP,
      plus(get(AT), plus(int(PCAP.frame), get(CAPTURED))),
      [leaveWhen(unequal(get(CAPTURED), load32(get(AT), pcap.ORIGINAL))), leaveWhen(more(get(CAPTURED), get(MOST)))],
      when(
        equal(less(minus(get(END), get(AT)), int(PCAP.frame)), int(0)),
        set(CAPTURED, load32(get(AT), pcap.CAPTURED)),
        when(
          [
            equal(get(CAPTURED), load32(get(AT), pcap.ORIGINAL)),
            // Of no length is none.
            less(minus(get(CAPTURED), int(1)), get(MOST)),
            less(minus(load32(get(AT), pcap.SECONDS), plus(get(HIGH), int(BEHIND))), int(AHEAD - BEHIND)),
            equal(more(load32(get(AT), pcap.FRACTION), get(TO)), int(0)),
          ].reduce(and),
          ALL,
        ),
      ),
    ),
};

const PCAPNG = {
  high: pcapng.STAMP_HIGH,
  low: pcapng.STAMP_LOW,
  captured: pcapng.CAPTURED,
  frame: pcapng.PACKET_DATA,
  behind: 4,
};

export const PCAPNG_LOOP: wasm.WasmFunction = {
  name: "pcapng",
  parameters: 6,
  variables: 6,
  body: () => {
    // Without options; the frame is padded to 32 bits.
    const total = plus(int(pcapng.ENHANCED_PACKET_BYTES), and(plus(get(CAPTURED), int(3)), int(~3)));
    return recordLoop(
      PCAPNG,
      plus(get(AT), total),
      [
        leaveWhen(unequal(load32(get(AT)), int(pcapng.ENHANCED_PACKET))),
        leaveWhen(unequal(load32(get(AT), pcapng.TOTAL_LENGTH), total)),
        leaveWhen(unequal(load32(minus(get(NEXT), int(4))), total)),
        // An interface that is not described.
        leaveWhen(equal(less(load32(get(AT), pcapng.BODY), get(MOST)), int(0))),
      ],
      ALL,
    );
  },
};

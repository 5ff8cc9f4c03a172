import type { Complaint } from "./blocks-input.js";
import { findChain, Found } from "./chain.js";
import { followed } from "./followed.js";
import { captureStart, FILE_HEADER_BYTES, Start } from "./magic.js";
import { MAX_FRAME_BYTES } from "./parser.js";
import { isOutOfPlace, isTimely, type PcapChainRule, type RecordHeader } from "./pcap-chain.js";
import type { PcapLayout } from "./pcap-layout.js";

/** How the records of one pcap or snoop file are told. */
export interface PcapRules {
  readonly layout: PcapLayout;
  readonly rule: PcapChainRule;
}

/** What a second look at a doubtful record header says. */
export type Judgement =
  | { readonly is: "sound" | "untimed" | "other-file" }
  | { readonly is: "lie"; readonly complaint: Complaint }
  /** Bytes needed from the header on to tell. */
  | { readonly is: "wait"; readonly needed: number };

const SOUND: Judgement = { is: "sound" };
const UNTIMED: Judgement = { is: "untimed" };
const ZEROS = "The header of a packet record is nothing but zeros.";
const OTHER_FILE: Judgement = { is: "other-file" };

/**
 * Takes a second look at a record header that is not as usual, by what follows it. A length that lies has a sound
 * chain of records within what it claims; a time that lies has neighbours that agree with each other.
 *
 * @param last nothing follows `end`
 * @param lastSeconds time of the last record that can be believed; NaN: there was none
 */
export function judge(
  { layout, rule }: PcapRules,
  view: DataView,
  at: number,
  end: number,
  last: boolean,
  record: RecordHeader,
  lastSeconds: number,
): Judgement {
  const { headerBytes, unitsPerSecond } = layout;
  const { captured, original, seconds, fraction } = record;
  const start = captureStart(view, at, end);
  if (start === Start.MORE && !last) return wait(FILE_HEADER_BYTES);
  if (start !== Start.NO) return OTHER_FILE;
  const timely = isTimely(seconds, lastSeconds);
  if (!timely) {
    const rest = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(end - at, FILE_HEADER_BYTES));
    const other = followed(rest, "uncompressed");
    if (other !== null) return { is: "lie", complaint: other };
  }
  if (captured > MAX_FRAME_BYTES) {
    return lie(`A packet record announces a frame of ${captured} bytes; a frame has ${MAX_FRAME_BYTES} at most.`);
  }
  if (rule.isZero(view, at)) return lie(ZEROS);
  if (captured === 0 && original === 0) {
    // Of no frame, and nothing follows: it is where a hole begins.
    if (end - at < 2 * headerBytes) {
      if (!last) return wait(2 * headerBytes);
    } else if (rule.isZero(view, at + headerBytes)) {
      return lie(ZEROS);
    }
  }
  const whole = captured === original || rule.isCut(captured, original);
  const usual = captured <= rule.limit && whole && fraction < unitsPerSecond;
  // The first record of all has nothing but what follows it to vouch for it.
  if (timely && usual && !Number.isNaN(lastSeconds)) return SOUND;

  const size = rule.size(captured);
  const next = at + size;
  if (end - next < headerBytes) return last ? SOUND : wait(size + headerBytes);
  if (timely && !Number.isNaN(lastSeconds)) {
    if (rule.mayFollow(view, next, seconds)) return SOUND;
  } else {
    const chain = rule.leadsOn(view, next, end, usual, last);
    if (chain === Found.MORE) return wait(end - at + 1);
    if (chain === Found.HERE) {
      return isOutOfPlace(seconds, lastSeconds, rule.seconds(view, next)) ? UNTIMED : SOUND;
    }
  }
  const following = captureStart(view, next, end);
  if (following === Start.MORE && !last) return wait(size + FILE_HEADER_BYTES);
  if (following !== Start.NO) return SOUND;
  if (end - next < rule.window && !last) return wait(size + rule.window);
  rule.lastSeconds = lastSeconds;
  if (findChain(rule, view, at + 1, next, end, last).found === Found.HERE) {
    return lie(`A packet record announces a frame of ${captured} bytes, but others begin within it.`);
  }
  return timely ? SOUND : lie("A packet record fits neither what precedes it nor what follows it.");
}

function lie(sentence: string): Judgement {
  return { is: "lie", complaint: { code: "bad-length", sentence } };
}

function wait(needed: number): Judgement {
  return { is: "wait", needed };
}

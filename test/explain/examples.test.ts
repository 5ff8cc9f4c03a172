import { describe, expect, it } from "vitest";
import type { Code, Example } from "../../src/explain/page.js";
import { PAGES } from "../../src/explain/pages.js";
import { add, recorded, type Recorded } from "./recording.js";

/** What an example has to say: its lines, and words that its text must contain. */
interface Truth {
  readonly lines: readonly string[];
  readonly words: readonly string[];
}

type At = (number: number) => Recorded;

const hex = (value: number): string => value.toString(16).padStart(4, "0");
const sum = (...values: readonly number[]): string => `${values.map(hex).join(" + ")} = ${hex(add(...values))}`;
const pseudo = ({ pseudoWords }: Recorded): string => sum(...pseudoWords);
const right = (frame: Recorded): number => 0xffff - add(frame.pseudo, frame.rest);
const [DISCOVER, OFFER, REQUEST, ACK, NAK] = [1, 2, 3, 5, 6];

/** "11:02:25.503 - 11:02:21.593 = 3.910 s", with the digits of the times cut to so many. */
function apart(earlier: Recorded, later: Recorded, digits: 3 | 6 = 3): string {
  const unit = 10n ** BigInt(6 - digits);
  const [from, to] = [earlier.time / unit, later.time / unit];
  const clock = ({ time }: Recorded): string =>
    `${new Date(Number(time / 1000n)).toISOString().slice(11, 19)}.${String(time % 1_000_000n)
      .padStart(6, "0")
      .slice(0, digits)}`;
  return `${clock(later)} - ${clock(earlier)} = ${(Number(to - from) / 10 ** digits).toFixed(digits)} s`;
}

/** Each message asked for, with its type checked. */
function typed(at: At, types: Readonly<Record<number, number | undefined>>): Recorded[] {
  return Object.entries(types).map(([number, type]) => {
    const frame = at(Number(number));
    expect(frame.type, `frame ${number}`).toBe(type);
    return frame;
  });
}

const TRUTH: Readonly<Partial<Record<Code, (at: At, all: readonly Recorded[]) => Truth>>> = {
  "offload-partial": (at) => {
    const [ack, offer] = typed(at, { 10: ACK, 72: OFFER });
    if (ack === undefined || offer === undefined) throw new Error();
    expect(offer.stored).toBe(right(offer));
    return {
      lines: [pseudo(ack), `${hex(right(ack))} is the complete sum`],
      words: [
        `carries 0x${hex(ack.stored)}`,
        `from ${ack.src} to ${ack.dst}`,
        `length ${ack.udpLength} (hex ${ack.udpLength.toString(16)})`,
      ],
    };
  },
  "checksum-bad": (at) => {
    const frames = [14, 16, 20, 24, 26].map(at);
    for (const frame of frames) expect(add(right(frame), 0x4000)).toBe(frame.stored);
    const first = at(14);
    return {
      lines: [sum(right(first), 0x4000)],
      words: [`carries 0x${hex(first.stored)} where 0x${hex(right(first))} is right`],
    };
  },
  "reply-ignored": (at) => {
    const [before, offer, after] = typed(at, { 28: DISCOVER, 29: OFFER, 30: DISCOVER });
    if (before === undefined || offer === undefined || after === undefined) throw new Error();
    expect(after.xid).toBe(before.xid);
    return {
      lines: [sum(offer.pseudo, offer.rest), sum(add(offer.pseudo, offer.rest), offer.stored), apart(before, after)],
      words: [`0x${hex(offer.stored)}`],
    };
  },
  "not-delivered": (_, all) => {
    const replies = all.filter(({ srcPort }) => srcPort === 67).length;
    const there = recorded("pcaps/s11-two-points/tap.pcap").filter((frame) => frame?.srcPort === 67).length;
    return {
      lines: [`${replies} - ${there} = ${replies - there}`],
      words: [`${replies} replies`, `the same time ${there}:`],
    };
  },
  "no-reply": (at, all) => {
    const asked = typed(at, { 9: REQUEST, 12: REQUEST, 13: REQUEST, 16: REQUEST, 19: REQUEST, 22: DISCOVER });
    expect(asked.slice(0, 4).map(({ dst }) => dst)).toEqual(Array(4).fill("10.8.12.1"));
    expect(at(19).dst).toBe("255.255.255.255");
    expect(all.filter(({ srcPort }) => srcPort === 67)).toEqual([]);
    return { lines: [apart(at(9), at(22))], words: [] };
  },
  "late-reply": (at) => {
    typed(at, { 15: REQUEST, 33: REQUEST, 34: DISCOVER, 37: ACK, 49: ACK });
    expect(at(49).time - at(37).time).toBeLessThan(1000n);
    return { lines: [apart(at(15), at(37)), apart(at(33), at(49))], words: [] };
  },
  "request-partial": (at) => {
    typed(at, { 9: REQUEST, 10: ACK });
    return {
      lines: [pseudo(at(9)), apart(at(9), at(10))],
      words: [`from ${at(9).src} to ${at(9).dst}, carries 0x${hex(at(9).stored)}`],
    };
  },
  "unicast-blocked": (at, all) => {
    typed(at, { 13: REQUEST, 24: REQUEST, 25: REQUEST, 26: ACK });
    const unicast = all.filter(({ time, dst }) => time >= at(13).time && time <= at(24).time && dst === "10.9.0.1");
    expect(unicast).toHaveLength(8);
    expect(all.filter(({ time, srcPort }) => srcPort === 67 && time > at(13).time && time < at(25).time)).toEqual([]);
    return { lines: [apart(at(13), at(25)), apart(at(25), at(26))], words: ["eight REQUESTs to 10.9.0.1", at(26).src] };
  },
  nak: (at) => {
    typed(at, { 11: REQUEST, 12: NAK, 13: DISCOVER });
    expect(at(12).stored).toBe(at(12).pseudo);
    expect(at(12).dst).toBe("255.255.255.255");
    return {
      lines: [apart(at(11), at(12), 6), apart(at(12), at(13), 6)],
      words: [`renews ${at(11).ciaddr}`, `"${at(12).message ?? ""}"`],
    };
  },
  "partial-seen": (at) => {
    typed(at, { 12: ACK, 17: REQUEST });
    return {
      lines: [pseudo(at(12))],
      words: [`carries 0x${hex(at(12).stored)}`, `from ${at(12).src} to ${at(12).dst}`],
    };
  },
  good: (at) => complete(at(4), at(4).stored),
  absent: (at) => {
    expect(at(4).stored).toBe(0);
    return complete(at(4), right(at(4)));
  },
  partial: (at) => ({ lines: [pseudo(at(12))], words: [`carries 0x${hex(at(12).stored)}`] }),
  bad: (at) => {
    expect(at(14).stored).not.toBe(right(at(14)));
    return complete(at(14), right(at(14)));
  },
  unverified: (at) => {
    const { udpAt, udpLength, captured } = at(10);
    const end = udpAt + udpLength;
    return {
      lines: [`${udpAt} + ${udpLength} = ${end}`, `${end} - ${captured} = ${end - captured}`],
      words: [`with ${captured} bytes`, `at byte ${udpAt}`, `${end - captured} bytes are missing`],
    };
  },
  "no-pseudo-header": (at) => {
    // What the kernel would have made of the frame: header and data summed over a field that holds 0.
    expect(0xffff - at(10).rest).toBe(add(right(at(10)), at(10).pseudo));
    return {
      lines: [sum(right(at(10)), at(10).pseudo)],
      words: [`pseudo-header ${hex(at(10).pseudo)}`, `carry ${hex(0xffff - at(10).rest)}`],
    };
  },
  "header-only": (at) => {
    const { pseudo: over, srcPort, dstPort, udpLength } = at(10);
    const header = add(over, srcPort, dstPort, udpLength);
    return {
      lines: [sum(over, srcPort, dstPort, udpLength), sum(header, 0xffff - header)],
      words: [hex(0xffff - header)],
    };
  },
  "bit-flip": (at) => ({
    lines: [sum(right(at(24)), 0x4000)],
    words: [`carries ${hex(at(24).stored)} where ${hex(right(at(24)))} is right`],
  }),
  "looks-partial": (at) => {
    expect(at(10).captured).toBeLessThan(at(10).original);
    return {
      lines: [pseudo(at(10))],
      words: [`${at(10).captured} of ${at(10).original} bytes`, `0x${hex(at(10).stored)}`],
    };
  },
  "lease-time": (at) => {
    const silence = Number(at(37).time / 1000n - at(15).time / 1000n) / 1000;
    const window = (silence + 65).toFixed(3);
    return {
      lines: [apart(at(15), at(37)), `${silence} + 65 = ${window}`, `2 * ${window} = ${2 * Number(window)}`],
      words: [`${Math.ceil((2 * Number(window)) / 60)} min`],
    };
  },
  check: (at) => {
    const tap = recorded("pcaps/q02-virtio-partial-drop/tap.pcap")[25];
    if (tap === undefined || tap === null) throw new Error();
    typed(at, { 25: OFFER });
    expect([tap.xid, tap.stored]).toEqual([at(25).xid, right(at(25))]);
    expect(at(25).stored).toBe(at(25).pseudo);
    return { lines: [pseudo(at(25))], words: [`carries ${hex(at(25).stored)}`, `${hex(tap.stored)}, which is right`] };
  },
  collisions: (_, all) => {
    const offloaded = all.filter(({ type, ciaddr }) => type === REQUEST && ciaddr !== "0.0.0.0");
    // The bits of UDP and IP in what Linux' 8139cp reads as the collision count: bits 16 to 19 of the descriptor.
    const each = ((1 << 17) | (1 << 18)) >> 16;
    return {
      lines: [`${offloaded.length} * ${each} = ${offloaded.length * each}`, "224253 - 223971 = 282"],
      words: ["30 collisions"],
    };
  },
};

function complete(frame: Recorded, value: number): Truth {
  const total = add(frame.pseudo, frame.rest);
  return { lines: [sum(frame.pseudo, frame.rest), sum(total, value)], words: [hex(frame.stored)] };
}

const EXAMPLES = Object.entries(PAGES).flatMap(([code, { example }]) => (example === null ? [] : [{ code, example }]));

describe("the example of", () => {
  it.each(EXAMPLES)("$code is what its recording says", ({ code, example }) => {
    const truth = truthOf(code, example);
    expect(example.lines).toEqual(truth.lines);
    for (const word of truth.words) expect(`${example.says} ${example.so}`).toContain(word);
  });
});

function truthOf(code: string, { capture }: Example): Truth {
  const [, check] = Object.entries(TRUTH).find(([known]) => known === code) ?? [];
  if (check === undefined) throw new Error(`nothing checks the example of ${code}`);
  const frames = recorded(capture);
  const at: At = (number) => {
    const frame = frames[number];
    if (frame === undefined || frame === null) throw new Error(`frame ${number} of ${capture} is no UDP`);
    return frame;
  };
  return check(
    at,
    frames.filter((frame) => frame !== null),
  );
}

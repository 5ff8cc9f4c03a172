import { describe, expect, it } from "vitest";
import { ipv4Checksum } from "../../src/checksum/ipv4.js";
import { udpChecksum } from "../../src/checksum/udp.js";
import { decodeEthernet, decodeFirstFragment } from "../../src/wire/decode.js";
import { ETHERNET } from "../../src/wire/ethernet.js";
import { Fragments, LIFETIME, MOST_DATAGRAMS, MOST_UNKNOWN } from "../../src/wire/fragments.js";
import { cutUp, fragmentOf, message, show } from "./fragment-frames.js";
import { udp, zeros } from "./packets.js";

const datagram = message(600);

describe("a datagram in fragments", () => {
  it("is whole with the last that comes, in any order", () => {
    const pieces = cutUp(datagram, [256, 512]);
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0, 2],
    ]) {
      const fragments = new Fragments<number>();
      const results = order.map((index) => show(fragments, pieces[index]));
      expect(results.map((whole) => whole === null)).toEqual([true, true, false]);
      const whole = results[2] ?? null;
      if (whole === null) throw new Error("not completed");
      const frame = decodeEthernet(whole.bytes, whole.original);
      expect([...whole.bytes.subarray(34)]).toEqual(datagram);
      expect(frame.stopped).toBeNull();
      expect(frame.dhcp?.type).toBe(5);
      expect(frame.ip).toMatchObject({ totalLength: 20 + datagram.length, moreFragments: false, fragmentOffset: 0 });
      expect(udpChecksum(frame)?.verdict).toBe("good");
      expect(ipv4Checksum(frame)?.verdict).toBe("good");
      expect(whole.reassembled).toEqual({ fragments: 3, overlapped: false });
      expect(fragments.flush()).toEqual([]);
    }
  });

  it("keeps a wrong header checksum wrong, and an absent one absent", () => {
    for (const [spoil, verdict] of [
      [(sum: number) => sum ^ 0x0100, "bad"],
      [() => 0, "absent"],
    ] as const) {
      const fragments = new Fragments<number>();
      const [first, last] = cutUp(datagram, [256]).map((piece) => fragmentOf({ ...piece, sum: spoil }));
      if (first === undefined || last === undefined) throw new Error("no fragments");
      fragments.add({ ...place, bytes: first, original: first.length, context: 1 });
      const whole = fragments.add({ ...place, bytes: last, original: last.length, context: 2 });
      expect(ipv4Checksum(decodeEthernet(whole?.bytes ?? first, 0))?.verdict).toBe(verdict);
    }
  });

  it("counts repeated fragments and notes no overlap", () => {
    const [first, last] = cutUp(datagram, [256]);
    const fragments = new Fragments<number>();
    expect(show(fragments, first)).toBeNull();
    expect(show(fragments, first)).toBeNull();
    expect(show(fragments, last)?.reassembled).toEqual({ fragments: 3, overlapped: false });
  });

  it("keeps what came first where fragments differ, and notes it", () => {
    const pieces = cutUp(datagram, [256]);
    const [first, last] = pieces;
    if (first === undefined || last === undefined) throw new Error("no fragments");
    const other = { ...last, bytes: last.bytes.map((octet) => octet ^ 0xff) };
    const fragments = new Fragments<number>();
    show(fragments, last);
    show(fragments, other);
    const whole = show(fragments, first);
    expect([...(whole?.bytes.subarray(34) ?? [])]).toEqual(datagram);
    expect(whole?.reassembled).toEqual({ fragments: 3, overlapped: true });
  });

  it("notes fragments that overlap without a difference", () => {
    const fragments = new Fragments<number>();
    show(fragments, { start: 0, bytes: datagram.slice(0, 264), last: false });
    const whole = show(fragments, { start: 256, bytes: datagram.slice(256), last: true });
    expect(whole?.reassembled.overlapped).toBe(true);
    expect([...(whole?.bytes.subarray(34) ?? [])]).toEqual(datagram);
  });

  it("that was cut by the capture is cut where the first bytes are missing", () => {
    const [first, middle, last] = cutUp(datagram, [256, 512]);
    const fragments = new Fragments<number>();
    show(fragments, first);
    show(fragments, middle, { captured: 100 });
    const whole = show(fragments, last);
    const length = 34 + datagram.length;
    expect(whole?.original).toBe(length);
    const frame = decodeEthernet(whole?.bytes ?? new Uint8Array(), length);
    // The captured octets of the fragment, as far as they are whole units of eight.
    expect(whole?.bytes.length).toBe(34 + 256 + Math.floor((100 - 34) / 8) * 8);
    expect(udpChecksum(frame)?.verdict).toBe("unverified");
    expect(frame.dhcp).toMatchObject({ type: 5, cut: true });
  });

  it("longer than a datagram can be is never made", () => {
    const fragments = new Fragments<number>();
    show(fragments, { start: 0, bytes: datagram.slice(0, 256), last: false });
    for (let start = 256; start < 65_528; start += 1024) {
      expect(show(fragments, { start, bytes: zeros(1024), last: start + 1024 >= 65_528 })).toBeNull();
    }
    expect(fragments.flush()).toHaveLength(1);
  });
});

const place = { ip: 14, scope: 0, tags: 0, time: 100 };

describe("fragments that do not belong together", () => {
  const [first, last] = cutUp(datagram, [256]);

  it.each([
    ["identification", { id: 8 }],
    ["source", { src: 1 }],
    ["destination", { dst: 2 }],
    ["VLAN", { tags: 30 }],
    ["capture point", { scope: 1 }],
  ])("by their %s", (_, other) => {
    const fragments = new Fragments<number>();
    show(fragments, first);
    expect(show(fragments, last, other)).toBeNull();
    expect(show(fragments, last)).not.toBeNull();
  });

  it("by their time", () => {
    const fragments = new Fragments<number>();
    show(fragments, first, { time: 100 });
    expect(show(fragments, last, { time: 100 + LIFETIME + 1 })).toBeNull();
    expect(fragments.overdue(200)).toHaveLength(1);
    expect(show(new Fragments<number>(), last, { time: 100 })).toBeNull();
  });

  it("are put together without time stamps", () => {
    const fragments = new Fragments<number>();
    show(fragments, first, { time: NaN });
    expect(fragments.overdue(1e12)).toEqual([]);
    expect(show(fragments, last, { time: NaN })).not.toBeNull();
  });
});

describe("a first fragment whose others do not come", () => {
  const [first, last] = cutUp(datagram, [256]);

  it("is told once: when it is overdue, or at the end", () => {
    const fragments = new Fragments<number>();
    show(fragments, first, { context: 7 });
    expect(fragments.oldestWaiting).toBe(100);
    expect(fragments.overdue(100)).toEqual([]);
    expect(fragments.overdue(100.5).map(({ context }) => context)).toEqual([7]);
    expect(fragments.oldestWaiting).toBe(Infinity);
    expect(fragments.flush()).toEqual([]);
    expect(show(fragments, last)).not.toBeNull();
    show(fragments, first, { id: 9, context: 8 });
    expect(fragments.flush().map(({ context }) => context)).toEqual([8]);
  });

  it("shows its message, and that the rest is missing", () => {
    if (first === undefined) throw new Error("no fragment");
    const bytes = fragmentOf(first);
    const frame = decodeFirstFragment(ETHERNET, bytes, bytes.length);
    expect(frame.stopped).toEqual({ layer: "ip-fragment", offset: 34 + 256, needed: datagram.length, had: 256 });
    expect(frame.dhcp).toMatchObject({ type: 5, cut: true });
    expect(udpChecksum(frame)?.verdict).toBe("unverified");
  });

  it("is not told if it repeats one that was completed", () => {
    const fragments = new Fragments<number>();
    show(fragments, first);
    show(fragments, last);
    expect(show(fragments, first)).toBeNull();
    expect(fragments.flush()).toEqual([]);
    // A mirror port shows the whole datagram twice, as it does datagrams in one piece.
    expect(show(fragments, last)).not.toBeNull();
  });
});

describe("what is no DHCP", () => {
  const nfs = udp(zeros(3000), { src: 700, dst: 2049 });

  it("is foreign from its first fragment on", () => {
    const fragments = new Fragments<number>();
    const pieces = cutUp(nfs, [1480, 2960]);
    expect(pieces.map((piece) => show(fragments, piece, { mayBeForeign: true }))).toEqual([
      "foreign",
      "foreign",
      "foreign",
    ]);
  });

  it("is foreign to each of many guests at once", () => {
    const fragments = new Fragments<number>();
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const pieces = cutUp(nfs, [1480]);
    const told = pieces.flatMap((piece) => ids.map((id) => show(fragments, piece, { id, mayBeForeign: true })));
    // Each has one place in a small table: some lose it to others and are looked at more closely.
    expect(told.filter((answer) => answer === "foreign").length).toBeGreaterThan(350);
  });

  it("does not take the name from a later message", () => {
    const fragments = new Fragments<number>();
    const [foreign] = cutUp(nfs, [1480]);
    const [first, last] = cutUp(datagram, [256]);
    expect(show(fragments, foreign, { mayBeForeign: true })).toBe("foreign");
    expect(show(fragments, first)).toBeNull();
    expect(show(fragments, last)).not.toBeNull();
  });

  it("cannot drive DHCP out, whichever of its fragments come first", () => {
    const fragments = new Fragments<number>();
    const [first, last] = cutUp(datagram, [256]);
    show(fragments, first);
    const [, later] = cutUp(nfs, [1480]);
    for (let id = 1000; id < 1000 + 10 * MOST_UNKNOWN; id += 1) show(fragments, later, { id, mayBeForeign: true });
    expect(show(fragments, last)).not.toBeNull();
  });
});

describe("the tables are of fixed size", () => {
  const [first, last] = cutUp(datagram, [256]);

  it("the oldest first fragment has to go, and is told", () => {
    const fragments = new Fragments<number>();
    for (let id = 0; id <= MOST_DATAGRAMS; id += 1) show(fragments, first, { id, context: id });
    expect(fragments.overdue(0).map(({ context }) => context)).toEqual([0]);
    expect(show(fragments, last, { id: 0 })).toBeNull();
    expect(show(fragments, last, { id: 1 })).not.toBeNull();
  });

  it("the oldest later fragment has to go, silently", () => {
    const fragments = new Fragments<number>();
    for (let id = 0; id <= MOST_UNKNOWN; id += 1) show(fragments, last, { id });
    expect(show(fragments, first, { id: 0 })).toBeNull();
    expect(show(fragments, first, { id: 1 })).not.toBeNull();
    expect(fragments.flush()).toHaveLength(1);
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { told } from "../scenarios/recordings.js";
import { describeWithShared } from "../support/shared.js";
import { cutUp, fragmentOf, message, type Piece } from "../wire/fragment-frames.js";
import { arp, CLIENT, ethernet, SERVER, udp, zeros } from "../wire/packets.js";
import { readTable } from "../wire/tshark-table.js";
import { inspect, sorted, type Stamped, type Told } from "./captures.js";

describeWithShared("self_frag_dnsmasq_bigoptions, frame by frame as tshark has it", (shared) => {
  it("every message is told with the frame that completes it", async () => {
    const name = "self_frag_dnsmasq_bigoptions.pcap";
    const { frames } = sorted(await told(join(shared, "corpus/captures", name)));
    const rows = readTable(join(shared, "corpus/truth", `${name}.tsv`));
    const word = (value: number | null): string => `0x${(value ?? 0).toString(16).padStart(4, "0")}`;
    expect(
      frames.map(({ frame, udp: header, dhcp, ip, stopped, link }) => ({
        frame,
        mac: [link.src, link.dst],
        addresses: [ip?.src, ip?.dst],
        header: ip?.checksum?.verdict,
        sums: [header?.checksum.verdict, header?.checksum.stored, header?.checksum.expected],
        xid: dhcp?.xid,
        secs: dhcp?.secs,
        lease: dhcp?.leaseTime,
        t1: dhcp?.t1,
        stopped,
      })),
    ).toEqual(
      rows.map((row) => ({
        frame: row.number,
        mac: [row.text("eth.src"), row.text("eth.dst")],
        addresses: [row.text("ip.src"), row.text("ip.dst")],
        header: "good",
        sums: [
          row.text("udp_checksum_class"),
          word(row.integer("udp.checksum")),
          word(row.integer("udp.checksum_calculated")),
        ],
        xid: row.text("dhcp.id"),
        secs: row.integer("dhcp.secs"),
        lease: row.integer("dhcp.option.ip_address_lease_time"),
        t1: row.integer("dhcp.option.renewal_time_value"),
        stopped: null,
      })),
    );
  });
});

const START = 1_700_000_000;
const payload = message(600);
const quiet = (time: number): Stamped => ({ time: START + time, bytes: ethernet(arp(1, CLIENT, SERVER), 0x0806) });

function fragmentsAt(times: readonly number[], id: number): Stamped[] {
  return cutUp(payload, [256, 512]).flatMap((piece, index) => {
    const time = times[index];
    return time === undefined ? [] : [{ time: START + time, bytes: fragmentOf(piece, { id }) }];
  });
}

const whole = (time: number, id: number): Stamped => ({
  time: START + time,
  bytes: fragmentOf({ start: 0, bytes: payload, last: true }, { id }),
});

describe("a first fragment that lacks the others", () => {
  it.each([
    ["at the end", [...fragmentsAt([0, 0.001], 7)]],
    ["as time goes on", [...fragmentsAt([0, 0.001], 7), quiet(1), quiet(5)]],
  ])("is told %s, with what is missing", (_, frames) => {
    const seen = inspect(1, frames);
    expect(seen.frames).toHaveLength(1);
    expect(seen.frames[0]).toMatchObject({
      frame: 1,
      udp: { checksum: { verdict: "unverified" } },
      dhcp: { message: "ACK" },
      stopped: { layer: "ip-fragment", offset: 34 + 256, needed: payload.length, had: 256 },
    });
    expect(seen.findings.map(({ code }) => code)).not.toContain("malformed");
  });

  it("is told in its turn, however the input is cut into blocks", () => {
    const frames = [
      whole(-3, 1),
      ...fragmentsAt([0], 7),
      whole(0.3, 2),
      whole(0.9, 3),
      ...fragmentsAt([1.2, 1.3, 1.4], 8),
      quiet(1.9),
      whole(2.5, 4),
      quiet(9),
    ];
    const expected = inspect(1, frames);
    expect(expected.frames.map(({ frame }) => frame)).toEqual([1, 2, 3, 4, 7, 9]);
    for (const block of [1, 61, 400, 4096]) expect(inspect(1, frames, block).all).toEqual(expected.all);
  });

  it("is not told if the others come late", () => {
    const seen = inspect(1, [...fragmentsAt([0, 0.1, 0.4], 7), quiet(5)]);
    expect(seen.frames.map(({ frame, stopped }) => [frame, stopped])).toEqual([[3, null]]);
  });
});

describe("fragments of one message", () => {
  const [first, ...others] = cutUp(payload, [256, 512]);
  if (first === undefined) throw new Error("no fragments");
  /** A byte of the hardware address of the client: all of the header but its checksum stays right. */
  const other = { ...first, bytes: first.bytes.map((byte, index) => (index === 8 + 28 + 5 ? byte ^ 0xff : byte)) };
  const early = cutUp(payload, [248]).slice(1);
  const show = (pieces: readonly Piece[]): Told =>
    inspect(
      1,
      pieces.map((piece, index) => ({ time: START + index / 1000, bytes: fragmentOf(piece) })),
    );

  // By the definition of ip.fragment.overlap and ip.fragment.overlap.conflict in Wireshark; RFC 791 §3.2, RFC 1858 §4.
  it.each([
    ["that say different things of the same bytes", [first, other, ...others], 4],
    ["of which one overlaps another in part", [first, ...early], 2],
  ])("%s are told with a note, and what came first is kept", (_, pieces, fragments) => {
    const { frames, findings } = show(pieces);
    expect(frames.map(({ dhcp, ...frame }) => [frame.reassembled, dhcp?.message])).toEqual([
      [{ fragments, overlapped: true }, "ACK"],
    ]);
    expect(frames[0]?.udp?.checksum.verdict).toBe("good");
    expect(findings.filter(({ code }) => code === "fragment-overlap")).toMatchObject([
      { severity: "note", evidence: [{ frame: pieces.length }] },
    ]);
  });

  it.each([
    ["that come once", [first, ...others], 3],
    ["that are repeated as they were", [first, first, ...others], 4],
  ])("%s are counted, without a note", (_, pieces, fragments) => {
    const { frames, findings } = show(pieces);
    expect(frames.map(({ reassembled }) => reassembled)).toEqual([{ fragments, overlapped: false }]);
    expect(findings).toEqual([]);
  });

  it("are none where it came in one piece", () => {
    expect(inspect(1, [whole(0, 7)]).frames.map(({ reassembled }) => reassembled)).toEqual([null]);
  });
});

it("fragments of different VLANs are not put together", () => {
  const tag = (bytes: Uint8Array, vlan: number): Uint8Array =>
    Uint8Array.from([...bytes.subarray(0, 12), 0x81, 0x00, 0, vlan, ...bytes.subarray(12)]);
  const [first, last] = cutUp(payload, [256]).map((piece) => fragmentOf(piece));
  if (first === undefined || last === undefined) throw new Error("no fragments");
  const show = (vlans: readonly [number, number]): unknown =>
    inspect(1, [
      { time: START, bytes: tag(first, vlans[0]) },
      { time: START, bytes: tag(last, vlans[1]) },
    ]).frames.map(({ stopped, link }) => [stopped?.layer ?? null, link.vlan]);
  expect(show([30, 30])).toEqual([[null, [30]]]);
  expect(show([30, 40])).toEqual([["ip-fragment", [30]]]);
});

it("fragments of other datagrams are not told, and do not count as DHCP", () => {
  const nfs = cutUp(udp(zeros(3000), { src: 700, dst: 2049 }), [1480]);
  const seen = inspect(
    1,
    [...nfs, ...nfs.toReversed()].map((piece) => ({ time: START, bytes: fragmentOf(piece) })),
  );
  expect(seen.frames).toEqual([]);
  expect(seen.all.at(-1)).toMatchObject({ frames: { total: 4, dhcp: 0 } });
});

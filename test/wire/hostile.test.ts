import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Checksum } from "../../src/checksum/checksum.js";
import { ipv4Checksum } from "../../src/checksum/ipv4.js";
import { udpChecksum } from "../../src/checksum/udp.js";
import type { Arp } from "../../src/wire/arp.js";
import { decodeArp } from "../../src/wire/arp.js";
import { decodeEthernet, decodeFrame } from "../../src/wire/decode.js";
import { EtherType } from "../../src/wire/ether-type.js";
import { ETHERNET } from "../../src/wire/ethernet.js";
import type { Frame } from "../../src/wire/frame.js";
import type { IcmpError } from "../../src/wire/icmp.js";
import { decodeIcmpError } from "../../src/wire/icmp.js";
import type { LinkLayer } from "../../src/wire/link-layer.js";
import { linkLayer } from "../../src/wire/link.js";
import * as read from "../../src/wire/option-readers.js";
import { NO_OPTIONS } from "../../src/wire/options.js";
import { Skim, skimEthernet, skimFrame } from "../../src/wire/skim.js";
import { sharedPath } from "../support/shared.js";
import { readCapture, within } from "./captures.js";
import { LINKS, wrap } from "./links.js";
import { arp, bootp, CLIENT, END, ethernet, ipv4, option, reply, SERVER, udp, unreachable } from "./packets.js";

interface Told {
  readonly skim: Skim;
  readonly ip: number;
  readonly place: readonly number[];
  readonly frame: Pick<Frame, "link" | "ip" | "udp" | "stopped">;
  readonly message: readonly unknown[];
  readonly arp: Arp | null;
  readonly icmp: IcmpError | null;
  readonly udp: Checksum | null;
  readonly header: Checksum | null;
}

/** All that this stage says of a frame that lies somewhere within a block full of `filler`. */
function tell(bytes: Uint8Array, before: number, filler: number, layer: LinkLayer): Told {
  const { block, view } = within(bytes, before, 600, filler);
  const end = before + bytes.length;
  const frame = decodeFrame(layer, block.subarray(before, end), bytes.length);
  const { link, ip: network, udp: transport, dhcp, stopped } = frame;
  const options = dhcp?.options ?? NO_OPTIONS;
  const values = options
    .codes()
    .map((code) => [
      ...[code, Array.from(options.get(code) ?? []), read.readUint8(options, code), read.readUint16(options, code)],
      ...[read.readUint32(options, code), read.readAddresses(options, code), read.readText(options, code)],
    ]);
  const ip = layer.find(view, before, bytes.length, EtherType.IPV4);
  const arpOffset = layer.find(view, before, bytes.length, EtherType.ARP);
  const source = layer.source(view, before, bytes.length);
  const skim = skimFrame(layer, block, view, before, bytes.length);
  if (layer === ETHERNET) expect(skimEthernet(block, view, before, bytes.length)).toBe(skim);
  return {
    skim,
    ip: ip < 0 ? ip : ip - before,
    place: [
      source < 0 ? -1 : view.getUint8(source),
      layer.tags(view, before, bytes.length),
      ip < 0 ? 0 : (layer.vantage?.(view, before) ?? 0),
    ],
    frame: { link, ip: network, udp: transport, stopped },
    message: [{ ...dhcp, chaddr: Array.from(dhcp?.chaddr ?? []), options: null }, options.malformed, values],
    arp: arpOffset < 0 ? null : decodeArp(view, arpOffset, end),
    icmp: ip < 0 ? null : decodeIcmpError(view, ip, end),
    udp: udpChecksum(frame),
    header: ipv4Checksum(frame),
  };
}

/** Whatever lies beside the frame in memory must not show: what is said depends on the frame's own bytes alone. */
function tellTwice(bytes: Uint8Array, layer: LinkLayer = ETHERNET): Told {
  const told = tell(bytes, 0, 0x00, layer);
  expect(tell(bytes, 13, 0x45, layer)).toEqual(told);
  return told;
}

function agree({ skim, ip, frame, message, arp: arpMessage, icmp, udp: checksum }: Told, length: number): void {
  const { stopped } = frame;
  const [dhcp] = message;
  if (stopped !== null) {
    expect(stopped.offset).toBeLessThanOrEqual(length);
    expect(stopped.had).toBeLessThanOrEqual(stopped.needed);
  }
  if (skim === Skim.DHCP) expect(frame.ip).not.toBeNull();
  if (skim === Skim.DHCP && checksum === null) expect(["ipv4", "udp"]).toContain(stopped?.layer);
  if (skim === Skim.IPV4_OTHER || skim === Skim.FRAGMENT) expect(frame.ip).not.toBeNull();
  if (skim === Skim.ICMP_ERROR) expect(icmp).not.toBeNull();
  if (arpMessage !== null) expect(skim).toBe(Skim.ARP);
  if (frame.ip !== null) expect(ip).toBe(frame.ip.offset);
  if (frame.udp === null) expect(checksum).toBeNull();
  expect(dhcp).toBeDefined();
}

const seeds: Uint8Array[] = [
  reply(
    [...option(53, [5]), ...option(51, [0, 0, 0, 120]), ...option(52, [3]), 0, ...option(54, [10, 8, 12, 1]), END],
    {
      sname: [...option(56, [0x68, 0x69]), END],
      file: [...option(12, [0x67]), ...option(56, [0x21]), END],
    },
  ),
  ethernet(ipv4(udp(bootp({ op: 1 }), { src: 68, dst: 67 }), { src: 0, dst: 0xffffffff }), 0x0800, [
    [0x88a8, 30],
    [0x8100, 40],
  ]),
  ethernet(ipv4(udp(bootp()), { options: new Array<number>(12).fill(1) })),
  unreachable(3, ipv4(udp(bootp()))),
  ethernet(arp(1, SERVER, CLIENT), 0x0806),
  ...recorded("scenarios", "s02-offload-ack", "bridge.pcap"),
  ...recorded("vm", "q02-virtio-partial-drop", "bridge.pcap"),
  ...recorded("corpus", "captures", "systemd_fuzz_payloads_wrapped.pcap"),
];

/** Real frames to spoil, where the recordings are at hand. */
function recorded(...parts: string[]): Uint8Array[] {
  const path = sharedPath(...parts);
  return path === null ? [] : readCapture(path).map(({ bytes }) => bytes);
}

const links = LINKS.flatMap((link) => {
  const layer = linkLayer(link.linkType);
  return layer === null ? [] : [{ link, layer }];
});

/** Where a frame's lengths, types and options stand: changes there go deepest. */
const telling = [12, 13, 14, 16, 17, 20, 21, 23, 34, 35, 36, 37, 38, 39, 42, 44, 86, 150, 278, 282, 283, 285, 288];

const change = fc.tuple(
  fc.oneof(fc.constantFrom(...telling), fc.nat(400)),
  fc.oneof(fc.constantFrom(0, 1, 2, 3, 52, 53, 0x45, 0x4f, 0x81, 0xff), fc.nat(255)),
);

describe("whatever the bytes", () => {
  it("random ones are told apart without a throw, within bounds, the same in any memory", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        agree(tellTwice(bytes), bytes.length);
      }),
      { numRuns: 5_000 },
    );
  });

  it("frames with changed fields, cut anywhere, are too", () => {
    const mutation = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(change, { maxLength: 6 }),
      fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
    );
    fc.assert(
      fc.property(mutation, ([seed, changes, share]) => {
        const bytes = seed.slice(0, Math.ceil(seed.length * share));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        agree(tellTwice(bytes), bytes.length);
      }),
      { numRuns: 15_000 },
    );
  });

  it("frames of every other link layer, spoiled and cut, are too", () => {
    const mutation = fc.tuple(
      fc.constantFrom(...links),
      fc.constantFrom(...seeds.slice(0, 5)),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
      fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
    );
    fc.assert(
      fc.property(mutation, ([{ link, layer }, seed, changes, share]) => {
        const whole = wrap(link, seed);
        const bytes = whole.slice(0, Math.ceil(whole.length * share));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        agree(tellTwice(bytes, layer), bytes.length);
      }),
      { numRuns: 10_000 },
    );
  });

  it("random bytes are no link layer's undoing", () => {
    fc.assert(
      fc.property(fc.constantFrom(...links), fc.uint8Array({ maxLength: 120 }), ({ layer }, bytes) => {
        agree(tellTwice(bytes, layer), bytes.length);
      }),
      { numRuns: 10_000 },
    );
  });

  it("a frame cut at every length shows no more than a longer one", () => {
    for (const seed of seeds.slice(0, 5)) {
      let codes: readonly number[] = [];
      for (let captured = 0; captured <= seed.length; captured += 1) {
        const { dhcp } = decodeEthernet(seed.slice(0, captured), seed.length);
        const now = dhcp?.options.codes() ?? [];
        expect(now).toEqual(expect.arrayContaining([...codes]));
        codes = now;
        agree(tell(seed.slice(0, captured), 0, 0, ETHERNET), captured);
      }
    }
  });

  it("the largest frame of the smallest options ends", () => {
    const options = Array.from({ length: 30_000 }, () => [1, 0]).flat();
    const frame = reply(options);
    const { dhcp } = decodeEthernet(frame, frame.length);
    expect(dhcp?.options.codes()).toEqual([1]);
    expect(dhcp?.options.get(1)).toHaveLength(0);
  });
});

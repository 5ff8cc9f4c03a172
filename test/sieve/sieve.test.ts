import { describe, expect, it } from "vitest";
import { arp, ipv6, tcp, udp, type Way } from "../../bench/frames.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createPcapngWriter, OPT_COMMENT } from "../../src/capture/pcapng-writer.js";
import { PAGE_BYTES } from "../../src/capture/memory.js";
import { createReader } from "../../src/capture/reader.js";
import { Inspector } from "../../src/inspector.js";
import { createKernel } from "../../src/sieve/kernel.js";
import { concat } from "../fuzz/bytes.js";
import { Random } from "../fuzz/random.js";
import { bootp, CLIENT_MAC, ethernet, ipv4, u16, u32, udp as datagram, unreachable } from "../wire/packets.js";
import { mixture } from "./mixture.js";
import { told } from "./reading.js";

const SEED = Number(process.env["LEASETAP_SEED"] ?? 1);
const MICROS = { littleEndian: true, nanoseconds: false };
const WAY: Way = { from: 301, to: 0xff0001, source: 0x0a010001, destination: 0xc0a80001, vlan: 0 };
const PAYLOAD = new Uint8Array(30);
const plain = tcp(WAY, 4000, PAYLOAD);

interface Frame {
  readonly bytes: Uint8Array;
  readonly seconds?: number;
  readonly micros?: number;
  readonly original?: number;
}

/**
 * How many of these frames are passed over, after one that is not. The last one comes twice: behind the second no usual
 * header stands, so that one is not passed over.
 */
function passed(...frames: readonly Frame[]): number {
  const records = [{ bytes: plain }, ...frames, ...frames.slice(-1)].map(
    ({ bytes, seconds = 1_700_000_000, micros = 5, original }) =>
      pcapRecord(MICROS, seconds, micros * 1000, bytes, original),
  );
  return told(concat([pcapHeader(MICROS, 1, 2000), ...records]), [], true).passed;
}

describe("the sieve", () => {
  it("changes nothing of what is told, whatever the capture", { timeout: 120_000 }, () => {
    let all = 0;
    let over = 0;
    for (let number = 0; number < 250; number += 1) {
      const random = new Random(SEED, number);
      const capture = mixture(random);
      const cuts = Array.from({ length: random.below(4) }, () => random.below(capture.length)).toSorted(
        (a, b) => a - b,
      );
      const without = told(capture, cuts, false);
      const sieved = told(capture, cuts, true);
      expect({ ...sieved, passed: 0 }, `case ${number}`).toEqual(without);
      all += sieved.frames;
      over += sieved.passed;
    }
    // Many captures are in the order of other machines, and most frames here are such as stop it.
    expect(over).toBeGreaterThan(all / 20);
  });

  it.each([
    ["TCP", plain],
    ["IPv6", ipv6(WAY, PAYLOAD)],
    ["UDP", udp(WAY, [53, 4000], PAYLOAD, "good")],
    ["TCP behind a tag", tcp({ ...WAY, vlan: 5 }, 4000, PAYLOAD)],
    ["UDP behind a tag", udp({ ...WAY, vlan: 5 }, [53, 4000], PAYLOAD, "good")],
    ["ARP among others", arp(WAY)],
    ["an echo request", ethernet(ipv4([8, 0, ...u16(0), ...u32(1)], { protocol: 1 }))],
  ])("passes over %s", (_, bytes) => {
    expect(passed({ bytes }, { bytes }, { bytes })).toBe(3);
  });

  it.each([
    ["DHCP", ethernet(ipv4(datagram(bootp({ op: 1 }), { src: 68, dst: 67 }), { src: 0, dst: 0xffffffff }))],
    ["DHCP behind a tag", udp({ ...WAY, vlan: 5 }, [67, 68], new Uint8Array(bootp()), "good")],
    ["PXE", udp(WAY, [4011, 4011], new Uint8Array(bootp()), "good")],
    ["ARP behind a tag", arp({ ...WAY, vlan: 5 })],
    ["a fragment", ethernet(ipv4(datagram([...PAYLOAD]), { fragment: 0x2000 }))],
    ["a port unreachable", unreachable(3, ipv4(datagram([...PAYLOAD], { src: 67, dst: 68 })))],
    [
      "what lies behind two tags",
      concat([plain.subarray(0, 12), Uint8Array.of(0x81, 0, 0, 1), tcp({ ...WAY, vlan: 2 }, 1, PAYLOAD).subarray(12)]),
    ],
    ["a frame shorter than the headers it looks at", plain.subarray(0, 41)],
  ])("stops at %s", (_, bytes) => {
    expect(passed({ bytes })).toBe(0);
    expect(passed({ bytes }, { bytes: plain })).toBeLessThanOrEqual(1);
  });

  it("stops at a client, from its first DHCP on", () => {
    const request = ethernet(ipv4(datagram(bootp({ op: 1 }), { src: 68, dst: 67 }), { src: 0, dst: 0xffffffff }));
    const own = plain.slice();
    own.set(CLIENT_MAC, 6);
    expect(passed({ bytes: own })).toBe(1);
    expect(passed({ bytes: request }, { bytes: own })).toBe(0);
    expect(passed({ bytes: request }, { bytes: plain })).toBe(1);
  });

  it("stops at ARP from a server and for one, from its first reply on", () => {
    const reply = ethernet(
      ipv4(datagram(bootp({ op: 2 }, [53, 1, 5, 54, 4, 10, 1, 0, 9, 255]), { src: 67, dst: 68 }), {
        src: 0x0a010001,
        dst: 0x0a010063,
      }),
    );
    const server = 0x0a010009;
    const asks = arp({ ...WAY, source: server });
    const asked = arp({ ...WAY, destination: server });
    expect(passed({ bytes: asks }, { bytes: asked })).toBe(2);
    expect(passed({ bytes: reply }, { bytes: asks })).toBe(0);
    expect(passed({ bytes: reply }, { bytes: asked })).toBe(0);
    // It named another address than that which it sent from.
    expect(passed({ bytes: reply }, { bytes: arp({ ...WAY, source: 0x0a010001 }) })).toBe(1);
  });

  it("stops at other seconds, at earlier stamps, and at records that are not as usual", () => {
    const bytes = plain;
    expect(passed({ bytes, seconds: 1_700_000_001 })).toBe(0);
    expect(passed({ bytes, seconds: 1_700_000_001 }, { bytes, seconds: 1_700_000_001 })).toBe(1);
    expect(passed({ bytes, micros: 4 })).toBe(0);
    expect(passed({ bytes, micros: 6 }, { bytes, micros: 5 }, { bytes, micros: 5 })).toBe(1);
    expect(passed({ bytes, micros: 999_999 })).toBe(1);
    expect(passed({ bytes, micros: 1_000_000 })).toBe(0);
    expect(passed({ bytes, original: bytes.length + 1 })).toBe(0);
    const long = tcp(WAY, 1, new Uint8Array(2000));
    expect(passed({ bytes: long.subarray(0, 2000) })).toBe(1);
    expect(passed({ bytes: long.subarray(0, 2001) })).toBe(0);
  });

  it("passes over packets of several interfaces, if they are alike, and stops at those with options", () => {
    const writer = createPcapngWriter(true);
    const read = (links: readonly number[], options: Parameters<typeof writer.enhancedPacket>[4]): number => {
      const stamp = 1_700_000_000_000_000n;
      const packets = links.map((_, id) => writer.enhancedPacket(id, stamp, plain, plain.length, options));
      const described = links.map((link) => writer.interfaceDescription(link));
      return told(concat([writer.sectionHeader(), ...described, ...packets]), [], true).passed;
    };
    expect(read([1, 1, 1], [])).toBe(2);
    expect(read([1, 1, 1], [writer.textOption(OPT_COMMENT, "seen")])).toBe(0);
    expect(read([1, 1, 113], [])).toBe(0);
    expect(read([113, 113], [])).toBe(0);
  });

  it("is not there for memory that WebAssembly cannot look into", () => {
    expect(createKernel({ buffer: new ArrayBuffer(4 * PAGE_BYTES) })).toBeNull();
  });

  it("is asked for by a reader once a capture is long, and again where it needs more memory", () => {
    const sink = new Inspector({ keepFrames: false, keepHealthy: false }).input("long");
    const sieves: unknown[] = [];
    const asked = {
      interface: sink.interface.bind(sink),
      frame: sink.frame.bind(sink),
      observedUntil: sink.observedUntil.bind(sink),
      sieve: (memory: Parameters<typeof sink.sieve>[0]) => {
        const sieve = sink.sieve(memory);
        sieves.push(sieve);
        return sieve;
      },
    };
    const reader = createReader(asked);
    const record = pcapRecord(MICROS, 1_700_000_000, 0, plain);
    const many = concat(Array.from({ length: 2000 }, () => record));
    reader.feed(pcapHeader(MICROS, 1));
    let fed = 0;
    for (; fed < 2; fed += 1) reader.feed(many);
    expect(sieves).toHaveLength(0);
    for (; fed < 12; fed += 1) reader.feed(many);
    expect(sieves).toHaveLength(1);
    // A block of the reader ends within the third of them.
    const long = pcapRecord(MICROS, 1_700_000_000, 0, new Uint8Array(200_000));
    reader.feed(concat([long, long, long]));
    for (; fed < 24; fed += 1) reader.feed(many);
    reader.end();
    expect(sieves).toHaveLength(2);
    expect(reader.frames).toBe(48_003);
    expect(sink.facts.frames).toBe(48_003);
    expect(reader.damage).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { udpChecksum } from "../../src/checksum/udp.js";
import { macOf } from "../../src/wire/addresses.js";
import { decodeArp } from "../../src/wire/arp.js";
import { decodeFrame } from "../../src/wire/decode.js";
import { EtherType } from "../../src/wire/ether-type.js";
import { linkLayer } from "../../src/wire/link.js";
import { RAW_IP } from "../../src/wire/raw-ip.js";
import { Skim, skimFrame } from "../../src/wire/skim.js";
import { within } from "./captures.js";
import { LINKS, partsOf, wrap, type Link } from "./links.js";
import { arp, bootp, CLIENT, CLIENT_MAC, ethernet, ipv4, reply, SERVER, SERVER_MAC, udp, zeros } from "./packets.js";

const layerOf = ({ linkType }: Pick<Link, "linkType">) => {
  const layer = linkLayer(linkType);
  if (layer === null) throw new Error(`link type ${linkType} is not read`);
  return layer;
};

function skim(link: Link, frame: Uint8Array): Skim {
  const { block, view } = within(frame, 7, 64, 0xaa);
  return skimFrame(layerOf(link), block, view, 7, frame.length);
}

describe.each(LINKS)("$name ($linkType)", (link) => {
  const layer = layerOf(link);
  const frame = wrap(link, reply());

  it("carries DHCP, with the addresses that the link layer shows", () => {
    const decoded = decodeFrame(layer, frame, frame.length);
    expect(skim(link, frame)).toBe(Skim.DHCP);
    expect(decoded.stopped).toBeNull();
    expect(decoded.dhcp).toMatchObject({ type: 5, xid: 0xfd850e68 });
    expect(decoded.ip).toMatchObject({ src: SERVER, dst: CLIENT });
    expect(decoded.link).toEqual({
      src: link.shows.src ? macOf(Uint8Array.from(SERVER_MAC)) : null,
      dst: link.shows.dst ? macOf(Uint8Array.from(CLIENT_MAC)) : null,
      vlan: [],
    });
    expect(udpChecksum(decoded)?.verdict).toBe("absent");
  });

  it("shows the sender of every frame, if of any", () => {
    const { block, view } = within(frame, 3, 9, 0);
    const source = layer.source(view, 3, frame.length);
    if (!link.shows.src) expect(source).toBe(-1);
    else expect([...block.subarray(source, source + 6)]).toEqual(SERVER_MAC);
  });

  it("is cut: says how much was needed, or shows no more than is there", () => {
    for (let captured = 0; captured < frame.length; captured += 1) {
      const { stopped, link: header } = decodeFrame(layer, frame.slice(0, captured), frame.length);
      if (stopped !== null) expect(stopped.needed, `at ${captured}`).toBeGreaterThan(stopped.had);
      if (header === null) expect(stopped, `at ${captured}`).not.toBeNull();
    }
  });

  it("carries other things as well", () => {
    const dns = ethernet(ipv4(udp(zeros(40), { src: 5353, dst: 53 })));
    expect(skim(link, wrap(link, dns))).toBe(Skim.IPV4_OTHER);
    expect(skim(link, wrap(link, ethernet(zeros(60), 0x86dd)))).toBe(Skim.OTHER);
  });

  it("carries ARP and VLAN tags where it can", () => {
    const asked = wrap(link, ethernet(arp(1, SERVER, CLIENT), 0x0806));
    const tagged = wrap(
      link,
      ethernet(ipv4(udp(bootp())), 0x0800, [
        [0x88a8, 0x601e],
        [0x8100, 0x0028],
      ]),
    );
    if (!link.tagged) {
      expect(skim(link, asked)).toBe(Skim.OTHER);
      expect(layer.tags(new DataView(frame.buffer), 0, frame.length)).toBe(0);
      return;
    }
    expect(skim(link, asked)).toBe(Skim.ARP);
    const view = new DataView(asked.buffer);
    const at = layer.find(view, 0, asked.length, EtherType.ARP);
    expect(decodeArp(view, at, asked.length)).toMatchObject({ senderIp: SERVER, targetIp: CLIENT });
    expect(decodeFrame(layer, tagged, tagged.length).link?.vlan).toEqual([30, 40]);
    expect(layer.tags(new DataView(tagged.buffer), 0, tagged.length)).toBe(31 * 4097 + 41);
    expect(skim(link, tagged)).toBe(Skim.DHCP);
  });
});

describe("frames that show no datagram", () => {
  const wlan = LINKS.find(({ linkType }) => linkType === 105);
  const plain = wlan === undefined ? new Uint8Array() : wrap(wlan, reply());
  const spoiled = (at: number, value: number): Uint8Array => plain.with(at, value);

  it.each([
    ["a beacon", spoiled(0, 0x80)],
    ["a null frame", spoiled(0, 0x48)],
    ["an encrypted frame", spoiled(1, 0x41)],
    ["a later fragment of an 802.11 frame", spoiled(22, 0x11)],
    ["another version of 802.11", spoiled(0, 0x09)],
    ["LLC without SNAP", spoiled(24, 0x42)],
    ["SNAP of another organisation", spoiled(29, 0x0c)],
  ])("%s", (_, bytes) => {
    expect(
      skim({ linkType: 105, name: "", shows: { src: true, dst: true }, tagged: true, build: () => null }, bytes),
    ).toBe(Skim.OTHER);
    const layer = layerOf({ linkType: 105 });
    expect(decodeFrame(layer, bytes, bytes.length)).toMatchObject({ ip: null, stopped: { layer: "ethertype" } });
  });

  it("aggregated 802.11 frames", () => {
    const qos = LINKS.find(({ name }) => name === "802.11 QoS");
    if (qos === undefined) throw new Error("no such link");
    expect(skim(qos, wrap(qos, reply()).with(24, 0x80))).toBe(Skim.OTHER);
  });

  it.each([770, 803, 824])("a cooked frame of an interface of type %i, whose protocol is no EtherType", (arphrd) => {
    for (const [linkType, at] of [
      [113, 2],
      [276, 8],
    ] as const) {
      const link = LINKS.find((one) => one.linkType === linkType);
      if (link === undefined) throw new Error("no such link");
      const bytes = wrap(link, reply())
        .with(at, arphrd >>> 8)
        .with(at + 1, arphrd & 0xff);
      expect(skim(link, bytes)).toBe(Skim.OTHER);
    }
  });

  it("a cooked frame without a hardware address", () => {
    for (const [linkType, at] of [
      [113, 5],
      [276, 11],
    ] as const) {
      const link = LINKS.find((one) => one.linkType === linkType);
      if (link === undefined) throw new Error("no such link");
      const bytes = wrap(link, reply()).with(at, 0);
      expect(layerOf(link).source(new DataView(bytes.buffer), 0, bytes.length)).toBe(-1);
      expect(decodeFrame(layerOf(link), bytes, bytes.length).link?.src).toBeNull();
    }
  });

  it("a raw frame of neither version", () => {
    const bytes = Uint8Array.from([0x55, ...zeros(40)]);
    expect(decodeFrame(RAW_IP, bytes, 41)).toMatchObject({ ip: null, stopped: { layer: "ip-version" } });
  });
});

describe("where a cooked frame was captured", () => {
  const sll2 = LINKS.find(({ linkType }) => linkType === 276);
  const sll = LINKS.find(({ linkType }) => linkType === 113);

  it("is an interface and a direction in version 2, a direction in version 1", () => {
    if (sll === undefined || sll2 === undefined) throw new Error("no such link");
    const [one, two] = [wrap(sll, reply()), wrap(sll2, reply())];
    const vantage = (link: Link, bytes: Uint8Array): number | undefined =>
      layerOf(link).vantage?.(new DataView(bytes.buffer), 0);
    expect([vantage(sll, one), vantage(sll, one.with(1, 4))]).toEqual([0, 1]);
    expect([vantage(sll2, two), vantage(sll2, two.with(10, 4)), vantage(sll2, two.with(7, 9))]).toEqual([6, 7, 18]);
  });
});

it("link types that nobody reads are not known", () => {
  for (const linkType of [-1, 2, 119, 192, 195, 249, 65535]) expect(linkLayer(linkType)).toBeNull();
});

it("an Ethernet frame in parts is the same frame", () => {
  const { dst, src, etherType, payload } = partsOf(reply());
  expect(Uint8Array.from([...dst, ...src, ...[etherType >> 8, etherType & 0xff], ...payload])).toEqual(reply());
});

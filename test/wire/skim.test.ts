import { describe, expect, it } from "vitest";
import { EtherType } from "../../src/wire/ether-type.js";
import { ETHERNET } from "../../src/wire/ethernet.js";
import { Skim, skimEthernet } from "../../src/wire/skim.js";
import { within } from "./captures.js";
import { arp, bootp, CLIENT, ethernet, ipv4, reply, SERVER, udp, unreachable, zeros } from "./packets.js";

/** As the hot path calls it: at an odd offset within a block whose other bytes must not matter. */
function skim(frame: Uint8Array, captured = frame.length): Skim {
  const answers = [0x00, 0xff, 0x45].map((filler) => {
    const { block, view } = within(frame.subarray(0, captured), 7, 64, filler);
    return skimEthernet(block, view, 7, captured);
  });
  expect(new Set(answers).size).toBe(1);
  return answers[0] ?? Skim.OTHER;
}

const request = ethernet(ipv4(udp(bootp({ op: 1 }), { src: 68, dst: 67 }), { src: 0, dst: 0xffffffff }));
const dns = ethernet(ipv4(udp(zeros(40), { src: 5353, dst: 53 })));

describe("a DHCP frame is told from", () => {
  it("its ports, in either direction", () => {
    expect(skim(reply())).toBe(Skim.DHCP);
    expect(skim(request)).toBe(Skim.DHCP);
  });

  it.each([
    [67, 67, Skim.DHCP],
    [4011, 1024, Skim.DHCP],
    [68, 4011, Skim.DHCP],
    [1024, 67, Skim.DHCP],
    [66, 69, Skim.IPV4_OTHER],
    [546, 547, Skim.IPV4_OTHER],
    [0x4300, 0x4400, Skim.IPV4_OTHER],
  ])("ports %i to %i: %i", (src, dst, expected) => {
    expect(skim(ethernet(ipv4(udp(bootp(), { src, dst }))))).toBe(expected);
  });

  it.each([
    ["op 0", { op: 0 }],
    ["op 3", { op: 3 }],
    ["a hardware address of 17 bytes", { hlen: 17 }],
  ])("but not with %s, which is no BOOTP", (_, fields) => {
    expect(skim(ethernet(ipv4(udp(bootp(fields)))))).toBe(Skim.IPV4_OTHER);
  });

  it("its ports alone, if the capture was cut before BOOTP could be judged", () => {
    const noBootp = ethernet(ipv4(udp(bootp({ op: 0 }))));
    expect(skim(noBootp, 14 + 20 + 8)).toBe(Skim.DHCP);
    expect(skim(noBootp, 14 + 20 + 4)).toBe(Skim.DHCP);
    expect(skim(reply(), 14 + 20 + 8 + 1)).toBe(Skim.DHCP);
  });

  it("nothing, if the capture was cut before the ports", () => {
    expect(skim(reply(), 14 + 20 + 3)).toBe(Skim.IPV4_OTHER);
    expect(skim(reply(), 14 + 19)).toBe(Skim.OTHER);
    expect(skim(reply(), 13)).toBe(Skim.OTHER);
    expect(skim(reply(), 0)).toBe(Skim.OTHER);
  });

  it("the ports behind IP options", () => {
    expect(skim(ethernet(ipv4(udp(bootp()), { options: zeros(40) })))).toBe(Skim.DHCP);
    expect(skim(ethernet(ipv4(udp(bootp()), { options: zeros(40) })), 14 + 50)).toBe(Skim.IPV4_OTHER);
  });

  it("a whole datagram: fragments are put together first", () => {
    expect(skim(ethernet(ipv4(udp(bootp()), { fragment: 0x4000 })))).toBe(Skim.DHCP);
    expect(skim(ethernet(ipv4(udp(bootp()), { fragment: 0x2000 })))).toBe(Skim.FRAGMENT);
    expect(skim(ethernet(ipv4(udp(bootp()), { fragment: 0x0001 })))).toBe(Skim.FRAGMENT);
    expect(skim(ethernet(ipv4(zeros(40), { fragment: 0x2001, protocol: 6 })))).toBe(Skim.IPV4_OTHER);
    expect(skim(ethernet(ipv4([3, 3, ...zeros(60)], { fragment: 0x0001, protocol: 1 })))).toBe(Skim.IPV4_OTHER);
  });
});

describe("VLAN tags", () => {
  const datagram = ipv4(udp(bootp()));
  const tag = (...tpids: number[]): Uint8Array =>
    ethernet(
      datagram,
      0x0800,
      tpids.map((tpid) => [tpid, 0x6064] as const),
    );

  it.each([
    ["802.1Q", [0x8100]],
    ["802.1ad around 802.1Q", [0x88a8, 0x8100]],
    ["QinQ with 0x8100 twice", [0x8100, 0x8100]],
    ["QinQ with 0x9100", [0x9100, 0x8100]],
    ["three tags", [0x88a8, 0x8100, 0x8100]],
  ])("%s: the frame is DHCP all the same", (_, tpids) => {
    const frame = tag(...tpids);
    expect(skim(frame)).toBe(Skim.DHCP);
    const { view } = within(frame, 7, 9, 0);
    expect(ETHERNET.find(view, 7, frame.length, EtherType.IPV4)).toBe(7 + 14 + 4 * tpids.length);
  });

  it("an unknown tag hides what follows", () => {
    expect(skim(ethernet(datagram, 0x0800, [[0x9300, 1]]))).toBe(Skim.OTHER);
  });

  it("a frame of nothing but tags ends with its bytes", () => {
    expect(skim(ethernet([], 0x8100, new Array<[number, number]>(500).fill([0x8100, 0x8100])))).toBe(Skim.OTHER);
  });

  it("ARP in a tag is ARP", () => {
    expect(skim(ethernet(arp(1, CLIENT, SERVER), 0x0806, [[0x8100, 100]]))).toBe(Skim.ARP);
  });
});

describe("other frames", () => {
  const ack = ipv4(udp(bootp()));

  it.each([
    ["ARP", ethernet(arp(1, CLIENT, SERVER), 0x0806), Skim.ARP],
    ["DNS", dns, Skim.IPV4_OTHER],
    ["an echo request", ethernet(ipv4([8, 0, 0, 0, 0, 0, 0, 0], { protocol: 1 })), Skim.IPV4_OTHER],
    ["TCP from port 67", ethernet(ipv4(udp(bootp()), { protocol: 6 })), Skim.IPV4_OTHER],
    ["IPv6", ethernet(zeros(60), 0x86dd), Skim.OTHER],
    ["an 802.3 length", ethernet(zeros(60), 60), Skim.OTHER],
    ["IPv4 by its EtherType, 6 by its version", ethernet(ipv4(udp(bootp()), { versionAndLength: 0x65 })), Skim.OTHER],
    ["a header length of 16", ethernet(ipv4(udp(bootp()), { versionAndLength: 0x44 })), Skim.OTHER],
    ["port unreachable quoting a reply", unreachable(3, ack), Skim.ICMP_ERROR],
    ["host unreachable quoting a request", unreachable(1, ipv4(udp([], { src: 68, dst: 67 }))), Skim.ICMP_ERROR],
    ["port unreachable quoting DNS", unreachable(3, ipv4(udp([], { src: 53, dst: 1024 }))), Skim.IPV4_OTHER],
    ["port unreachable quoting TCP", unreachable(3, ipv4(udp([]), { protocol: 6 })), Skim.IPV4_OTHER],
    ["port unreachable quoting a later fragment", unreachable(3, ipv4(udp([]), { fragment: 2 })), Skim.IPV4_OTHER],
    ["port unreachable cut before the quoted ports", unreachable(3, ack.slice(0, 22)), Skim.IPV4_OTHER],
    [
      "port unreachable quoting IP options",
      unreachable(3, ipv4(udp([]), { options: zeros(4) }).slice(0, 28)),
      Skim.ICMP_ERROR,
    ],
    ["time exceeded", ethernet(ipv4([11, 0, 0, 0, 0, 0, 0, 0, ...ack], { protocol: 1 })), Skim.IPV4_OTHER],
  ])("%s", (_, frame, expected) => {
    expect(skim(frame)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { decodeArp } from "../../src/wire/arp.js";
import { EtherType } from "../../src/wire/ether-type.js";
import { ETHERNET } from "../../src/wire/ethernet.js";
import { decodeIcmpError } from "../../src/wire/icmp.js";
import type { IcmpError } from "../../src/wire/icmp.js";
import { within } from "./captures.js";
import { arp, bootp, CLIENT, ethernet, ipv4, SERVER, udp, unreachable, zeros } from "./packets.js";

function icmp(frame: Uint8Array, captured = frame.length): IcmpError | null {
  const { view } = within(frame.subarray(0, captured), 5, 80, 0x45);
  const ip = ETHERNET.find(view, 5, captured, EtherType.IPV4);
  return ip < 0 ? null : decodeIcmpError(view, ip, 5 + captured);
}

describe("an ICMP error", () => {
  const ack = ipv4(udp(bootp()), { id: 22114 });

  it("shows who refused, and which datagram", () => {
    expect(icmp(unreachable(3, ack))).toEqual({
      type: 3,
      code: 3,
      src: CLIENT,
      dst: SERVER,
      quoted: { id: 22114, src: SERVER, dst: CLIENT, srcPort: 67, dstPort: 68 },
    });
  });

  it("may sit in a VLAN and quote IP options", () => {
    const quoted = ipv4(udp([], { src: 68, dst: 67 }), { id: 7, options: zeros(8) });
    const message = ipv4([3, 1, ...zeros(6), ...quoted], { protocol: 1 });
    expect(icmp(ethernet(message, 0x0800, [[0x8100, 100]]))).toMatchObject({ code: 1, quoted: { id: 7, srcPort: 68 } });
  });

  it("is null if cut before the quoted ports", () => {
    const whole = unreachable(3, ack);
    const ports = 14 + 20 + 8 + 20 + 4;
    expect(icmp(whole, ports)).not.toBeNull();
    for (let captured = 0; captured < ports; captured += 1) expect(icmp(whole, captured)).toBeNull();
  });

  it.each([
    ["an echo request", ethernet(ipv4([8, 0, ...zeros(6), ...ack], { protocol: 1 }))],
    ["TCP quoted", unreachable(3, ipv4(udp([]), { protocol: 6 }))],
    ["a later fragment quoted", unreachable(3, ipv4(udp([]), { fragment: 1 }))],
    ["a later fragment of an error", ethernet(ipv4([3, 3, ...zeros(6), ...ack], { protocol: 1, fragment: 1 }))],
    ["DHCP itself", ethernet(ack)],
    ["ARP", ethernet(arp(1, CLIENT, SERVER), 0x0806)],
  ])("is null for %s", (_, frame) => {
    expect(icmp(frame)).toBeNull();
  });
});

describe("ARP", () => {
  function decode(frame: Uint8Array, captured = frame.length): ReturnType<typeof decodeArp> {
    const { view } = within(frame.subarray(0, captured), 5, 80, 0x08);
    const arp = ETHERNET.find(view, 5, captured, EtherType.ARP);
    return arp < 0 ? null : decodeArp(view, arp, 5 + captured);
  }

  it("shows its sender and whom it asks for", () => {
    const expected = { op: 1, senderMac: 0x525400126501, senderIp: SERVER, targetIp: CLIENT };
    expect(decode(ethernet(arp(1, SERVER, CLIENT), 0x0806))).toEqual(expected);
    expect(decode(ethernet(arp(1, SERVER, CLIENT), 0x0806, [[0x8100, 1]]))).toEqual(expected);
  });

  it("is null if cut", () => {
    expect(decode(ethernet(arp(2, SERVER, CLIENT), 0x0806), 14 + 27)).toBeNull();
  });

  it("is null for other hardware and protocols", () => {
    const message = arp(2, SERVER, CLIENT);
    expect(decode(ethernet([0, 6, ...message.slice(2)], 0x0806))).toBeNull();
    expect(decode(ethernet([0, 1, 0x86, 0xdd, ...message.slice(4)], 0x0806))).toBeNull();
    expect(decode(ethernet(message, 0x0800))).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { udpChecksum } from "../../src/checksum/udp.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import { parseIpv4 } from "../../src/wire/addresses.js";
import { bootp, CLIENT, ethernet, ipv4, SERVER, udp, zeros } from "../wire/packets.js";
import { ack, frameWith, partialSum, rightChecksum } from "./datagrams.js";

const LENGTH = ack().length + 8;
const RIGHT = rightChecksum(udp(ack()));
const PARTIAL = partialSum(LENGTH);

describe("the verdict", () => {
  it("good: the stored sum is right", () => {
    expect(udpChecksum(frameWith(RIGHT))).toEqual({ verdict: "good", stored: RIGHT, expected: RIGHT, pattern: null });
  });

  it("absent: 0 is stored, and the right sum is told all the same", () => {
    expect(udpChecksum(frameWith(0))).toEqual({ verdict: "absent", stored: 0, expected: RIGHT, pattern: null });
  });

  it("partial: the pseudo-header's sum is stored", () => {
    expect(udpChecksum(frameWith(PARTIAL))).toEqual({
      verdict: "partial",
      stored: PARTIAL,
      expected: RIGHT,
      pattern: null,
    });
  });

  it("bad: none of these", () => {
    expect(udpChecksum(frameWith(0x1234))).toEqual({ verdict: "bad", stored: 0x1234, expected: RIGHT, pattern: null });
  });

  it("none where there is no UDP header", () => {
    const bytes = ethernet(ipv4(zeros(40), { protocol: 6 }));
    expect(udpChecksum(decodeEthernet(bytes, bytes.length))).toBeNull();
  });
});

describe("partial sums that people have published", () => {
  it.each([
    ["harvester #5160", "192.168.48.77", "255.255.255.255", 333, 0xf253],
    ["docker-openwrt #4", "192.168.18.2", "192.168.18.150", 308, 0xa72e],
    ["virtio-win #1630", "192.168.10.1", "192.168.10.215", 329, 0x9783],
  ])("%s is partial, whatever the message says", (_, from, to, length, stored) => {
    const ip = { src: parseIpv4(from) ?? 0, dst: parseIpv4(to) ?? 0 };
    for (const xid of [1, 0xfd850e68, 0x12345678]) {
      const data = [...bootp({ xid }), ...zeros(300)].slice(0, length - 8);
      expect(udpChecksum(frameWith(stored, data, {}, ip))).toMatchObject({ verdict: "partial", stored });
    }
  });

  it("the pseudo-header has the UDP length, not the IP length", () => {
    expect(udpChecksum(frameWith(partialSum(LENGTH + 20)))?.verdict).toBe("bad");
  });
});

/** An ACK whose right checksum is `wanted`, found by trying the values of `secs`. */
function ackWithChecksum(wanted: number): number[] {
  for (let secs = 0; secs < 0x10000; secs += 1) {
    const changed = ack()
      .with(8, secs >>> 8)
      .with(9, secs & 0xff);
    if (rightChecksum(udp(changed)) === wanted) return changed;
  }
  throw new Error("no such secs");
}

describe("a sum that is right and equals the pseudo-header's as well", () => {
  it("is good", () => {
    expect(udpChecksum(frameWith(PARTIAL, ackWithChecksum(PARTIAL)))?.verdict).toBe("good");
  });
});

describe("0 and 0xffff (RFC 768)", () => {
  it("a computed 0 is sent as 0xffff, and that is good", () => {
    expect(udpChecksum(frameWith(0xffff, ackWithChecksum(0xffff)))).toMatchObject({
      verdict: "good",
      stored: 0xffff,
      expected: 0xffff,
    });
  });

  it("a stored 0 is absent even where the sum comes to 0", () => {
    expect(udpChecksum(frameWith(0, ackWithChecksum(0xffff)))).toMatchObject({
      verdict: "absent",
      stored: 0,
      expected: 0xffff,
    });
  });

  it("0xffff is bad where another sum is right", () => {
    expect(udpChecksum(frameWith(0xffff))?.verdict).toBe("bad");
  });
});

describe("what is summed", () => {
  it("is odd data with a zero octet in thought", () => {
    for (const message of [[0x61], [0x61, 0x62], [0x61, 0x62, 0xff]]) {
      const data = ack(message);
      expect(udpChecksum(frameWith(rightChecksum(udp(data)), data))?.verdict).toBe("good");
    }
  });

  it("is never Ethernet padding", () => {
    const bytes = Uint8Array.from([...ethernet(ipv4(udp(ack(), { checksum: RIGHT }))), 0xde, 0xad, 0xbe]);
    expect(udpChecksum(decodeEthernet(bytes, bytes.length))?.verdict).toBe("good");
  });

  it("ends with the UDP length, where the IP length goes on", () => {
    const datagram = [...udp(ack(), { checksum: RIGHT }), 0xde, 0xad];
    const bytes = ethernet(ipv4(datagram));
    expect(udpChecksum(decodeEthernet(bytes, bytes.length))?.verdict).toBe("good");
  });

  it("begins behind IP options and VLAN tags", () => {
    const datagram = udp(ack(), { checksum: RIGHT });
    const bytes = ethernet(ipv4(datagram, { options: zeros(12) }), 0x0800, [
      [0x88a8, 30],
      [0x8100, 40],
    ]);
    expect(udpChecksum(decodeEthernet(bytes, bytes.length))?.verdict).toBe("good");
  });

  it("may begin anywhere in the memory of a larger block", () => {
    const bytes = ethernet(ipv4(udp(ack(), { checksum: RIGHT })));
    const block = new Uint8Array(bytes.length + 3).fill(0xaa);
    block.set(bytes, 3);
    expect(udpChecksum(decodeEthernet(block.subarray(3), bytes.length))?.verdict).toBe("good");
  });

  it("includes addresses above 127.255.255.255", () => {
    const ip = { src: 0xfffefdfc, dst: 0xffffffff };
    const datagram = udp(ack());
    expect(udpChecksum(frameWith(rightChecksum(datagram, ip.src, ip.dst), ack(), {}, ip))?.verdict).toBe("good");
  });
});

describe("unverified", () => {
  const whole = ethernet(ipv4(udp(ack(), { checksum: RIGHT })));
  const cut = (checksum: number): ReturnType<typeof udpChecksum> => {
    const bytes = ethernet(ipv4(udp(ack(), { checksum })));
    return udpChecksum(decodeEthernet(bytes.slice(0, 90), bytes.length));
  };

  it("a snapped frame", () => {
    expect(cut(RIGHT)).toEqual({ verdict: "unverified", stored: RIGHT, expected: null, pattern: null });
  });

  it("looks partial where the pseudo-header's sum is stored", () => {
    expect(cut(PARTIAL)).toEqual({ verdict: "unverified", stored: PARTIAL, expected: null, pattern: "looks-partial" });
  });

  it("but 0 is absent even when cut", () => {
    expect(cut(0)).toEqual({ verdict: "absent", stored: 0, expected: null, pattern: null });
  });

  it("a frame cut by one byte; one cut in its padding only is good", () => {
    expect(udpChecksum(decodeEthernet(whole.slice(0, -1), whole.length))?.verdict).toBe("unverified");
    expect(udpChecksum(decodeEthernet(whole, whole.length + 6))?.verdict).toBe("good");
  });

  it("a first fragment, even one that holds all that its UDP length says", () => {
    expect(udpChecksum(frameWith(RIGHT, ack(), {}, { fragment: 0x2000 }))?.verdict).toBe("unverified");
    expect(udpChecksum(frameWith(0, ack(), {}, { fragment: 0x2000 }))?.verdict).toBe("absent");
  });

  it.each([
    ["longer than the IP payload", { length: LENGTH + 1 }],
    ["shorter than its header", { length: 7 }],
  ])("a UDP length %s", (_, fields) => {
    expect(udpChecksum(frameWith(0x1234, ack(), fields))).toEqual({
      verdict: "unverified",
      stored: 0x1234,
      expected: null,
      pattern: null,
    });
  });
});

describe("any datagram", () => {
  const datagram = fc.record({
    data: fc.array(fc.nat(255), { maxLength: 400 }),
    src: fc.integer({ min: 0, max: 0xffffffff }),
    dst: fc.integer({ min: 0, max: 0xffffffff }),
    stored: fc.nat(0xffff),
  });

  it("has the verdict that the RFC's slow way gives", () => {
    fc.assert(
      fc.property(datagram, ({ data, src, dst, stored }) => {
        const right = rightChecksum(udp(data), src, dst);
        const partial = partialSum(data.length + 8, src, dst);
        const candidates = [0, right, partial, stored];
        for (const value of candidates) {
          const slow = value === 0 ? "absent" : value === right ? "good" : value === partial ? "partial" : "bad";
          expect(udpChecksum(frameWith(value, data, {}, { src, dst }))).toMatchObject({
            verdict: slow,
            stored: value,
            expected: right,
          });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("between the guest and its server is good in the client's direction too", () => {
    const data = bootp({ op: 1 });
    const ports = { src: 68, dst: 67 };
    const right = rightChecksum(udp(data, ports), CLIENT, SERVER);
    expect(udpChecksum(frameWith(right, data, ports, { src: CLIENT, dst: SERVER }))?.verdict).toBe("good");
  });
});

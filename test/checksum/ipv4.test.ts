import { describe, expect, it } from "vitest";
import { ipv4Checksum } from "../../src/checksum/ipv4.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import type { IpFields } from "../wire/packets.js";
import { bootp, ethernet, ipv4, udp, zeros } from "../wire/packets.js";
import { slowChecksum } from "./reference.js";

/** The header without its sum, and the sum that belongs in it. */
function right(fields: IpFields = {}): number {
  const datagram = ipv4(udp(bootp()), fields);
  return slowChecksum(datagram.slice(0, 20 + (fields.options ?? []).length));
}

function verdict(fields: IpFields, captured?: number): ReturnType<typeof ipv4Checksum> {
  const bytes = ethernet(ipv4(udp(bootp()), fields));
  return ipv4Checksum(decodeEthernet(bytes.slice(0, captured), bytes.length));
}

describe("the IPv4 header checksum", () => {
  it("good: a published header, 45 00 00 73 … b8 61 …", () => {
    const header = [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7];
    const bytes = ethernet([...header, ...zeros(95)]);
    const checksum = ipv4Checksum(decodeEthernet(bytes, bytes.length));
    expect(checksum).toEqual({ verdict: "good", stored: 0xb861, expected: 0xb861, pattern: null });
  });

  it("good: options are part of it", () => {
    const options = [7, 7, 4, 0, 1, 2, 3, 4];
    expect(verdict({ options, checksum: right({ options }) })?.verdict).toBe("good");
  });

  it("absent: 0 is stored, as offloading leaves it", () => {
    expect(verdict({ checksum: 0 })).toEqual({ verdict: "absent", stored: 0, expected: right(), pattern: null });
  });

  it("good: 0 where 0 is right, which IPv4 has no other way to write", () => {
    // The right sum is the complement of a sum; an id of that value brings the sum to 0xffff.
    const id = right();
    expect(right({ id })).toBe(0);
    expect(verdict({ id, checksum: 0 })?.verdict).toBe("good");
    expect(verdict({ id, checksum: 0xffff })?.verdict).toBe("good");
  });

  it("bad, and whether one bit explains it", () => {
    expect(verdict({ checksum: right() ^ 0x0400 })).toMatchObject({ verdict: "bad", pattern: "bit-flip" });
    expect(verdict({ checksum: right() ^ 0x0410 })).toMatchObject({ verdict: "bad", pattern: null });
  });

  it("unverified: the header is cut, or shorter than a header can be", () => {
    const options = zeros(20);
    expect(verdict({ options, checksum: 0x1234 }, 14 + 30)).toMatchObject({ verdict: "unverified", expected: null });
    expect(verdict({ versionAndLength: 0x44, checksum: 0x1234 })).toMatchObject({
      verdict: "unverified",
      expected: null,
    });
    expect(verdict({ versionAndLength: 0x44, checksum: 0 })).toMatchObject({ verdict: "absent", expected: null });
  });

  it("the payload does not matter: a snapped datagram is verified", () => {
    expect(verdict({ checksum: right() }, 14 + 20)?.verdict).toBe("good");
  });

  it("none where there is no IPv4 header", () => {
    const bytes = ethernet(zeros(40), 0x86dd);
    expect(ipv4Checksum(decodeEthernet(bytes, bytes.length))).toBeNull();
  });
});

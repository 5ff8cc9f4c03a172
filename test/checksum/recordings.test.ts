import { expect, it } from "vitest";
import type { Checksum } from "../../src/checksum/checksum.js";
import { pseudoHeaderSum, sumIpv4Addresses } from "../../src/checksum/internet.js";
import { ipv4Checksum } from "../../src/checksum/ipv4.js";
import { udpChecksum } from "../../src/checksum/udp.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import type { Frame } from "../../src/wire/frame.js";
import { describeWithShared } from "../support/shared.js";
import type { Captured } from "../wire/captures.js";
import { corpusFrames, guestFrames, scenarioFrames } from "../wire/truth.js";

const decode = (frame: Captured): Frame => decodeEthernet(frame.bytes, frame.original);

function partialSum({ ip, udp }: Frame): string {
  if (ip === null || udp === null) return "";
  return word(pseudoHeaderSum(sumIpv4Addresses(ip.src, ip.dst), 17, udp.length));
}

function word(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : value.toString(16).padStart(4, "0");
}

/** The oracles' words for our verdicts. */
const STATUS: Readonly<Record<string, Checksum["verdict"]>> = {
  full: "good",
  OK: "good",
  partial: "partial",
  PARTIAL: "partial",
  zero: "absent",
  ZERO: "absent",
  bad: "bad",
  BAD: "bad",
};

describeWithShared("the recorded scenarios", (shared) => {
  const frames = scenarioFrames(shared).filter(({ said }) => said["kind"] === "dhcp");

  it("every verdict and every sum is that of truth.json", () => {
    expect(frames.length).toBeGreaterThan(1_000);
    for (const { where, frame, said } of frames) {
      const decoded = decode(frame);
      const checksum = udpChecksum(decoded);
      const ours = [checksum?.verdict, word(checksum?.stored), word(checksum?.expected), partialSum(decoded)];
      expect(ours, where).toEqual([STATUS[said["ck_status"] ?? ""], said["ck"], said["ck_full"], said["ck_pseudo"]]);
    }
  });

  it("the damaged replies of s06 are one flipped bit each, and no other frame has a pattern", () => {
    for (const { where, frame, said } of frames) {
      const pattern = said["ck_status"] === "bad" && where.startsWith("s06-garbage") ? "bit-flip" : null;
      expect(udpChecksum(decode(frame))?.pattern, where).toBe(pattern);
    }
  });
});

describeWithShared("the recordings of QEMU guests", (shared) => {
  it.each(guestFrames(shared))("$capture", ({ capture, frames, lines }) => {
    const messages = frames.map(decode).filter((frame) => frame.dhcp !== null);
    expect(messages).toHaveLength(lines.length);
    for (const [index, frame] of messages.entries()) {
      const { status = "", ck, full, pseudo } = lines[index] ?? {};
      const checksum = udpChecksum(frame);
      const ours = [checksum?.verdict, word(checksum?.stored), word(checksum?.expected), partialSum(frame)];
      expect(ours, `${capture}, message ${index + 1}`).toEqual([STATUS[status], ck, full, pseudo]);
      expect(checksum?.pattern).toBeNull();
    }
  });
});

/** tshark's stack of a DHCPv4 frame without tunnels: tags, IPv4, UDP. */
const DIRECT = /^eth:ethertype:(vlan:ethertype:|ieee8021ad:ethertype:)*ip:udp:dhcp/;

describeWithShared("the corpus", (shared) => {
  const rows = corpusFrames(shared).filter(({ row }) => DIRECT.test(row.text("frame.protocols")));
  const classes: Readonly<Record<string, string>> = {
    zero: "absent",
    garbage: "bad",
    "unverified-looks-partial": "unverified looks-partial",
  };

  it("every verdict is that of its table, except where tshark has put fragments together", () => {
    for (const { where, frame, row } of rows) {
      if (row.integer("ip.frag_offset") !== 0) continue;
      const checksum = udpChecksum(decode(frame));
      const looks = checksum?.pattern === "looks-partial" ? " looks-partial" : "";
      const told = row.text("udp_checksum_class");
      expect(`${checksum?.verdict ?? "none"}${looks}`, where).toBe(classes[told] ?? told);
    }
  });

  it("the right sum is tshark's, where it computes one", () => {
    for (const { where, frame, row } of rows) {
      const calculated = row.integer("udp.checksum_calculated");
      if (row.integer("ip.frag_offset") !== 0 || calculated === null) continue;
      expect(udpChecksum(decode(frame))?.expected, where).toBe(calculated);
    }
  });

  it("the IPv4 header's verdict is tshark's: 0 bad, 1 good, 2 unverified", () => {
    for (const { where, frame, row } of rows) {
      const status = row.integer("ip.checksum.status");
      const verdict = ipv4Checksum(decode(frame))?.verdict;
      if (status === 1) expect(verdict, where).toBe("good");
      if (status === 0) expect(["bad", "absent"], where).toContain(verdict);
    }
  });
});

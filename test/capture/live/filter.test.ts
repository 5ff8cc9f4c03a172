import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ethernetFilter, PLAIN_FILTER } from "../../../src/capture/live/filter.js";
import { pcapHeader, pcapRecord } from "../../../src/capture/pcap-writer.js";
import { describeWithTools, requireTool } from "../../support/tools.js";
import { ipv4, udp, zeros } from "../../wire/packets.js";
import { readBytes } from "../support/collector.js";
import { filterCases, TAGGINGS } from "./filter-frames.js";

const STYLE = { littleEndian: true, nanoseconds: false };
const ETHERNET = 1;
const RAW = 101;

describeWithTools(["tcpdump"], "the capture filter, on a file", () => {
  it.each(TAGGINGS)("takes what a watch needs and nothing else: %s", (_name, tags) => {
    const cases = filterCases(tags);
    const passed = through(ethernetFilter(false), ETHERNET, cases.map(({ bytes }) => bytes)); // prettier-ignore
    const taken = cases.filter(({ bytes }) => passed.has(hex(bytes))).map(({ what }) => what);
    expect(taken).toEqual(cases.filter(({ wanted }) => wanted).map(({ what }) => what));
  });

  it("finds untagged and tagged frames in one capture", () => {
    const frames = TAGGINGS.flatMap(([, tags]) => filterCases(tags).slice(0, 1).map(({ bytes }) => bytes)); // prettier-ignore
    expect(through(ethernetFilter(false), ETHERNET, frames).size).toBe(TAGGINGS.length);
  });

  it("takes DHCP where there is no link layer", () => {
    const [reply, dns] = [ipv4(udp(zeros(240))), ipv4(udp(zeros(40), { dst: 53, src: 4000 }))].map((bytes) =>
      Uint8Array.from(bytes),
    );
    if (reply === undefined || dns === undefined) throw new Error("no frames");
    expect(through(PLAIN_FILTER, RAW, [reply, dns])).toEqual(new Set([hex(reply)]));
  });
});

describe("the capture filter", () => {
  it("is for a port what it is elsewhere, but for who sends what shows that it is alive", () => {
    const port = ethernetFilter(true);
    expect(port).not.toBe(ethernetFilter(false));
    expect(port.replaceAll(" and inbound", "")).toBe(ethernetFilter(false));
  });
});

/** What libpcap lets through, in hexadecimal. */
function through(filter: string, linkType: number, frames: readonly Uint8Array[]): Set<string> {
  const records = frames.map((frame, index) => pcapRecord(STYLE, index, 0, frame));
  const input = Buffer.concat([pcapHeader(STYLE, linkType), ...records]);
  const { stdout, stderr, status } = spawnSync(requireTool("tcpdump"), ["-r", "-", "-w", "-", filter], { input });
  if (status !== 0) throw new Error(stderr.toString());
  return new Set(readBytes(stdout).sink.frames.map(({ bytes }) => bytes));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCapture, type Format } from "../../bench/capture.js";
import { spread } from "../../bench/figures.js";
import type { Counts } from "../../bench/traffic.js";
import { describeWithTools, requireTool } from "../support/tools.js";

/** Bytes; enough for six exchanges, of which one is tagged. */
const SIZE = 18_000_000;

const folder = mkdtempSync(join(tmpdir(), "leasetap-bench-test-"));
const paths: Record<Format, string> = {
  pcap: join(folder, "a.pcap"),
  pcapng: join(folder, "a.pcapng"),
  "pcap.gz": join(folder, "a.pcap.gz"),
};
let counts: Counts;

beforeAll(() => {
  counts = writeCapture(paths.pcap, "pcap", SIZE, 1);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How many frames match, by tshark's reading. */
function matching(path: string, filter: string): number {
  const checks = ["-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
  const run = spawnSync(
    requireTool("tshark"),
    ["-n", ...checks, "-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number"],
    {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    },
  );
  expect(run.status).toBe(0);
  return run.stdout.split("\n").length - 1;
}

describeWithTools(["tshark", "capinfos"], "the capture of the benchmark", () => {
  it("holds what its maker counted", () => {
    const { stdout } = spawnSync(requireTool("capinfos"), ["-T", "-m", "-r", "-c", "-S", paths.pcap], {
      encoding: "utf8",
    });
    expect(stdout).toContain(String(counts.frames));
    expect(matching(paths.pcap, "dhcp")).toBe(counts.dhcp);
    expect(matching(paths.pcap, "dhcp && vlan")).toBe(counts.taggedDhcp);
    expect(counts.taggedDhcp).toBeGreaterThan(0);
    expect(matching(paths.pcap, "arp")).toBe(counts.arp);
  });

  it("is a mix: mostly TCP, one frame of 16 tagged", () => {
    expect(matching(paths.pcap, "tcp") / counts.frames).toBeCloseTo(0.88, 1);
    expect(matching(paths.pcap, "vlan") / counts.frames).toBeCloseTo(1 / 16, 1);
    expect(SIZE / counts.frames).toBeGreaterThan(450);
    expect(SIZE / counts.frames).toBeLessThan(650);
  });

  it("is sound: no wrong header checksum, no broken DHCP, and wrong UDP checksums only in replies", () => {
    expect(matching(paths.pcap, "ip.checksum.status == 0 || (dhcp && _ws.malformed)")).toBe(0);
    const bad = matching(paths.pcap, "udp.checksum.status == 0");
    expect(bad).toBeGreaterThan(0);
    expect(matching(paths.pcap, "udp.checksum.status == 0 && dhcp.type == 2 && udp.srcport == 67")).toBe(bad);
  });

  it("is the same as pcapng", () => {
    expect(writeCapture(paths.pcapng, "pcapng", statSync(paths.pcap).size, 1).frames).toBeLessThan(counts.frames);
    expect(matching(paths.pcapng, "dhcp && frame.number <= 24000")).toBe(
      matching(paths.pcap, "dhcp && frame.number <= 24000"),
    );
  });
});

describe("the capture of the benchmark", () => {
  it("is as large as was asked", () => {
    const excess = statSync(paths.pcap).size - SIZE;
    expect(excess).toBeGreaterThanOrEqual(0);
    expect(excess).toBeLessThan(1600);
  });

  it("follows from the seed, compressed or not", () => {
    const first = readFileSync(paths.pcap);
    expect(writeCapture(paths["pcap.gz"], "pcap.gz", SIZE, 1)).toEqual(counts);
    expect(gunzipSync(readFileSync(paths["pcap.gz"])).equals(first)).toBe(true);
    writeCapture(paths["pcap.gz"], "pcap.gz", SIZE, 2);
    expect(gunzipSync(readFileSync(paths["pcap.gz"])).equals(first)).toBe(false);
  });
});

describe("spread", () => {
  it("gives the median and the quartiles", () => {
    expect(spread([5, 1, 3, 2, 4])).toEqual({ median: 3, lower: 2, upper: 4 });
    expect(spread([1, 2])).toEqual({ median: 1.5, lower: 1.25, upper: 1.75 });
  });
});

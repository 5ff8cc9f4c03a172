import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBytes } from "../capture/support/collector.js";
import { pcaps } from "../support/program.js";
import { LINKS, partsOf, wrap } from "../wire/links.js";
import { inspect, type Stamped, type Told } from "./captures.js";

/** The frames of a little-endian pcap file in microseconds. */
function framesOf(path: string): Stamped[] {
  const file = readFileSync(path);
  const frames: Stamped[] = [];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const time = file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6;
    frames.push({ time, bytes: new Uint8Array(file.subarray(at + 16, at + 16 + file.readUInt32LE(at + 8))) });
  }
  return frames;
}

/** What is found, apart from the words. */
function found({ findings, all }: Told): unknown {
  const renewals = all.filter((record) => record.type === "renewal");
  return {
    findings: findings.map(({ code, severity, confidence, evidence }) => [code, severity, confidence, evidence]),
    renewals: renewals.map(({ outcome, attempts }) => [outcome, attempts.map(({ cause }) => cause)]),
    summary: all.at(-1),
  };
}

describe("the recording of s02, carried over to another link layer, gives the same findings", () => {
  const frames = framesOf(join(pcaps, "s02-offload-ack", "bridge.pcap"));
  const before = inspect(1, frames);

  it("which are an error on Ethernet", () => {
    expect(before.findings[0]).toMatchObject({ code: "offload-partial", severity: "error", confidence: "certain" });
  });

  it.each(LINKS)("$name ($linkType)", (link) => {
    const after = inspect(
      link.linkType,
      frames.map(({ time, bytes }) => ({ time, bytes: wrap(link, bytes) })),
    );
    expect(found(after)).toEqual(found(before));
    expect(after.frames.map(({ udp, dhcp, outcome, frame }) => [frame, udp, dhcp, outcome])).toEqual(
      before.frames.map(({ udp, dhcp, outcome, frame }) => [frame, udp, dhcp, outcome]),
    );
    expect(after.frames.map((frame) => frame.link)).toEqual(
      before.frames.map(({ link: { src, dst } }) => ({
        src: link.shows.src ? src : null,
        dst: link.shows.dst ? dst : null,
        vlan: [],
      })),
    );
  });
});

/** The first capture of each recorded incident that is of Ethernet and whole. */
const incidents = readdirSync(pcaps, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const captures = readdirSync(join(pcaps, name), { recursive: true, encoding: "utf8" }).sort();
    const readings = captures
      .filter((capture) => /\.pcap(ng)?$/.test(capture))
      .map((capture) => readBytes(readFileSync(join(pcaps, name, capture))));
    const fit = readings.find(
      ({ sink, reader }) => sink.interfaces.every(({ linkType }) => linkType === 1) && reader.damage === null,
    );
    return fit === undefined ? [] : [[name, fit] as const];
  });

describe("an incident, carried over to each other link layer, gives the same findings", () => {
  it("incidents are there", () => {
    expect(incidents.length).toBeGreaterThan(15);
  });

  it.each(incidents)("%s", (_name, { sink }) => {
    const frames = sink.frames.map(({ seconds, nanos, bytes }) => ({
      time: seconds + nanos / 1e9,
      bytes: new Uint8Array(Buffer.from(bytes, "hex")),
    }));
    const tagged = frames.some(({ bytes }) => partsOf(bytes).tags.length > 0);
    const before = found(inspect(1, frames));
    for (const link of LINKS.filter((other) => other.tagged || !tagged)) {
      const after = inspect(
        link.linkType,
        frames.map(({ time, bytes }) => ({ time, bytes: wrap(link, bytes) })),
      );
      expect(found(after), link.name).toEqual(before);
    }
  });
});

it("frames of a link type that nobody reads are counted", () => {
  const { all } = inspect(195, [{ time: 1_700_000_000, bytes: new Uint8Array(60) }]);
  expect(all.at(-1)).toMatchObject({ frames: { total: 1, dhcp: 0 } });
});

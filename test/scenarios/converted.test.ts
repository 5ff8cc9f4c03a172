import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SNAP_LENGTH, pcapHeader, pcapRecord, type PcapStyle } from "../../src/capture/pcap-writer.js";
import * as ng from "../../src/capture/pcapng-writer.js";
import type { LeasetapRecord } from "../../src/report/events.js";
import { readBytes, type Reading } from "../capture/support/collector.js";
import { pcaps } from "../support/program.js";
import { describeWithTools, requireTool } from "../support/tools.js";
import { essence } from "./converted.js";
import { told } from "./recordings.js";

const recordings = readdirSync(pcaps, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .sort();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-converted-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A file whose name says nothing of its form. */
function file(bytes: Uint8Array): string {
  const path = join(folder, "capture");
  writeFileSync(path, bytes);
  return path;
}

function program(name: string, args: readonly string[]): void {
  const run = spawnSync(requireTool(name), args, { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
}

/** Whether pcap can hold it: one kind of link layer, and a time for every frame. */
function fitsPcap({ sink }: Reading): boolean {
  return sink.interfaces.length === 1 && sink.frames.every(({ seconds }) => !Number.isNaN(seconds));
}

function asPcap({ sink }: Reading, style: PcapStyle): Uint8Array {
  const records = sink.frames.map(({ bytes, original, seconds, nanos }) =>
    pcapRecord(style, seconds, nanos, Buffer.from(bytes, "hex"), original),
  );
  return Buffer.concat([pcapHeader(style, sink.interfaces[0]?.linkType ?? -1, DEFAULT_SNAP_LENGTH), ...records]);
}

function asPcapng({ sink }: Reading, littleEndian: boolean, digits: number): Uint8Array {
  const writer = ng.createPcapngWriter(littleEndian);
  return Buffer.concat([
    writer.sectionHeader(),
    ...sink.interfaces.map(({ linkType }) =>
      writer.interfaceDescription(linkType, 0, [writer.byteOption(ng.IF_TSRESOL, digits)]),
    ),
    ...sink.frames.map(({ bytes, original, seconds, nanos, interfaceIndex }) =>
      writer.enhancedPacket(interfaceIndex, ng.timeStamp(seconds, nanos, digits), Buffer.from(bytes, "hex"), original),
    ),
  ]);
}

/** Of libpcaps that were patched: their magic number does not tell them. */
const PATCHED = ["rh6_1pcap", "suse6_3pcap", "nokiapcap"];

/** Without what only Ethernet tells. */
function findingsOf(all: readonly LeasetapRecord[]): unknown {
  const findings = all.filter((record) => record.type === "finding");
  expect(findings.length).toBeGreaterThan(0);
  return findings.map(({ code, severity, confidence, client, address, evidence }) => ({
    ...{ code, severity, confidence, client, address },
    frames: evidence.map((ref) => ("frame" in ref ? ref.frame : null)),
  }));
}

describe("a recording in another form says the same:", () => {
  it("recordings are there", () => {
    expect(recordings.length).toBeGreaterThan(30);
  });

  it.each(recordings)("%s, written by us in both byte orders and resolutions, plain and compressed", async (name) => {
    const bytes = readFileSync(join(pcaps, name));
    const expected = essence(await told(join(pcaps, name)));
    const reading = readBytes(bytes);
    if (reading.reader.damage !== null) return;
    const forms: Uint8Array[] = [gzipSync(bytes)];
    for (const littleEndian of [true, false]) {
      for (const digits of [6, 9]) forms.push(asPcapng(reading, littleEndian, digits));
      if (!fitsPcap(reading)) continue;
      for (const nanoseconds of [true, false]) forms.push(asPcap(reading, { littleEndian, nanoseconds }));
    }
    for (const form of forms) expect(essence(await told(file(form)))).toEqual(expected);
  });
});

describeWithTools(["editcap", "lz4"], "a recording that another program has converted says the same:", () => {
  it.each(recordings)("%s, by editcap and lz4", async (name) => {
    const path = join(pcaps, name);
    const expected = essence(await told(path));
    const reading = readBytes(readFileSync(path));
    if (reading.reader.damage !== null) return;
    const to = join(folder, "capture");
    for (const format of fitsPcap(reading) ? ["pcapng", "nsecpcap", "modpcap", ...PATCHED, "pcap"] : ["pcapng"]) {
      program("editcap", ["-F", format, path, to]);
      expect(essence(await told(to)), format).toEqual(expected);
    }
    program("lz4", ["-q", "-f", path, to]);
    expect(essence(await told(to)), "lz4").toEqual(expected);
  });

  // Ethernet without tags: what snoop files and raw IP can hold.
  it.each(["s02-offload-ack", "s03-silent-server", "s05-nak", "s12-relay"])(
    "%s, as snoop and as raw IP",
    async (name) => {
      const path = join(pcaps, name, "bridge.pcap");
      const to = join(folder, "capture");
      program("editcap", ["-F", "snoop", path, to]);
      expect(essence(await told(to)), "snoop").toEqual(essence(await told(path)));
      for (const format of ["pcap", "pcapng"]) {
        program("editcap", ["-F", format, "-C", "14", "-L", "-T", "rawip", path, to]);
        expect(findingsOf(await told(to)), `raw IP, ${format}`).toEqual(findingsOf(await told(path)));
      }
    },
  );
});

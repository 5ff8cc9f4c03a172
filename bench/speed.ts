import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReader } from "../src/capture/reader.js";
import type { FrameSink } from "../src/capture/sink.js";
import { writeCapture, type Format } from "./capture.js";
import { milliseconds, ratio, spread } from "./figures.js";
import { alternately, output, peakMemory, type Command } from "./programs.js";

export interface SpeedOptions {
  readonly format: Format;
  /** Bytes, before compression. */
  readonly size: number;
  readonly seed: number;
  readonly rounds: number;
}

const FILTER = "udp port 67 or udp port 68";

/** How fast a capture is read, beside tcpdump that filters it. */
export function measureSpeed(program: string, { format, size, seed, rounds }: SpeedOptions): string[] {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-bench-"));
  try {
    const path = join(folder, `capture.${format}`);
    const made = writeCapture(path, format, size, seed);
    const filtering = tcpdump(path, format, "/dev/null");
    const analyzing: Command = [process.execPath, program, "analyze", path];
    // Once each, not counted: the file is in the page cache from here on.
    alternately([filtering, analyzing], 1);
    const [theirs = [], ours = []] = alternately([filtering, analyzing], rounds);
    const ratios = theirs.map((time, index) => time / (ours[index] ?? NaN));
    const read = inputRecord(output([...analyzing, "--json"]).toString());
    const matched = framesIn(output(tcpdump(path, format, "-")));
    return [
      `${format}, ${statSync(path).size} bytes, ${made.frames} frames, ${made.dhcp} of them DHCP (${made.taggedDhcp} in a VLAN tag)`,
      `tcpdump:  ${milliseconds(spread(theirs))}, ${memory(filtering, format)}, ${matched} frames matched: it does not look behind tags`,
      `leasetap: ${milliseconds(spread(ours))}, ${memory(analyzing, format)}, ${String(read.frames)} frames read, ${String(read.dhcp)} DHCP decoded, verified and followed`,
      `leasetap is ${ratio(spread(ratios))} times as fast, by ${rounds} pairs`,
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tcpdump(path: string, format: Format, to: string): Command {
  if (format !== "pcap.gz") return ["tcpdump", "-r", path, "-w", to, FILTER];
  return ["sh", "-c", `gzip -dc "$1" | tcpdump -r - -w "$2" "$3"`, "sh", path, to, FILTER];
}

function memory(command: Command, format: Format): string {
  const peak = peakMemory(command);
  if (peak === null || (format === "pcap.gz" && command[0] === "sh")) return "memory not measured";
  return `${peak.toFixed(0)} MB`;
}

/** The numbers of the record that speaks of the input. */
function inputRecord(lines: string): { readonly frames: unknown; readonly dhcp: unknown } {
  const record: unknown = JSON.parse(lines.split("\n").find((line) => line.includes('"type":"input"')) ?? "null");
  if (typeof record === "object" && record !== null && "frames" in record && "dhcp" in record) return record;
  throw new Error("leasetap printed no input record");
}

function framesIn(capture: Uint8Array): number {
  const sink: FrameSink = { interface: () => undefined, frame: () => undefined, observedUntil: () => undefined };
  const reader = createReader(sink);
  reader.feed(capture);
  reader.end();
  return reader.frames;
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { requireTool } from "../../support/tools.js";
import type { Reading, SeenFrame } from "./collector.js";

/** A frame as tshark prints it. */
export interface PrintedFrame {
  /** Seconds with nine decimals; empty where the frame has no time. */
  readonly time: string;
  readonly captured: number;
  readonly original: number;
}

/** Which interface a frame of a pcapng file came from: its section, from 1, and its number and name there. */
export interface PrintedInterface {
  readonly section: number;
  readonly id: number;
  readonly name: string;
}

export interface Printed {
  readonly frames: readonly PrintedFrame[];
  /** One for each frame; null in a classic pcap file. */
  readonly interfaces: readonly (PrintedInterface | null)[];
  /** tshark read the file to its end without complaint. */
  readonly whole: boolean;
}

/** What tshark reads from a capture file, damaged or not. Call it within a test: without tshark that is skipped. */
export function tshark(path: string): Printed {
  const fields = ["time_epoch", "cap_len", "len", "section_number", "interface_id", "interface_name"];
  const run = spawnSync(
    requireTool("tshark"),
    // No dissector is needed, and none may reassemble or fail.
    [
      "-n",
      "--disable-protocol",
      "ALL",
      "-r",
      path,
      "-T",
      "fields",
      ...fields.flatMap((field) => ["-e", `frame.${field}`]),
    ],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (run.error !== undefined) throw run.error;
  const rows = run.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"))
    // tshark shows custom blocks as frames, of a section but of no interface. They are no packets.
    .filter(([, , , section, id]) => section === "" || id !== "");
  return { frames: rows.map(parseFrame), interfaces: rows.map(parseInterface), whole: run.status === 0 };
}

function parseFrame([time = "", captured = "", original = ""]: string[]): PrintedFrame {
  // tshark prints what the record says; a sink is promised that the original length is not below the captured one.
  return { time, captured: Number(captured), original: Math.max(Number(captured), Number(original)) };
}

function parseInterface([, , , section = "", id = "", name = ""]: string[]): PrintedInterface | null {
  return section === "" ? null : { section: Number(section), id: Number(id), name };
}

/** The same of what our reader gave. */
export function printed({ captured, original, seconds, nanos }: SeenFrame): PrintedFrame {
  const time = Number.isNaN(seconds) ? "" : `${seconds}.${String(nanos).padStart(9, "0")}`;
  return { time, captured, original };
}

/**
 * Our reader saw the same frames on the same interfaces. tshark counts these anew in each section, we know them again by
 * their descriptions. Where a file is damaged tshark stops; we agree up to there, and may read on.
 */
export function expectAgreement({ sink, reader }: Reading, truth: Printed): void {
  const seen = truth.whole ? sink.frames : sink.frames.slice(0, truth.frames.length);
  // A time that we do not believe we leave out.
  const doubted = reader.damage?.sentence.includes("taken for unknown") === true;
  const believed = truth.frames.map((frame, index) =>
    doubted && Number.isNaN(seen[index]?.seconds) ? { ...frame, time: "" } : frame,
  );
  expect(seen.map(printed)).toEqual(believed);
  expect(reader.damage === null).toBe(truth.whole);
  const indexes = new Map<string, number>();
  truth.interfaces.forEach((expected, frame) => {
    const index = sink.frames[frame]?.interfaceIndex ?? NaN;
    if (expected === null) {
      expect(index).toBe(0);
      return;
    }
    const key = `${expected.section} ${expected.id}`;
    expect(index).toBe(indexes.get(key) ?? index);
    indexes.set(key, index);
    // In later sections tshark 4.0 prints the names of the first.
    if (expected.section !== 1) return;
    expect(index).toBe(expected.id);
    expect(sink.interfaces[index]?.name ?? "unknown").toBe(expected.name);
  });
  for (const section of new Set(truth.interfaces.map((expected) => expected?.section))) {
    const ofSection = [...indexes].filter(([key]) => key.startsWith(`${section} `)).map(([, index]) => index);
    expect(new Set(ofSection).size).toBe(ofSection.length);
  }
}

/** What capinfos says of a file: its number of packets, its encapsulation. */
export function capinfos(path: string): { readonly packets: number; readonly encapsulation: string } {
  const run = spawnSync(requireTool("capinfos"), ["-T", "-r", "-M", "-c", "-E", path], { encoding: "utf8" });
  if (run.error !== undefined) throw run.error;
  const [, encapsulation = "", packets = ""] = run.stdout.trim().split("\t");
  return { packets: Number(packets), encapsulation };
}

/** Calls `use` with the path of a temporary file of these bytes. */
export async function withFile<T>(bytes: Uint8Array, use: (path: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-capture-"));
  try {
    const path = join(folder, "capture");
    writeFileSync(path, bytes);
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

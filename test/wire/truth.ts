import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Captured } from "./captures.js";
import { capturesBelow, ETHERNET, readCapture } from "./captures.js";
import type { Row } from "./tshark-table.js";
import { readTable } from "./tshark-table.js";

/** What an oracle says of a frame: names of its own, everything as text, absent where it says nothing. */
export type Said = Readonly<Record<string, string>>;

export interface Judged {
  /** The capture and the frame's number, for messages. */
  readonly where: string;
  readonly frame: Captured;
  readonly said: Said;
}

/** Every frame of the recorded scenarios, with the entry of truth.json: kind, ck, ck_full, ck_pseudo, ck_status, xid … */
export function scenarioFrames(shared: string): Judged[] {
  const folder = join(shared, "scenarios");
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name, "truth.json");
    if (!existsSync(path)) return [];
    const truth: unknown = JSON.parse(readFileSync(path, "utf8"));
    return entries(property(truth, "frames")).flatMap(([capture, list]) => {
      const frames = readCapture(join(folder, name, capture));
      return Array.isArray(list)
        ? list.map((entry: unknown) => judged(`${name}/${capture}`, frames, texts(entry)))
        : [];
    });
  });
}

/** Every DHCP frame of the recordings of QEMU guests: type, xid, secs, ck, full, pseudo, status, vlan. */
export function guestFrames(shared: string): { capture: string; frames: Captured[]; lines: Said[] }[] {
  return capturesBelow(join(shared, "vm")).map((path) => {
    const lines = readFileSync(path.replace(/\.pcap$/, ".txt"), "utf8").split("\n");
    return {
      capture: path,
      frames: readCapture(path),
      lines: lines.filter((line) => line.includes(" ck=")).map(guestLine),
    };
  });
}

function guestLine(line: string): Said {
  const words = line.trim().split(/\s+/);
  const named = words.flatMap((word): [string, string][] => {
    const [name, value] = word.split("=");
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  const status = words.find((word) => word === "OK" || word === "PARTIAL" || word === "BAD" || word === "ZERO");
  return { ...Object.fromEntries(named), type: words[4] ?? "", path: words[5] ?? "", status: status ?? "" };
}

/** Every row of tshark's tables for captures of Ethernet frames, with the frame. */
export function corpusFrames(shared: string): { where: string; capture: string; frame: Captured; row: Row }[] {
  return capturesBelow(join(shared, "corpus", "captures")).flatMap((path) => {
    const name = basename(path);
    const table = join(shared, "corpus", "truth", `${name}.tsv`);
    if (!existsSync(table)) return [];
    const frames = readCapture(path);
    return readTable(table).flatMap((row) => {
      const frame = frames[row.number - 1];
      if (frame === undefined) throw new Error(`${name} has no frame ${row.number}`);
      return frame.linkType === ETHERNET ? [{ where: `${name} ${row.number}`, capture: name, frame, row }] : [];
    });
  });
}

function judged(capture: string, frames: readonly Captured[], said: Said): Judged {
  const frame = frames[Number(said["n"]) - 1];
  if (frame === undefined) throw new Error(`${capture} has no frame ${said["n"] ?? ""}`);
  return { where: `${capture} ${frame.number}`, frame, said };
}

function property(value: unknown, name: string): unknown {
  return entries(value).find(([key]) => key === name)?.[1];
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function texts(value: unknown): Said {
  return Object.fromEntries(entries(value).map(([key, item]) => [key, String(item)]));
}

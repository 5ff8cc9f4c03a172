import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Finding, Forecast, Frame, LeasetapRecord } from "../../src/report/events.js";
import { recordTypes, validateRecord } from "../support/validate.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const frame: Frame = {
  type: "frame",
  input: "bridge.pcap",
  frame: 7,
  interface: null,
  time: "2026-03-01T12:00:00.000001Z",
  link: { src: "52:54:00:12:65:64", dst: "ff:ff:ff:ff:ff:ff", vlan: [] },
  outer: [],
  ip: {
    version: 4,
    src: "10.8.12.1",
    dst: "10.8.12.20",
    checksum: { verdict: "good", stored: "0x1a2b", expected: "0x1a2b", pattern: null },
  },
  reassembled: null,
  udp: {
    src: 67,
    dst: 68,
    checksum: { verdict: "bad", stored: "0x0001", expected: "0xfffe", pattern: "no-pseudo-header" },
  },
  dhcp: null,
  stopped: { layer: "dhcp", offset: 42, needed: 240, had: 100 },
  outcome: "ignored",
};

const finding: Finding = {
  type: "finding",
  id: "f1",
  final: true,
  code: "partial-seen",
  severity: "note",
  confidence: "certain",
  alternatives: [],
  client: null,
  name: null,
  address: null,
  renewals: [],
  evidence: [
    { input: "bridge.pcap", frame: 7 },
    { input: "dhcpd.log", line: 3 },
  ],
  from: "2026-03-01T12:00:00.000001Z",
  to: "2026-03-01T12:00:00.000001002Z",
  summary: "Partial checksums, nobody harmed.",
  detail: "",
  remedies: [],
};

const forecast: Forecast = {
  type: "forecast",
  lease: "l1",
  client: "52:54:00:12:65:64",
  name: null,
  address: "10.8.12.20",
  expires: "2026-03-01T12:00:00.000000Z",
  remaining: 12.5,
};

const capitals = { verdict: "good", stored: "0x1A2B", expected: "0x1a2b", pattern: null };

describe("docs/events.schema.json", () => {
  it("is what `npm run schema` generates from src/report/events.ts", () => {
    const generated = execFileSync(process.execPath, ["scripts/schema.mjs", "--print"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(generated).toBe(readFileSync(new URL("../../docs/events.schema.json", import.meta.url), "utf8"));
  });

  it("has every type of record", () => {
    const types: Record<LeasetapRecord["type"], true> = {
      start: true,
      input: true,
      frame: true,
      lease: true,
      acquisition: true,
      renewal: true,
      server: true,
      finding: true,
      forecast: true,
      gap: true,
      "clock-step": true,
      summary: true,
    };
    expect(recordTypes().sort()).toEqual(Object.keys(types).sort());
  });
});

describe("validateRecord", () => {
  it.each([frame, finding, forecast])("accepts what the types accept: $type", (record) => {
    expect(validateRecord(record)).toEqual([]);
  });

  it.each([
    ["a key that is missing", without(frame, "outcome"), "outcome"],
    ["a key that nobody knows", { ...frame, colour: "red" }, "colour"],
    ["a key that nobody knows, further down", { ...frame, link: { ...frame.link, mtu: 1500 } }, "mtu"],
    ["a word of no union", { ...frame, outcome: "lost" }, "/outcome"],
    ["a frame that is not counted in whole numbers", { ...frame, frame: 1.5 }, "/frame"],
    ["milliseconds", { ...forecast, expires: "2026-03-01T12:00:00.000Z" }, "/expires"],
    ["local time", { ...forecast, expires: "2026-03-01T12:00:00.000000+01:00" }, "/expires"],
    ["a checksum in capital letters", { ...frame, udp: { ...frame.udp, checksum: capitals } }, "/udp/checksum/stored"],
    ["a reference to nothing", { ...finding, evidence: [{ input: "bridge.pcap" }] }, "/evidence/0"],
    ["a type that nobody knows", { type: "frames" }, "frames"],
    ["a record without a type", {}, "no type"],
    ["a value that is no record", null, "not an object"],
  ])("refuses %s", (_name, record, expected) => {
    expect(validateRecord(record).join("\n")).toContain(expected);
  });
});

function without(record: object, key: string): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { LogInspector, type LogInspection } from "../../src/logs/inspect.js";
import { readLines } from "../../src/logs/read-lines.js";
import { SaidReader } from "../../src/logs/said.js";
import { StampReader } from "../../src/logs/stamp.js";
import { logRecords } from "../../src/report/log-records.js";
import { safeJson } from "../../src/report/safe-text.js";
import { logReport } from "../../src/report/text-log.js";
import { UTC } from "../../src/report/zone.js";
import { pathOf, recordedNetworks, truthOf } from "../evidence/recordings.js";
import { cut, damage, damaged, shuffle, shuffled, type Wound } from "../support/damage.js";
import { inUse } from "../support/heap.js";
import { validateRecord } from "../support/validate.js";

const own = fileURLToPath(new URL("recorded", import.meta.url));
/** A log of each program that is understood, by its name. */
const LOGS: readonly (readonly [string, Uint8Array])[] = [
  ...readdirSync(own).flatMap((name) => (name.endsWith(".log") ? [[name, join(own, name)] as const] : [])),
  ...recordedNetworks.flatMap((network) =>
    truthOf(network).logs.map(({ path }) => [`${network}/${path}`, pathOf(network, path)] as const),
  ),
].map(([name, path]) => [name, new Uint8Array(readFileSync(path))] as const);

/** The day after the last of them was written. */
const STAMPS = { year: null, zone: UTC, written: Date.UTC(2026, 10, 29, 12) / 1000 };
const RUNS = { numRuns: 12 };
const style = { columns: 80, color: false, unicode: true };

const folder = mkdtempSync(join(tmpdir(), "leasetap-damage-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(LOGS)("%s, damaged,", (_name, bytes) => {
  it("gives a report of printing characters and valid records", async () => {
    const text = new TextDecoder("latin1").decode(bytes);
    const spoiled = fc.oneof(
      fc
        .array(fc.oneof(damage, cut), { minLength: 1, maxLength: 6 })
        .map((many) => many.reduce((content, one) => damaged(content, one)[0], bytes)),
      shuffle.map((how) => Buffer.from(shuffled(text, ...how), "latin1")),
    );
    await fc.assert(
      fc.asyncProperty(spoiled, async (content) => {
        const inspector = new LogInspector("a.log", STAMPS);
        for (const line of await linesOf(content)) inspector.line(line);
        expectPrinting(inspector.finish());
      }),
      RUNS,
    );
  });

  it("says the same where it is whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(damage, cut), async (one) => {
        const [content, wound] = damaged(bytes, one);
        const left = said(wholeLines(bytes, wound));
        const found = said(await linesOf(content));
        for (const [line, times] of left) expect([line, (found.get(line) ?? 0) >= times]).toEqual([line, true]);
      }),
      RUNS,
    );
  });
});

describe("a log", () => {
  it("of which a line ends within a character, or stands behind the zero bytes of a crash, is read on", async () => {
    const line = "Nov 28 11:00:00 h dhclient[1]: DHCPACK of 10.0.0.2 from 10.0.0.1";
    const content = Buffer.concat([
      Buffer.from("x\u00e9").subarray(0, 2),
      Buffer.from(`\n${line}\n${"\0".repeat(4096)}${line}\n`),
    ]);
    expect((await linesOf(content)).slice(-3)).toEqual(["x\ufffd", line, line]);
  });

  it("of a guest whose clock was not set yet when it started goes on in the same year", () => {
    const reader = new StampReader({ ...STAMPS, year: 2026 });
    const years = ["Nov 28 11:00:00", "Jan  1 00:00:03", "Nov 28 11:00:09"].map((stamp) =>
      new Date((reader.take(`${stamp} h x: y`)?.stamp.time ?? 0) * 1000).getUTCFullYear(),
    );
    expect(years).toEqual([2026, 2026, 2026]);
  });
});

describe("lines of strangers", () => {
  it("do not fill the memory, however many hosts, programs, clients and interfaces they name", () => {
    const before = inUse();
    const inspector = new LogInspector("a.log", STAMPS);
    for (let line = 0; line < 50_000; line += 1) {
      const mac = `52:54:${line
        .toString(16)
        .padStart(8, "0")
        .replace(/..(?!$)/g, "$&:")}`;
      const [host, tag] = [`h${line}`, `p${line}[${line}]`];
      inspector.line(
        `Nov 28 11:00:00 ${host} dhclient[${line}]: DHCPREQUEST for 10.0.0.1 on e${line} to 10.0.0.9 port 67`,
      );
      inspector.line(`Nov 28 11:00:00 h dhcpd: DHCPACK on 10.0.0.1 to ${mac} via br0`);
      inspector.line(`Nov 28 11:00:00 ${host} dnsmasq-dhcp: DHCPACK(br0) 10.0.0.1 ${mac}`);
      inspector.line(`Nov 28 11:00:00 ${host} ${tag}: UDP: bad checksum. From 10.0.0.1:67 to 10.0.0.2:68 ulen 308`);
    }
    const inspection = inspector.finish();
    expect(inUse() - before).toBeLessThan(64 * 1024 * 1024);
    expect(inspection.lines).toBe(200_000);
    expect(inspection.programs.length).toBeLessThan(200);
    expect([...logReport([{ inspection, compression: null, damage: null }], style)].length).toBeLessThan(1000);
  });
});

function expectPrinting(inspection: LogInspection): void {
  const readings = [{ inspection, compression: null, damage: null }];
  for (const printed of logReport(readings, style)) expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  for (const record of logRecords(readings)) {
    const printed = safeJson(record);
    expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(validateRecord(JSON.parse(printed))).toEqual([]);
  }
}

/** The lines of a log as the program reads it from a file. */
async function linesOf(content: Uint8Array): Promise<string[]> {
  const path = join(folder, "log");
  // Zero bytes at the beginning are what a capture has.
  writeFileSync(path, Buffer.concat([Buffer.from("x\n".repeat(256)), content]));
  const lines: string[] = [];
  for await (const line of readLines(path, () => undefined)) lines.push(line);
  return lines;
}

/** Lines that no byte was changed of, nor of the break before them. */
function wholeLines(bytes: Uint8Array, { from, to }: Wound): string[] {
  const before = bytes.subarray(0, bytes.lastIndexOf(NEW_LINE, from - 1) + 1);
  const end = bytes.indexOf(NEW_LINE, to);
  const after = end === -1 ? new Uint8Array() : bytes.subarray(end + 1);
  const decoder = new TextDecoder();
  return `${from === 0 ? "" : decoder.decode(before)}${decoder.decode(after)}`.split("\n");
}

const NEW_LINE = 10;

/** What lines say of DHCP, and how often. */
function said(lines: readonly string[]): Map<string, number> {
  const reader = new SaidReader("a.log", new StampReader(STAMPS));
  const counts = new Map<string, number>();
  for (const line of lines) {
    const told = reader.read(line).said;
    if (told === null) continue;
    const { fact, device, place, host, pid, xid } = told;
    const key = JSON.stringify([place.stamp?.time, fact, device, host, pid, xid]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

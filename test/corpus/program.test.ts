import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { framesOf, told } from "../scenarios/recordings.js";
import { describeWithShared } from "../support/shared.js";
import { capturesBelow, readCapture, type Captured } from "../wire/captures.js";
import { readTable, type Row } from "../wire/tshark-table.js";
import { ours, theirs, type Columns } from "./compare.js";
import { disagreements, untold } from "./disagreements.js";

/** tshark counts custom blocks of pcapng among the frames; they are no packets, and have no number with us. */
const CUSTOM = -1;

function ownNumber(frames: readonly Captured[], number: number): number {
  return frames.slice(0, number).filter(({ linkType }) => linkType !== CUSTOM).length;
}

/** Columns in which both say something that can be compared. */
function comparable(mine: Columns, row: Row): string[] {
  const layers = row.text("frame.protocols");
  const silent = new Set([
    // The tables have the addresses of Ethernet alone.
    ...(layers.startsWith("eth:") ? [] : ["src", "dst"]),
    // Where option 53 is missing or cut off we conclude what it is; tshark does not.
    ...(row.text("dhcp.option.dhcp") === "" ? ["message"] : []),
    // The right sum of what was sent without one is told by us alone.
    ...(row.text("udp_checksum_class") === "zero" ? ["expected"] : []),
  ]);
  return Object.keys(mine).filter((column) => !silent.has(column));
}

describeWithShared("the corpus, frame by frame, as --json --frames tells it", (shared) => {
  const captures = capturesBelow(join(shared, "corpus", "captures"));

  it("is there", () => {
    expect(captures.length).toBeGreaterThanOrEqual(29);
  });

  it.each(captures.map((path) => [basename(path), path] as const))("%s", async (file, path) => {
    const table = join(shared, "corpus", "truth", `${file}.tsv`);
    const rows = existsSync(table) ? readTable(table) : [];
    const captured = readCapture(path);
    const frames = new Map(framesOf(await told(path)).map((frame) => [frame.frame, frame]));
    const differing: string[] = [];
    const missing: number[] = [];
    for (const row of rows) {
      const number = ownNumber(captured, row.number);
      const frame = frames.get(number);
      if (frame === undefined) {
        missing.push(row.number);
        continue;
      }
      frames.delete(number);
      const [mine, said] = [ours(frame), theirs(row)];
      for (const column of comparable(mine, row)) {
        if (mine[column] === said[column]) continue;
        differing.push(`${row.number} ${column}: ${mine[column] ?? ""} not ${said[column] ?? ""}`);
      }
    }
    const known = disagreements.filter((disagreement) => disagreement.file === file);
    expect(differing.sort()).toEqual(
      known
        .flatMap((row) => row.frames.map((number) => `${number} ${row.column}: ${row.ours} not ${row.theirs}`))
        .sort(),
    );
    const silent = untold.filter((row) => row.file === file);
    expect(missing).toEqual(silent.flatMap((row) => row.frames).sort((a, b) => a - b));
    expect([...frames.keys()]).toEqual([]);
    for (const { frames: numbers, bytes, why } of [...known, ...silent]) {
      const [offset, hex] = bytes;
      for (const number of numbers) {
        const stored = Buffer.from(captured[number - 1]?.bytes ?? []).toString("hex", offset, offset + hex.length / 2);
        expect(stored, `${number}: ${why}`).toBe(hex);
      }
    }
  });
});

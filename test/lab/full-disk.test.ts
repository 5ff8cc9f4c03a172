import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { readBytes } from "../capture/support/collector.js";
import { ended, recordsOf } from "../support/program.js";
import { describeUnless } from "../support/skip.js";
import { labReason } from "./lab.js";

const START = 1_764_329_000;
const STYLE = { littleEndian: true, nanoseconds: false };
/** A small disk of its own, nearly full. */
const SMALL_DISK =
  'mount -t tmpfs -o size=4m none "$1" && head -c 3900k /dev/zero > "$1/ballast" && exec "$2" "$3" live - --json --write "$1/rec"';

function frames(from: number, count: number): Uint8Array {
  return Buffer.concat(
    Array.from({ length: count }, (_one, index) => pcapRecord(STYLE, START + from + index, 0, new Uint8Array(1400))),
  );
}

describeUnless(labReason(), "a full disk", () => {
  it("is said once; the watch goes on, the recording when there is room, and the gap is marked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-full-"));
    const child = spawn("unshare", ["-m", "sh", "-c", SMALL_DISK, "sh", folder, process.execPath, inject("program")]);
    const end = ended(child);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    try {
      const seen = join(`/proc/${child.pid ?? 0}/root`, folder);
      child.stdin.write(Buffer.concat([pcapHeader(STYLE, 1), frames(0, 200)]));
      await reached(() => said.includes("cannot be recorded into: its disk is full."));
      const [full = new Uint8Array(0)] = filesIn(join(seen, "rec"));
      const before = readBytes(full);
      expect(before.reader.damage).toBeNull();
      expect(before.sink.frames.length).toBeGreaterThan(20);
      expect(before.sink.frames.length).toBeLessThan(200);
      child.stdin.write(frames(200, 50));
      rmSync(join(seen, "ballast"));
      await reached(() => said.includes("is recorded into again"));
      child.stdin.write(frames(300, 10));
      await reached(() => filesIn(join(seen, "rec")).some((bytes) => readBytes(bytes).sink.frames.length === 10));
      const together = readBytes(Buffer.concat(filesIn(join(seen, "rec"))));
      child.stdin.end();
      const { code, stdout, stderr } = await end;
      expect(code).toBe(0);
      expect(stderr.trim().split("\n")).toHaveLength(2);
      expect(recordsOf(stdout).at(-1)).toMatchObject({ frames: { total: 260 }, complete: true });
      expect(together.reader.damage).toBeNull();
      expect(together.sink.interfaces).toHaveLength(1);
      expect(together.sink.frames.at(-1)).toMatchObject({ seconds: START + 309 });
      const gaps = together.sink.remarks.flatMap(({ remark }) => (remark.kind === "gap" ? [remark.reason] : []));
      expect(gaps).toEqual(["not recorded: its disk is full"]);
      const last = before.sink.frames.at(-1)?.seconds ?? 0;
      // What was watched up to then is said for whole writes: it may be some frames less than there are.
      const [until = 0] = together.sink.observed.map(({ seconds }) => seconds);
      expect([until <= last, until > last - 30]).toEqual([true, true]);
      expect(together.sink.watched.some(({ seconds }) => seconds > last)).toBe(true);
    } finally {
      child.kill("SIGKILL");
      await end;
      rmSync(folder, { recursive: true });
    }
  });
});

function filesIn(folder: string): Uint8Array[] {
  return readdirSync(folder)
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

async function reached(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((settle) => setTimeout(settle, 50));
}

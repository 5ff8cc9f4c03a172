import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { analyze } from "../../src/analyze.js";
import { withProgress } from "../../src/cli/progress.js";
import { ProgressLine } from "../../src/cli/progress-line.js";
import type { Progress } from "../../src/progress.js";
import { pcaps } from "../support/program.js";
import { describeWithTools } from "../support/tools.js";

const none: Progress = { bytes: 0, size: 8e9, frames: 0, dhcp: 0, inputs: 1 };

describe("the line that shows progress", () => {
  const texts = (samples: readonly (readonly [number, Partial<Progress>])[], columns = 200): string[] => {
    const line = new ProgressLine(() => columns);
    return samples.map(([time, progress]) => line.text({ ...none, ...progress }, time));
  };

  it.each([
    [[[10, { bytes: 2e9 }]], "reading: 25 %, 2.0 GB of 8.0 GB"],
    [
      [
        [10, { bytes: 2e9 }],
        [12, { bytes: 3e9 }],
      ],
      "reading: 37 %, 3.0 GB of 8.0 GB, 500 MB/s, 10 s left",
    ],
    [
      [
        [0, { bytes: 0 }],
        [4, { bytes: 4e9 }],
        [8, { bytes: 4.04e9 }],
      ],
      "reading: 50 %, 4.0 GB of 8.0 GB, 10 MB/s, 6 min 36 s left",
    ],
    [
      [
        [0, { size: 5e12, inputs: 300 }],
        [1, { size: 5e12, inputs: 300, bytes: 1e8 }],
      ],
      "reading 300 inputs: 0 %, 100 MB of 5.0 TB, 100 MB/s, 13 h 53 min left",
    ],
    [
      [
        [0, {}],
        [4, {}],
      ],
      "reading: 0 %, 0 B of 8.0 GB, 0 B/s",
    ],
    [
      [
        [0, { size: null }],
        [2, { size: null, bytes: 24_000, frames: 1_234_567, dhcp: 36 }],
      ],
      "reading: 24 kB, 1 234 567 frames, 36 of them DHCP, 12 kB/s",
    ],
    [
      [
        [0, { size: null, bytes: 900, frames: 5, dhcp: 4 }],
        [2, { size: null, bytes: 900, frames: 5, dhcp: 4 }],
      ],
      "waiting for input: 5 frames, 4 of them DHCP; Ctrl-C ends it with a report",
    ],
    // A file that grew since its size was asked for.
    [[[1, { bytes: 9e9 }]], "reading: 100 %, 9.0 GB of 8.0 GB"],
  ] as const)("%j", (samples, text) => {
    expect(texts(samples).at(-1)).toBe(text);
  });

  it("is never as wide as the terminal", () => {
    expect(texts([[10, { bytes: 2e9 }]], 20)).toEqual(["reading: 25 %, 2.0 "]);
  });
});

describe("progress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const shownWithin = async (milliseconds: number, isWanted = true): Promise<string[]> => {
    const written: string[] = [];
    const screen = { isWanted: () => isWanted, columns: () => 80, write: (text: string) => void written.push(text) };
    let end = (): void => undefined;
    const done = withProgress(screen, async (onProgress) => {
      onProgress(none);
      await new Promise<void>((settle) => (end = settle));
    });
    await vi.advanceTimersByTimeAsync(milliseconds);
    end();
    await done;
    await vi.advanceTimersByTimeAsync(10_000);
    return written;
  };

  it("is not shown of what is done within a second", async () => {
    expect(await shownWithin(990)).toEqual([]);
  });

  it("is rewritten in place, and erased at the end", async () => {
    const line = "\r\u001b[Kreading: 0 %, 0 B of 8.0 GB";
    expect(await shownWithin(1600)).toEqual([line, `${line}, 0 B/s`, `${line}, 0 B/s`, "\r\u001b[K"]);
  });

  it("is not shown where nobody wants it", async () => {
    expect(await shownWithin(5000, false)).toEqual([]);
  });

  it("is erased when the work fails", async () => {
    const written: string[] = [];
    const screen = { isWanted: () => true, columns: () => 80, write: (text: string) => void written.push(text) };
    const failure = withProgress(screen, async (onProgress) => {
      onProgress(none);
      await new Promise((settle) => setTimeout(settle, 1100));
      throw new Error("broken");
    });
    const told = expect(failure).rejects.toThrow("broken");
    await vi.advanceTimersByTimeAsync(1200);
    await told;
    expect(written.at(-1)).toBe("\r\u001b[K");
  });
});

describe("onProgress of analyze", () => {
  it("ends with all bytes, as they are on disk, and all frames", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-progress-"));
    const plain = join(pcaps, "s02-offload-ack/bridge.pcap");
    const bytes = readFileSync(plain);
    const packed = gzipSync(readFileSync(join(pcaps, "s02-offload-ack/tap.pcap")));
    const compressed = join(folder, "tap.pcap.gz");
    writeFileSync(compressed, packed);
    const seen: Progress[] = [];
    const options = { keepFrames: false, keepHealthy: false };
    const { inputs } = await analyze([plain, compressed], {
      ...options,
      onProgress: (progress) =>
        seen.push({ ...progress, bytes: progress.bytes, size: progress.size, frames: progress.frames }),
    });
    rmSync(folder, { recursive: true });
    expect(seen[0]).toMatchObject({ bytes: 0, size: bytes.length + packed.length, frames: 0 });
    const frames = inputs.reduce((sum, { facts }) => sum + facts.frames, 0);
    expect(seen.at(-1)).toMatchObject({ bytes: bytes.length + packed.length, frames });
  });
});

describeWithTools(["script", "mkfifo"], "on a terminal", () => {
  const capture = readFileSync(join(pcaps, "s02-offload-ack/bridge.pcap"));

  it.each([
    ["shows what it waits for", "", /waiting for input: 81 frames, \d+ of them DHCP; Ctrl-C ends it with a report/],
    ["stays silent where the terminal cannot rewrite a line", "TERM=dumb ", null],
    ["stays silent where standard error is no terminal", "2>/dev/null ", null],
  ])("%s, and leaves only the report", async (_name, how, line) => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-progress-"));
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const command = `${how}"${process.execPath}" "${inject("program")}" analyze "${pipe}"`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { PATH: process.env["PATH"], TERM: "xterm", LANG: "C" },
    });
    child.stdin.on("error", () => undefined);
    const feed = createWriteStream(pipe);
    let screen = "";
    const shown = new Promise<void>((settle) => {
      child.stdout.on("data", (chunk: Buffer) => {
        screen += chunk.toString();
        if (line?.test(screen) === true) settle();
      });
      // Silence has no end to wait for: long enough for a line to come, if there were one.
      if (line === null) setTimeout(settle, 2500);
    });
    const end = new Promise<number | null>((settle) => child.on("close", settle));
    feed.write(capture.subarray(0, capture.length - 20));
    await shown;
    if (line === null) expect(screen).toBe("");
    feed.end(capture.subarray(capture.length - 20));
    expect(await end).toBe(1);
    rmSync(folder, { recursive: true });
    const report = screen.slice(screen.lastIndexOf("\u001b[K") + 1);
    // The report's first line may be painted, as on any terminal.
    const first = stripVTControlCharacters(report.replace(/^\[K/, ""));
    expect(report.startsWith("[K")).toBe(line !== null);
    expect(first).toMatch(/^"?\S+pipe.*: 1 client/);
    expect(report.slice(3)).not.toMatch(/reading|waiting for input|\r(?!\n)/);
  });
});

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../src/capture/errors.js";
import { openSource, type Source } from "../../src/capture/file.js";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { Collector, concat, outcome, readBytes } from "./support/collector.js";
import { sampleBytes, samples } from "./support/samples.js";

const style = { littleEndian: true, nanoseconds: false };
const noise = Uint8Array.from({ length: 1000 }, (_byte, index) => (index * index * 31 + (index >> 3)) & 0xff);
/** A capture of several blocks: 3000 frames of 1000 bytes. */
const large = concat(
  pcapHeader(style, 1),
  ...Array.from({ length: 3000 }, (_record, index) => {
    const frame = noise.slice();
    frame.set([index & 0xff, index >> 8]);
    return pcapRecord(style, 1_700_000_000 + index, 0, frame);
  }),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-file-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(bytes: Uint8Array): string {
  const path = join(folder, "capture");
  writeFileSync(path, bytes);
  return path;
}

async function readFile(path: string): Promise<{ sink: Collector; reader: Source }> {
  const sink = new Collector();
  const reader = openSource(path, sink);
  try {
    while (await reader.pump());
  } finally {
    reader.close();
  }
  return { sink, reader };
}

describe("a file", () => {
  it.each(samples)("is read like its bytes, plain and compressed: $name", async (sample) => {
    const bytes = sampleBytes(sample);
    const plain = await readFile(file(bytes));
    expect(outcome(plain)).toEqual(outcome(readBytes(bytes)));
    expect(plain.reader.compression).toBeNull();
    const compressed = await readFile(file(gzipSync(bytes)));
    expect(outcome(compressed)).toEqual(outcome(readBytes(bytes)));
    expect(compressed.reader.compression).toBe("gzip");
  });

  it("is read over many blocks, plain and compressed", async () => {
    const expected = outcome(readBytes(large));
    expect(outcome(await readFile(file(large)))).toEqual(expected);
    expect(outcome(await readFile(file(gzipSync(large))))).toEqual(expected);
  });

  it("may be empty, or shorter than what tells its format", async () => {
    expect((await readFile(file(new Uint8Array(0)))).reader.damage).toMatchObject({ code: "not-a-capture" });
    expect((await readFile(file(Uint8Array.of(0xd4)))).reader.damage).toMatchObject({ code: "cut-header" });
    expect((await readFile("/dev/null")).reader.damage).toMatchObject({ code: "not-a-capture" });
  });

  it("that is cut is read up to there", async () => {
    const { reader } = await readFile(file(large.subarray(0, -1)));
    expect(reader.frames).toBe(2999);
    expect(reader.damage).toMatchObject({ code: "cut-record", offset: 24 + 2999 * 1016 });
  });

  it("that is damaged is read on behind the damage", async () => {
    const damaged = large.slice();
    damaged.fill(0xff, 24, 40);
    const { reader } = await readFile(file(damaged));
    expect(reader.frames).toBe(2999);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: 24 });
    expect(reader.damage?.sentence).toContain(
      "From byte 24 to byte 1040, where sound ones follow, 1016 bytes were skipped",
    );
  });

  it("that is no capture is not read further", async () => {
    const source = openSource(file(noise), new Collector());
    expect(await source.pump()).toBe(false);
    expect(await source.pump()).toBe(false);
    expect(source.damage).toMatchObject({ code: "not-a-capture", offset: 0 });
    source.close();
  });

  it("lets go of errors of the sink", async () => {
    const failing = new Collector();
    failing.frame = () => {
      throw new Error("from the sink");
    };
    for (const bytes of [large, gzipSync(large)]) {
      const source = openSource(file(bytes), failing);
      await expect(source.pump()).rejects.toThrow("from the sink");
      source.close();
      expect(await source.pump()).toBe(false);
    }
  });

  it("leaves room for signals and timers", async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 1);
    const slow = new Collector();
    slow.frame = () => {
      const end = performance.now() + 0.1;
      while (performance.now() < end);
    };
    const source = openSource(file(large), slow);
    while (await source.pump());
    clearInterval(ticking);
    source.close();
    expect(ticks).toBeGreaterThan(0);
  });
});

describe("a gzip file", () => {
  it("may have several members, and zeros behind them", async () => {
    const half = large.length / 2;
    const members = concat(gzipSync(large.subarray(0, half)), gzipSync(large.subarray(half)), new Uint8Array(100_000));
    expect(outcome(await readFile(file(members)))).toEqual(outcome(readBytes(large)));
  });

  it("cut anywhere gives what could be read, and says so", async () => {
    const sample = sampleBytes(samples[0] ?? { name: "", parts: [], cutCode: "cut-record" });
    const compressed = gzipSync(sample);
    const whole = readBytes(sample).sink.frames;
    for (let length = 2; length < compressed.length; length += 1) {
      const { sink, reader } = await readFile(file(compressed.subarray(0, length)));
      expect(reader.damage?.code).toBe("cut-gzip");
      expect(reader.damage?.offset).toBeLessThanOrEqual(sample.length);
      expect(sink.frames).toEqual(whole.slice(0, sink.frames.length));
    }
  });

  it("cut in its trailer still gives every frame", async () => {
    const { reader } = await readFile(file(gzipSync(large).subarray(0, -3)));
    expect(reader.frames).toBe(3000);
    expect(reader.damage).toMatchObject({ code: "cut-gzip", offset: large.length });
  });

  it("with bad data is read up to about there", async () => {
    const compressed = gzipSync(large, { level: 0 });
    const broken = new Uint8Array(compressed);
    // Stored blocks: the header of one in the middle.
    const blocks = storedBlocks(compressed);
    const middle = blocks[Math.floor(blocks.length / 2)] ?? 0;
    broken.fill(0xff, middle, middle + 5);
    const { reader } = await readFile(file(broken));
    expect(reader.damage).toMatchObject({ code: "bad-gzip" });
    const lost = middle - (reader.damage?.offset ?? 0);
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThan(200_000);
    expect(reader.frames).toBeGreaterThan((middle - 200_000) / 1016);
  });

  it("of something else is told apart", async () => {
    expect((await readFile(file(gzipSync("lease 10.0.0.5")))).reader.damage?.sentence).toContain('"lease 10.0.0.5"');
    expect((await readFile(file(gzipSync(gzipSync(large))))).reader.damage?.sentence).toContain("once more");
  });
});

/** Offsets of the stored blocks (RFC 1951 section 3.2.4) of a gzip file without name or extra fields. */
function storedBlocks(compressed: Uint8Array): number[] {
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.byteLength);
  const offsets: number[] = [];
  for (let at = 10; at + 8 < compressed.length; at += 5 + view.getUint16(at + 1, true)) offsets.push(at);
  return offsets;
}

describe("what cannot be opened is an EnvironmentError that says what to do:", () => {
  it.each([
    ["a file that does not exist", "missing", "ENOENT", "does not exist"],
    ["a path through a file", "capture/x", "ENOTDIR", "part of its path"],
    ["a directory", "", "EISDIR", "name the capture files in it"],
  ])("%s", (_name, path, code, sentence) => {
    file(large);
    const open = (): unknown => openSource(join(folder, path), new Collector());
    expect(open).toThrow(EnvironmentError);
    expect(open).toThrow(expect.objectContaining({ code }));
    expect(open).toThrow(sentence);
  });

  it("a name with control characters", () => {
    expect(() => openSource("/no\u001b[31m\nsuch", new Collector())).toThrow('"/no\\x1b[31m\\x0asuch" does not exist');
  });
});

describe("standard input and pipes", () => {
  const program = `
    import { openSource } from "./file.js";
    let length = 0;
    const source = openSource(process.argv[2], {
      interface() {}, observedUntil() {}, frame(bytes, view, offset, captured) { length += captured; },
    });
    while (await source.pump());
    source.close();
    const { frames, format, compression, damage } = source;
    console.log(JSON.stringify({ frames, format, compression, damage: damage && damage.code, length }));
  `;
  const whole = { frames: 3000, format: "pcap", compression: null, damage: null, length: 3_000_000 };
  let compiled: string;

  beforeAll(() => {
    compiled = join(folder, "compiled");
    mkdirSync(compiled);
    const sources = fileURLToPath(new URL("../../src/capture/", import.meta.url));
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    for (const name of readdirSync(sources).filter((name) => name.endsWith(".ts"))) {
      const { outputText } = ts.transpileModule(readFileSync(join(sources, name), "utf8"), { compilerOptions });
      writeFileSync(join(compiled, name.replace(/ts$/, "js")), outputText);
    }
    writeFileSync(join(compiled, "package.json"), '{"type":"module"}');
    writeFileSync(join(compiled, "program.js"), program);
  });

  /** Runs the program with these bytes on its standard input, written in pieces of that size with a pause between. */
  async function run(path: string, bytes: Uint8Array, size: number): Promise<unknown> {
    const child = spawn(process.execPath, [join(compiled, "program.js"), path], { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
    for (let at = 0; at < bytes.length; at += size) {
      child.stdin.write(bytes.subarray(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.stdin.end();
    await new Promise((resolve) => child.on("close", resolve));
    return JSON.parse(printed);
  }

  const shell = (command: string): unknown =>
    JSON.parse(execFileSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" }));

  it("are read from a socket, as slowly as it gives", async () => {
    expect(await run("-", large, 500_000)).toEqual(whole);
    expect(await run("-", gzipSync(large), 50_000)).toEqual({ ...whole, compression: "gzip" });
    expect(await run("-", large.subarray(0, 100), 1)).toMatchObject({ frames: 0, damage: "cut-record" });
  });

  it("are read from a pipe, a redirected file, a named pipe and a process substitution", () => {
    file(large);
    expect(shell("cat capture | node compiled/program.js -")).toEqual(whole);
    expect(shell("(head -c 1 capture; sleep 0.1; tail -c +2 capture) | node compiled/program.js -")).toEqual(whole);
    expect(shell("gzip -c capture | node compiled/program.js -")).toEqual({ ...whole, compression: "gzip" });
    expect(shell("node compiled/program.js - < capture")).toEqual(whole);
    expect(shell("mkfifo fifo; cat capture > fifo & node compiled/program.js fifo")).toEqual(whole);
    expect(shell("node compiled/program.js <(cat capture)")).toEqual(whole);
    expect(shell("node compiled/program.js - < /dev/null")).toMatchObject({ frames: 0, damage: "not-a-capture" });
  });

  it("are let go before their end, even while they are open", async () => {
    writeFileSync(join(compiled, "early.js"), program.replace("while (await source.pump());", "await source.pump();"));
    const child = spawn(process.execPath, [join(compiled, "early.js"), "-"], { stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.on("error", () => undefined);
    child.stdin.write(large);
    const status = await new Promise((resolve) => child.on("exit", resolve));
    expect(status).toBe(0);
  });
});

import { execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ended, leasetap, pcaps, recordsOf, start } from "../support/program.js";
import { shell } from "../support/shell.js";
import { waitsForInput } from "../support/waiting.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");
const capture = readFileSync(lost);

describe("standard input", () => {
  it.each([
    ["plain", capture],
    ["compressed", gzipSync(capture)],
  ])("is read where the file is called -: %s", async (_name, input) => {
    const { code, stdout } = await leasetap(["analyze", "--json", "-"], { input });
    const records = recordsOf(stdout);
    expect(code).toBe(1);
    expect(records[0]?.["inputs"]).toEqual(["-"]);
    expect(records.at(-1)).toMatchObject({ type: "summary", complete: true, frames: { total: 82, dhcp: 36 } });
  });

  it("may stand beside files", async () => {
    const tap = join(pcaps, "s02-offload-ack/tap.pcap");
    const { stdout } = await leasetap(["analyze", "--json", "-", tap], { input: capture });
    expect(recordsOf(stdout).at(-1)).toMatchObject({ clients: 1, renewals: { expired: 1, renewed: 1 } });
  });

  it("that ends too early is reported as far as it goes", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", "--json", "-"], { input: capture.subarray(0, 9000) });
    expect(code).toBe(3);
    expect(recordsOf(stdout).at(-1)).toMatchObject({ complete: false });
    expect(stderr).toMatch(/^leasetap: Standard input /);
  });

  it("that is empty is no capture", async () => {
    const { code } = await leasetap(["analyze", "-"]);
    expect(code).toBe(3);
  });
});

describe("a closed pipe", () => {
  it.each([
    ["a lost lease", lost, 1],
    ["a well guest", join(pcaps, "s01-healthy/bridge.pcap"), 0],
    ["a damaged file", join(pcaps, "x03-formats/s02-cut-midframe.pcap"), 3],
  ])("ends the output quietly, with the exit code that it would have had: %s", async (_name, file, code) => {
    const command = 'leasetap analyze --json --frames "$1" | head -1 >/dev/null; echo "${PIPESTATUS[0]}"';
    expect(await shell(command, file)).toBe(`${code}\n`);
  });

  it("says nothing on standard error", async () => {
    expect(await shell('( leasetap analyze --json --frames "$1" | true ) 2>&1; sleep 0.3', lost)).toBe("");
  });

  it("on standard error does no harm either", async () => {
    expect(await shell("leasetap analyze missing.pcap 2> >(true); echo $?")).toBe("3\n");
  });
});

describe("output", () => {
  it("is whole, however slow its reader", async () => {
    const many = join(pcaps, "s10-many-clients/bridge.pcap");
    const stdout = await shell('leasetap analyze --json --frames "$1" | (sleep 0.7; cat)', many);
    expect(recordsOf(stdout).at(-1)?.["type"]).toBe("summary");
    expect(stdout.length).toBeGreaterThan(100_000);
  });

  it("that cannot be written is told", async () => {
    const stdout = await shell('leasetap analyze --json "$1" 2>&1 >/dev/full; echo $?', lost);
    expect(stdout).toBe("leasetap: The output cannot be written, its disk is full.\n3\n");
  });
});

describe("a signal while reading", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s prints what was found so far, incomplete, and ends with 130",
    async (signal) => {
      const child = start(["analyze", "--json", "-"]);
      const end = ended(child);
      child.stdin.on("error", () => undefined);
      child.stdin.write(capture);
      await waitsForInput(child);
      child.kill(signal);
      const { code, stdout, stderr } = await end;
      expect([code, stderr]).toEqual([130, ""]);
      expect(recordsOf(stdout).at(-1)).toMatchObject({
        complete: false,
        frames: { total: 82 },
        renewals: { expired: 1 },
      });
    },
  );

  it.each([
    ["plain", capture],
    ["compressed", gzipSync(capture)],
  ])("marks the text report as incomplete: %s", async (_name, bytes) => {
    const child = start(["analyze", "-"]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(bytes.subarray(0, bytes.length - 20));
    await waitsForInput(child);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toMatch(/interrupted/i);
  });

  it("a second one ends it at once, even where nobody takes its output", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-fifo-"));
    await promisify(execFile)("mkfifo", [join(folder, "out")]);
    const unread = openSync(join(folder, "out"), "r+");
    const args = [inject("program"), "analyze", "--json", "--frames", "-"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", unread, "ignore"] });
    const exit = new Promise((settle) => child.once("exit", (_code, signal) => settle(signal)));
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(readFileSync(join(pcaps, "s10-many-clients/bridge.pcap")));
    await waitsForInput(child);
    child.kill("SIGINT");
    await pause(600);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill("SIGINT");
    expect(await exit).toBe("SIGINT");
    closeSync(unread);
    rmSync(folder, { recursive: true });
  });
});

describe("a named pipe", () => {
  let folder: string;
  let pipe: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "leasetap-fifo-"));
    pipe = join(folder, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["plain", [], capture],
    ["compressed", [], gzipSync(capture)],
    ["beside a file", [join(pcaps, "s02-offload-ack/tap.pcap")], capture],
  ])("is waited for until it has a writer, and read to its end: %s", async (_name, files, bytes) => {
    const child = start(["analyze", "--json", pipe, ...files]);
    const end = ended(child);
    await waitsForInput(child);
    expect(child.exitCode).toBeNull();
    await writeFile(pipe, bytes);
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([1, ""]);
    const inputs = recordsOf(stdout).filter(({ type }) => type === "input");
    expect(inputs[0]).toMatchObject({ input: pipe, frames: 82, damage: null });
  });

  it.each([
    ["SIGINT", []],
    ["SIGTERM", []],
    ["SIGINT", [join(pcaps, "s01-healthy/bridge.pcap")]],
  ] as const)("without a writer is given up at %s, with 130: beside %s", async (signal, files) => {
    const child = start(["analyze", pipe, ...files]);
    const end = ended(child);
    await waitsForInput(child);
    child.kill(signal);
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([130, ""]);
  });
});

describe("a file of the kernel's that has nothing to read", () => {
  it("is passed over in a folder: reading it would wait, or take away what is there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-kernel-"));
    symlinkSync("/proc/kmsg", join(folder, "kmsg"));
    symlinkSync(lost, join(folder, "capture"));
    const { code, stdout, stderr } = await leasetap(["analyze", folder]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("1 file in the folders is no capture and was passed over.");
    rmSync(folder, { recursive: true });
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}

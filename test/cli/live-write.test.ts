import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBytes } from "../capture/support/collector.js";
import { ended, leasetap, pcaps, recordsOf, start } from "../support/program.js";

const lost = readFileSync(join(pcaps, "s02-offload-ack/bridge.pcap"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-write-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function recorded(directory: string): Uint8Array[] {
  return readdirSync(directory)
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(directory, name))));
}

describe("leasetap live --write", () => {
  it("records what it watches, for nobody else to read, and analyze finds the same in it", async () => {
    const directory = join(folder, "deep", "rec");
    const live = await leasetap(["live", "-", "--json", "--write", directory], { input: lost });
    expect([live.code, live.stderr]).toEqual([1, ""]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    const analyzed = await leasetap(["analyze", directory, "--json"]);
    expect(analyzed.code).toBe(1);
    expect(recordsOf(analyzed.stdout).at(-1)).toEqual(recordsOf(live.stdout).at(-1));
  });

  it("is said at the beginning", async () => {
    const { stdout } = await leasetap(["live", "-", "--write", "rec"], { input: lost, cwd: folder });
    expect(stdout).toMatch(/^Watching standard input, recorded in "rec"; times are UTC\.\n/);
  });

  it("leaves whole blocks when it is killed, and goes on in the same recording when it is started again", async () => {
    const half = lost.length / 2;
    const child = start(["live", "-", "--json", "--write", folder]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(lost.subarray(0, half));
    await until(() => recorded(folder).some((bytes) => bytes.length > half / 2));
    child.kill("SIGKILL");
    await end;
    const [before] = recorded(folder).map((bytes) => readBytes(bytes));
    expect(before?.reader.damage).toBeNull();
    expect(before?.sink.frames.length).toBeGreaterThan(30);
    await leasetap(["live", "-", "--write", folder], { input: lost });
    const [first, second] = recorded(folder).map((bytes) => readBytes(bytes).sink.begun[0]);
    expect(second).toMatchObject([true, { file: 2 }]);
    expect(JSON.stringify(second)).toBe(JSON.stringify(first).replace('"file":1', '"file":2'));
  });

  it.each(["SIGINT", "SIGTERM"] as const)("has all that was captured when %s ends it", async (signal) => {
    const child = start(["live", "-", "--json", "--write", folder]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(lost);
    await until(() => recorded(folder).length > 0);
    child.kill(signal);
    const { code } = await end;
    expect(code).toBe(130);
    expect(recorded(folder).flatMap((bytes) => readBytes(bytes).sink.frames)).toHaveLength(82);
  });

  it("does not begin where nothing can be recorded", async () => {
    writeFileSync(join(folder, "file"), "");
    const { code, stdout, stderr } = await leasetap(["live", "-", "--write", join(folder, "file")], { input: lost });
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^leasetap: Nothing can be recorded in ".*file": it is a file, not a directory\.\n$/);
  });

  it("cautions against a folder from which others can take files away", async () => {
    chmodSync(folder, 0o777);
    const { code, stderr } = await leasetap(["live", "-", "--write", folder], { input: lost });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^leasetap: ".*" may be written to by other users, who can take away what is recorded in it/,
    );
    expect(statSync(folder).mode & 0o777).toBe(0o777);
  });

  it.each([
    [["--write-total", "1G"], "need --write, with a directory"],
    [["--write", "rec", "--write-total", "10M", "--write-file-size", "8M"], "--write-total must have room for 4 files"],
    [["--write", "rec", "--write-total", "ten"], '"ten" is no size: write 512k, 64M or 1.5G.'],
  ])("is used wrongly with %j", async (options, said) => {
    const { code, stderr } = await leasetap(["live", "-", ...options], { input: lost, cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((settle) => setTimeout(settle, 20));
}

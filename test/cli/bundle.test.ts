import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { pcaps } from "../support/program.js";
import { requireTool } from "../support/tools.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const incident = join(pcaps, "s02-offload-ack/bridge.pcap");

describe("the command line as it is published, in one file", () => {
  const home = mkdtempSync(join(tmpdir(), "leasetap-bundle-"));
  const folder = join(home, "dist", "cli");
  const byteCode = join(folder, `analyze.${process.version}-${process.arch}.bytecode`);

  const asking = join(home, "asking.cjs");

  function node(...words: string[]): SpawnSyncReturns<string> {
    return spawnSync(process.execPath, words, { encoding: "utf8", env: { LANG: "C.UTF-8" } });
  }

  beforeAll(() => {
    cpSync(join(root, "package.json"), join(home, "package.json"));
    symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
    writeFileSync(
      asking,
      'process.on("exit", () => console.error(require(process.argv[1]).script.cachedDataRejected));',
    );
    const built = node(join(root, "scripts/build/cli.mjs"), folder);
    expect(built.stderr).toBe("");
    expect(built.status).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** What V8 said of the byte code: undefined where there was none. */
  function rejected(...words: string[]): unknown {
    return node("-r", asking, join(folder, "main.js"), ...words).stderr.trim();
  }

  it.each([
    [["analyze", incident]],
    [["analyze", incident, "--json", "--frames"]],
    [["analyze", "-h"]],
    [["analyze", incident, "--jsn"]],
    [["--version"]],
    [["verify", "-h"]],
    [["explain", "offload-partial"]],
  ])("%j: says what its modules say", (words) => {
    const bundled = node(join(folder, "main.js"), ...words);
    const { status, stdout, stderr } = node(inject("modules"), ...words);
    expect(stdout + stderr).not.toBe("");
    expect(bundled).toMatchObject({ status, stdout, stderr });
  });

  it("loads the packages that are not in it", () => {
    const { stderr } = node(join(folder, "main.js"), "--log-level", "info", "analyze", incident);
    expect(stderr).toContain('"msg":"read"');
  });

  it("loads the decoder of zstd, which is not in it either", () => {
    const compressed = join(home, "incident.zst");
    const { status } = spawnSync(requireTool("zstd"), ["-q", "-o", compressed, incident]);
    expect(status).toBe(0);
    expect(node(join(folder, "main.js"), "analyze", compressed)).toMatchObject({ status: 1, stderr: "" });
  });

  it("starts with the byte code of the build", () => {
    expect(rejected("analyze", incident)).toBe("false");
    expect(rejected("--version")).toBe("false");
  });

  it("works without it, and with that of another version of V8", () => {
    const right = readFileSync(byteCode);
    // The second word of V8's header is a hash of its version.
    const other = Buffer.from(right);
    other.writeUInt32LE(~right.readUInt32LE(4) >>> 0, 4);
    writeFileSync(byteCode, other);
    expect(rejected("analyze", incident)).toBe("true");
    expect(node(join(folder, "main.js"), "analyze", incident).status).toBe(1);
    rmSync(byteCode);
    expect(rejected("analyze", incident)).toBe("undefined");
    expect(node(join(folder, "main.js"), "analyze", incident).status).toBe(1);
    writeFileSync(byteCode, right);
  });

  it("leaves alone the byte code of another version of Node, which may have the same V8", () => {
    const other = join(folder, `analyze.v20.0.0-${process.arch}.bytecode`);
    renameSync(byteCode, other);
    expect(rejected("analyze", incident)).toBe("undefined");
    renameSync(other, byteCode);
  });

  it("carries the licences of the packages that are in it", () => {
    const licences = readFileSync(join(folder, "LICENSES"), "utf8");
    expect(licences).toMatch(/^commander \d/m);
    expect(licences).toContain("MIT License");
  });
});

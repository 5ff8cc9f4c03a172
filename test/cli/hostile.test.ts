import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { captureOf, DISTURBING, HOSTILE, refused } from "../report/support/strangers.js";
import { leasetap, recordsOf } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "leasetap-hostile-"));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A file name holds neither a slash nor a zero. */
function fileName(text: string): string {
  return `${text.replaceAll("/", "!").replaceAll("\0", "")}.pcap`;
}

function expectHarmless(text: string): void {
  for (const line of text.split("\n")) expect(line).not.toMatch(DISTURBING);
}

describe.each(HOSTILE)("a guest, a server and a file of that name (%s)", (_what, text) => {
  const path = join(folder, fileName(text));
  writeFileSync(path, captureOf(refused(text)));

  it.each([
    ["the report", []],
    ["every attempt", ["--verbose"]],
    ["a page", ["--markdown", "--verbose"]],
  ])("harm nobody in %s", async (_form, options) => {
    const { code, stdout, stderr } = await leasetap(["analyze", ...options, path]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("52:54:00:00:00:01");
    expectHarmless(stdout);
  });

  it("harm nobody in records", async () => {
    const { code, stdout } = await leasetap(["analyze", "--json", "--frames", path]);
    expect(code).toBe(1);
    expect(recordsOf(stdout).length).toBeGreaterThan(10);
    expectHarmless(stdout.replace(/\p{Zs}/gu, " "));
  });

  it("harm nobody in the log", async () => {
    const { stderr } = await leasetap(["--log-level", "debug", "analyze", "--quiet", path]);
    expect(stderr.split("\n").length).toBeGreaterThan(2);
    expectHarmless(stderr.replace(/\p{Zs}/gu, " "));
  });

  it.each([
    ["a file that is not there", ["analyze", join(folder, "no", fileName(text))]],
    ["a client that is not there", ["analyze", "--client", text, path]],
    ["a zone that is none", ["analyze", "--tz", text, path]],
    ["a time that is none", ["analyze", "--since", text, path]],
  ])("harm nobody in the complaint about %s", async (_what, args) => {
    const { stderr } = await leasetap(args);
    expectHarmless(stderr);
  });
});

describe("--quiet", () => {
  it("says nothing but by the exit code", async () => {
    const path = join(folder, "quiet.pcap");
    writeFileSync(path, captureOf(refused("web")));
    expect(await leasetap(["analyze", "--quiet", path])).toMatchObject({ code: 1, stdout: "", stderr: "" });
    const missing = await leasetap(["analyze", "--quiet", join(folder, "missing.pcap")]);
    expect(missing).toMatchObject({ code: 3, stdout: "" });
    expect(missing.stderr).toContain("does not exist");
  });
});

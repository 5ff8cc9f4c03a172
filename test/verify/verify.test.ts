import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leasetap, pcaps, type Ended } from "../support/program.js";

const FRAMES = [2, 4, 9, 10, 16, 20, 24, 30, 34, 40, 44, 48, 56, 60, 62, 67, 81];

/** What holds for s02, as a file that a user may write. */
const EXPECT = {
  about: "ACKs that the guest throws away",
  runs: [
    {
      inputs: ["bridge.pcap"],
      exit: 1,
      expect: [
        { where: { type: "frame", "udp.checksum.verdict": "partial" }, frames: FRAMES },
        { where: { type: "frame", frame: 72 }, each: { udp: { checksum: { verdict: "good" } }, outcome: "accepted" } },
        { where: { type: "renewal", outcome: "expired" }, count: 1, each: { cause: "offload-partial" } },
        { about: "the well renewal", where: { type: "renewal", outcome: "renewed" }, count: 1 },
        { where: { type: "finding", severity: "warning" }, count: { max: 0 } },
      ],
    },
  ],
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-verify-"));
  cpSync(join(pcaps, "s02-offload-ack/bridge.pcap"), join(folder, "bridge.pcap"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (json: unknown): void =>
  writeFileSync(join(folder, "expect.json"), typeof json === "string" ? json : JSON.stringify(json));
/** The same scenario in a folder below. */
const copyTo = (...below: string[]): void => {
  mkdirSync(join(folder, ...below), { recursive: true });
  for (const name of ["bridge.pcap", "expect.json"]) cpSync(join(folder, name), join(folder, ...below, name));
};
const read = (): unknown => JSON.parse(readFileSync(join(folder, "expect.json"), "utf8"));
const verify = (...args: string[]): Promise<Ended> => leasetap(["verify", folder, ...args]);
/** EXPECT with one piece of its text replaced. */
const changed = (from: string, to: string): string => {
  const text = JSON.stringify(EXPECT);
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe("leasetap verify", () => {
  it("passes what is as expected", async () => {
    write(EXPECT);
    const { code, stdout, stderr } = await verify();
    expect([code, stdout, stderr]).toEqual([0, `ok       ${folder}\n1 passed, 0 failed\n`, ""]);
  });

  it.each([
    ["a verdict", '"verdict":"good"', '"verdict":"partial"', "frame 72 has"],
    ["a verdict by its frames", "[2,4,9,", "[2,4,8,9,", "missing 8"],
    ["a frame too few", "[2,4,9,", "[2,4,", "unexpected 9"],
    ["a cause", '"cause":"offload-partial"', '"cause":"no-reply"', 'has "offload-partial"'],
    ["a count", '"outcome":"renewed"},"count":1', '"outcome":"renewed"},"count":2', "2 expected, 1 found"],
    ["a bound", '{"max":0}', '{"min":1}', "at least 1 expected, 0 found"],
    ["an outcome", '"outcome":"accepted"', '"outcome":"ignored"', 'has "accepted"'],
    ["an exit code", '"exit":1', '"exit":0', "exit code 0 expected, 1 came"],
  ])("notices %s that is wrong", async (_name, from, to, told) => {
    write(changed(from, to));
    const { code, stdout } = await verify();
    expect(stdout).toContain(told);
    expect(stdout).toMatch(/^FAILED {3}.*\n {2}bridge\.pcap: /);
    expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
    expect(code).toBe(1);
  });

  it("tells of a difference by what the expectation is about, and where it stands", async () => {
    write(changed('"outcome":"renewed"},"count":1', '"outcome":"renewed"},"count":0'));
    const { stdout } = await verify();
    expect(stdout).toMatch(/bridge\.pcap: the well renewal: 0 expected, 1 found: renewal \w+ of 52:54:00:12:65:64/);
    expect(stdout).toContain("(runs[0].expect[3].count)");
  });

  it("searches folders below, checks each, and fails if one does", async () => {
    write(EXPECT);
    copyTo("deeper", "b");
    write(changed('"exit":1', '"exit":3'));
    const { code, stdout } = await verify();
    expect(stdout).toContain(`ok       ${join(folder, "deeper", "b")}\n`);
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([1, "1 passed, 1 failed"]);
  });

  it("hands args to analyze", async () => {
    const [run] = EXPECT.runs;
    const expectation = { where: { type: "frame" }, frames: [81, 82] };
    write({
      ...EXPECT,
      runs: [{ ...run, args: ["--since", "11:04:20", "--fail-on", "note"], exit: 0, expect: [expectation] }],
    });
    expect((await verify()).code).toBe(0);
  });
});

describe("--update", () => {
  it("writes what was found, shows each change, and leaves the rest alone", async () => {
    write(
      changed('"outcome":"renewed"},"count":1', '"outcome":"renewed"},"count":7')
        .replace('"cause":"offload-partial"', '"cause":"no-reply"')
        .replace('"verdict":"good"', '"verdict":"bad"')
        .replace("[2,4,9,", "[2,9,")
        .replace('"exit":1', '"exit":0'),
    );
    const { code, stdout } = await verify("--update");
    expect(code).toBe(0);
    expect(stdout).toContain("runs[0].expect[3].count\n    - 7\n    + 1\n");
    expect(stdout).toContain('runs[0].expect[2].each.cause\n    - "no-reply"\n    + "offload-partial"\n');
    expect(stdout).toContain("runs[0].exit\n    - 0\n    + 1\n");
    expect(stdout).toMatch(/\n0 passed, 0 failed, 1 updated\n$/);
    expect(read()).toEqual(EXPECT);
    expect((await verify()).code).toBe(0);
  });

  it("writes a count where there was none, and alternatives where matches differ", async () => {
    const [run] = EXPECT.runs;
    const none = { where: { type: "acquisition", outcome: "failed" } };
    const several = { where: { type: "renewal" }, each: { outcome: "refused" } };
    write({ ...EXPECT, runs: [{ ...run, expect: [none, several] }] });
    await verify("--update");
    const outcome = { $oneOf: ["expired", "renewed"] };
    expect(read()).toEqual({
      ...EXPECT,
      runs: [
        {
          ...run,
          expect: [
            { ...none, count: 0 },
            { ...several, each: { outcome } },
          ],
        },
      ],
    });
    expect((await verify()).code).toBe(0);
  });

  it("does not touch a file that is as it should be", async () => {
    write(EXPECT);
    const before = readFileSync(join(folder, "expect.json"), "utf8");
    await verify("--update");
    expect(readFileSync(join(folder, "expect.json"), "utf8")).toBe(before);
  });
});

describe("wrong use and malformed files end with 2", () => {
  it("names the file and the place in it", async () => {
    write(changed('"outcome":"expired"', '"outcome":"expird"'));
    const { code, stdout, stderr } = await verify();
    expect(stderr).toBe(
      `leasetap: ${join(folder, "expect.json")}: runs[0].expect[2].where.outcome: "expird" never stands here: it is one of "renewed", "refused", "expired", "abandoned", "left", "pending".\n`,
    );
    expect([code, stdout]).toEqual([2, `FAILED   ${folder}\n0 passed, 1 failed\n`]);
  });

  it.each([
    ["no JSON", "{", "it is no JSON"],
    ["a missing capture", '"bridge.pcap"', "runs[0].inputs[0]"],
    ["args that analyze does not take", '"exit":1', "runs[0].args"],
  ])("%s", async (name, from, told) => {
    if (name === "no JSON") write(from);
    else if (name === "a missing capture") write(changed(from, '"birdge.pcap"'));
    else write(changed(from, '"args":["--sinc","11:00"]'));
    const { code, stderr } = await verify();
    expect(stderr).toContain(`expect.json: ${told}`);
    expect(code).toBe(2);
  });

  it("a folder without scenarios", async () => {
    const { code, stderr } = await verify();
    expect(code).toBe(2);
    expect(stderr).toContain("no expect.json at or below");
  });

  it("a folder that does not exist ends with 3", async () => {
    const { code, stderr } = await leasetap(["verify", join(folder, "none")]);
    expect(code).toBe(3);
    expect(stderr).toContain("does not exist");
  });

  it("one malformed file does not keep the others from being checked", async () => {
    write(EXPECT);
    copyTo("b");
    write("[]");
    const { code, stdout } = await verify();
    expect(stdout).toContain("1 passed, 1 failed");
    expect(code).toBe(2);
  });
});

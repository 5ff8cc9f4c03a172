import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FindingHook } from "../../src/cli/finding-hook.js";
import type { Finding } from "../../src/report/events.js";
import { leasetap, pcaps, recordsOf } from "../support/program.js";

const lost = readFileSync(join(pcaps, "s02-offload-ack/bridge.pcap"));
const healthy = readFileSync(join(pcaps, "s01-healthy/bridge.pcap"));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-exec-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("leasetap live --exec", () => {
  it("hands each finding to the command, in the order of the records, and keeps its output off standard output", async () => {
    const file = join(folder, "told");
    const args = ["live", "-", "--json", "--exec", `cat >> '${file}'; echo said`];
    const { code, stdout, stderr } = await leasetap(args, { input: lost });
    expect(code).toBe(1);
    const told = recordsOf(readFileSync(file, "utf8"));
    const printed = recordsOf(stdout).filter(({ type }) => type === "finding");
    expect(told.length).toBeGreaterThan(1);
    expect(told.every(({ type }) => type === "finding")).toBe(true);
    for (const record of told) expect(printed).toContainEqual(record);
    expect(told.some(({ code: cause, severity }) => cause === "offload-partial" && severity === "error")).toBe(true);
    expect(stderr.match(/said/g)?.length).toBe(told.length);
  });

  it("says a finding again only if it has changed", async () => {
    const file = join(folder, "told");
    await leasetap(["live", "-", "--exec", `cat >> '${file}'`], { input: lost });
    const told = recordsOf(readFileSync(file, "utf8")).map((record) => JSON.stringify({ ...record, final: null }));
    expect(new Set(told).size).toBe(told.length);
  });

  it("runs nothing where no lease is in danger, but for notes", async () => {
    const file = join(folder, "told");
    await leasetap(["live", "-", "--exec", `cat >> '${file}'`], { input: healthy });
    const told = recordsOf(readFileSync(file, "utf8"));
    expect(told.every(({ severity }) => severity === "note")).toBe(true);
  });

  it("complains once of a command that fails, and goes on watching", async () => {
    const { code, stderr, stdout } = await leasetap(["live", "-", "--exec", "exit 3"], { input: lost });
    expect(code).toBe(1);
    expect(stderr).toBe("leasetap: --exec ended with exit code 3.\n");
    expect(stdout).toContain("when the lease ran out");
  });
});

describe("a run that takes too long", () => {
  it("is ended with all that it started, and the next one comes", async () => {
    const file = join(folder, "told");
    const complaints: string[] = [];
    const hook = new FindingHook(`read line; echo x >> '${file}'; sleep 60`, 0.3, (text) => complaints.push(text));
    hook.tell(finding("F1"));
    hook.tell(finding("F2"));
    await hook.settled();
    expect(readFileSync(file, "utf8")).toBe("x\nx\n");
    expect(complaints).toEqual(["--exec took longer than 0.3 s and was ended."]);
  });
});

function finding(id: string): Finding {
  return {
    type: "finding",
    id,
    final: false,
    code: "no-reply",
    severity: "error",
    confidence: "likely",
    alternatives: [],
    client: null,
    name: null,
    address: null,
    renewals: [],
    evidence: [],
    from: "2026-11-22T11:02:06.000000Z",
    to: "2026-11-22T11:02:06.000000Z",
    summary: "",
    detail: "",
    remedies: [],
  };
}

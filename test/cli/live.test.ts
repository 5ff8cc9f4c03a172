import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, it } from "vitest";
import { ended, leasetap, pcaps, recordsOf, start } from "../support/program.js";
import { requireTool } from "../support/tools.js";
import { heardSigint } from "../support/waiting.js";

const lost = readFileSync(join(pcaps, "s02-offload-ack/bridge.pcap"));
const healthy = readFileSync(join(pcaps, "s01-healthy/bridge.pcap"));

describe("leasetap live", () => {
  it("says a line for each thing that happens, then the report", async () => {
    const { code, stdout, stderr } = await leasetap(["live", "-"], { input: lost });
    const [first, ...lines] = stdout.split("\n");
    const told = lines.slice(0, lines.indexOf(""));
    expect([code, stderr]).toEqual([1, ""]);
    expect(first).toBe("Watching standard input; times are UTC.");
    expect(told.length).toBeGreaterThan(4);
    for (const line of told) {
      expect(line).toMatch(/^2026-11-22 11:0\d:\d\d (ERROR|WARNING|Note|Well) +52:54:00:12:65:64 .*\.$/);
    }
    expect(told.join("\n")).toMatch(/loses 10\.8\.12\.150 in (?:1 min|5\d s), at 11:03:50, unless a renewal succeeds/);
    expect(stdout).toContain("when the lease ran out");
  });

  it("counts as the report does: from 11:03:50 to 11:04:17, and up to 11:03:50", async () => {
    const { stdout } = await leasetap(["live", "-", "--warn-before", "90s,45s,20s"], { input: lost });
    expect(stdout).toContain("has an address again, 10.8.12.150, after 27 s without one.");
    expect(stdout.replace(/\s+/g, " ")).toContain("had none for 27 s, until 11:04:17");
    const forecasts = [...stdout.matchAll(/11:0(\d):(\d\d) WARNING .* in (?:(\d) min)? ?(?:(\d+) s)?, at 11:03:50/g)];
    expect(forecasts.length).toBeGreaterThan(2);
    for (const [, minute, second, minutes = 0, seconds = 0] of forecasts) {
      expect(60 * Number(minutes) + Number(seconds)).toBe(230 - 60 * Number(minute) - Number(second));
    }
  });

  it("tells the time by the clock that analyze would take: this machine's, or the one that is named", async () => {
    const there = await leasetap(["live", "-", "--tz", "+05:30"], { input: lost });
    expect(there.stdout).toMatch(/^Watching standard input; times are UTC\+05:30\.\n2026-11-22 16:3\d:\d\d \+05:30 /);
    expect(there.stdout).toContain("2026-11-22 16:31:50 to 16:34:30 +05:30");
    const env = { TZ: "Asia/Kolkata" };
    expect((await leasetap(["live", "-"], { input: lost, env })).stdout).toBe(there.stdout);
    const utc = await leasetap(["live", "-", "--utc"], { input: lost, env });
    expect(utc.stdout).toMatch(/^Watching standard input; times are UTC\.\n2026-11-22 11:0\d:\d\d \w/);
  });

  it("says nothing of a well client", async () => {
    const { code, stdout } = await leasetap(["live", "-"], { input: healthy });
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(0, 2)).toEqual(["Watching standard input; times are UTC.", ""]);
  });

  it("tells only of the client that was asked for", async () => {
    const many = readFileSync(join(pcaps, "s10-many-clients/bridge.pcap"));
    const { stdout } = await leasetap(["live", "-", "--client", "52:54:00:12:70:64"], { input: many });
    expect(stdout).toMatch(/ERROR +52:54:00:12:70:64 lost/);
    const other = await leasetap(["live", "-", "--client", "52:54:00:12:70:01"], { input: many });
    expect(other.stdout).not.toMatch(/ERROR/);
  });

  it.each([
    [["live"], /^leasetap: what shall be watched\?/],
    [["live", "br0"], /^leasetap: what shall be watched\?/],
    [["live", "-", "--duration", "10"], /^leasetap: "10" is no span of time/],
    [["live", "-", "--duration", "0s"], /^leasetap: "0s" is no span of time/],
    [["live", "-", "--warn-before", "5m,x"], /^leasetap: "x" is no span of time/],
  ])("says how it is used: %j", async (args, sentence) => {
    const { code, stdout, stderr } = await leasetap(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(sentence);
  });

  it("says what is wrong with an input that is no capture", async () => {
    const { code, stderr } = await leasetap(["live", "-"], { input: Buffer.from("no capture at all, this\n") });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^leasetap: Standard input /);
  });
});

describe("the end of a watch", () => {
  it("that was set comes with the report and its exit code, though the input goes on", async () => {
    const child = start(["live", "-", "--json", "--duration", "1s"]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(lost);
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([1, ""]);
    expect(recordsOf(stdout).at(-1)).toMatchObject({ type: "summary", complete: true, renewals: { expired: 1 } });
  });

  it.each(["SIGINT", "SIGTERM"] as const)("by %s comes after what the input still has to give", async (signal) => {
    const child = start(["live", "-", "--json"]);
    const end = ended(child);
    child.stdin.write(lost.subarray(0, 9000));
    await said(child.stdout);
    child.kill(signal);
    await pause(200);
    child.stdin.end(lost.subarray(9000));
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([130, ""]);
    expect(recordsOf(stdout).at(-1)).toMatchObject({ complete: true, frames: { total: 82, dhcp: 36 } });
  });

  it("by SIGINT comes even where the input does not end", async () => {
    const child = start(["live", "-", "--json"]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(lost);
    await said(child.stdout);
    child.kill("SIGINT");
    const { code, stdout } = await end;
    expect(code).toBe(130);
    expect(recordsOf(stdout).at(-1)).toMatchObject({ complete: false, frames: { total: 82 } });
  });

  it("by a second SIGINT comes at once, with nothing more said", async () => {
    const child = start(["live", "-", "--json"]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    child.stdin.write(lost);
    await said(child.stdout);
    child.kill("SIGINT");
    await heardSigint(child);
    child.kill("SIGINT");
    const { signal, stdout } = await end;
    expect(signal).toBe("SIGINT");
    expect(stdout).not.toContain('"type":"summary"');
  });

  it("comes when nobody reads the output any more", async () => {
    const child = start(["live", "-", "--json"]);
    const end = ended(child);
    child.stdin.on("error", () => undefined);
    await said(child.stdout);
    child.stdout.destroy();
    child.stdin.write(lost);
    const { stderr } = await end;
    expect(stderr).toBe("");
  });
});

describe("a pipe from tcpdump", () => {
  it("is read as it comes", async () => {
    const tcpdump = requireTool("tcpdump");
    const file = join(pcaps, "s02-offload-ack/bridge.pcap");
    const command = `"$TCPDUMP" -r "$FILE" -U -w - 2>/dev/null | "$NODE" "$PROGRAM" live - --json --fail-on never`;
    const env = {
      ...process.env,
      TCPDUMP: tcpdump,
      FILE: file,
      NODE: process.execPath,
      PROGRAM: inject("program"),
    };
    const { stdout } = await promisify(execFile)("bash", ["-c", command], { env });
    expect(recordsOf(stdout).at(-1)).toMatchObject({ complete: true, frames: { total: 82, dhcp: 36 } });
  });
});

/** Something came from the program: it reads. */
function said(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((settle) => {
    stream.once("data", () => {
      settle();
    });
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}

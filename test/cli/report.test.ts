import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPcapngWriter } from "../../src/capture/pcapng-writer.js";
import { leasetap, pcaps } from "../support/program.js";

const lost = join(pcaps, "s02-offload-ack/bridge.pcap");

/** Without line ends, so that a sentence can be looked for. */
async function report(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await leasetap(["analyze", lost, ...args], { env });
  return stdout.replace(/\s+/g, " ");
}

describe("the times of a report", () => {
  it("are those of this machine, with their offset", async () => {
    const text = await report([], { TZ: "Asia/Kolkata" });
    expect(text).toContain("2026-11-22 16:31:50 to 16:34:30 +05:30 (2 min 40 s)");
    expect(text).toContain("Lost its address at 16:33:50");
  });

  it("are in UTC or in a zone if that is asked for", async () => {
    expect(await report(["--utc"], { TZ: "Asia/Kolkata" })).toContain("11:01:50 to 11:04:30 UTC");
    expect(await report(["--tz", "America/New_York"])).toContain("06:01:50 to 06:04:30 -05:00");
    expect(await report(["--tz", "+14:00"])).toContain("2026-11-23 01:01:50 to 01:04:30 +14:00");
  });

  it("can be given back to --since and --until", async () => {
    const zone = ["--tz", "Asia/Kolkata"];
    expect(await report([...zone, "--since", "16:33:00", "--until", "16:34:00"])).toContain("Lost its address");
    expect(await report([...zone, "--until", "16:01:00"])).not.toContain("Lost its address");
    expect(await report([...zone, "--since", "11:03Z", "--until", "2026-11-22T16:34"])).toContain("Lost its address");
  });

  it("call nobody well at a time when nothing was captured", async () => {
    for (const outside of [
      ["--until", "2026-11-22T11:00Z"],
      ["--since", "2026-11-22T11:20Z"],
    ]) {
      const text = await report(outside);
      expect(text).toContain("nothing was found for that client and time");
      expect(text).not.toContain("well");
    }
  });

  it("are in UTC in records, whatever is asked for", async () => {
    const { stdout } = await leasetap(["analyze", "--json", "--tz", "Asia/Kolkata", lost]);
    expect(stdout).toContain('"started":"2026-11-22T11:02:04.139122Z"');
    expect(stdout).not.toContain("16:3");
  });
});

describe("the forms of a report", () => {
  it("in a pipe are 80 columns wide and without colour", async () => {
    const { stdout } = await leasetap(["analyze", lost]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("\u001b");
    const { stdout: colored } = await leasetap(["analyze", lost], { env: { FORCE_COLOR: "1" } });
    // eslint-disable-next-line no-control-regex
    expect(colored.replace(/\u001b\[[\d;]*m/g, "")).toBe(stdout);
    expect(colored).not.toBe(stdout);
  });

  it.each([
    [["--json", "--markdown"]],
    [["--json", "--verbose"]],
    [["--json", "--quiet"]],
    [["--markdown", "--quiet"]],
    [["--verbose", "--quiet"]],
    [["--utc", "--tz", "Europe/Berlin"]],
    [["--tz", "Europe/Nowhere"]],
  ])("that exclude each other are wrong use: %j", async (options) => {
    const { code, stdout, stderr } = await leasetap(["analyze", ...options, lost]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/exclude each other|is no time zone/);
  });

  it("name every attempt, on demand", async () => {
    const { stdout } = await leasetap(["analyze", "--verbose", join(pcaps, "s01-healthy/bridge.pcap")]);
    // As many messages of the client as tshark counts: one DISCOVER, four REQUESTs.
    expect(stdout.match(/frame \d+ (DISCOVER|REQUEST) to /g)).toHaveLength(5);
    expect(stdout.match(/frame \d+ (OFFER|ACK) from /g)).toHaveLength(5);
  });
});

describe("a report on captures whose stamps say little", () => {
  const bytes = new Uint8Array(readFileSync(lost));
  const view = new DataView(bytes.buffer);
  /** Where the records of the capture begin; it is little-endian. */
  const records: number[] = [];
  for (let at = 24; at < bytes.length; at += 16 + view.getUint32(at + 8, true)) records.push(at);

  const reportOn = async (input: Uint8Array): Promise<string> => {
    const { stdout } = await leasetap(["analyze", "-"], { input });
    return stdout.replace(/\s+/g, " ");
  };

  it("does not say how long one lasted whose clock was set back", async () => {
    const setBack = bytes.slice();
    const edited = new DataView(setBack.buffer);
    for (const at of records.slice(40)) edited.setUint32(at, view.getUint32(at, true) - 157_680_000, true);
    const text = await reportOn(setBack);
    expect(text).toContain("2026-11-22 11:01:50 to 2021-11-23 11:04:30 UTC ✗");
    expect(text).toContain("The clock of standard input was set back by at least 1824 d 23 h at frame 41");
  });

  it("says that simple packets have no time", async () => {
    const writer = createPcapngWriter(true);
    const packets = records.map((at) => bytes.subarray(at + 16, at + 16 + view.getUint32(at + 8, true)));
    const blocks = packets.map((packet) => writer.simplePacket(packet));
    const input = Buffer.concat([writer.sectionHeader(), writer.interfaceDescription(1), ...blocks]);
    const text = await reportOn(input);
    expect(text).toContain("82 frames, 36 DHCP");
    expect(text).toContain(
      "36 DHCP frames carry no time that can be used: no lease is followed by them, and no silence around them counts.",
    );
  });
});

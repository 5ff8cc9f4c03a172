import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as ng from "../../src/capture/pcapng-writer.js";
import { concat } from "../capture/support/collector.js";
import { leasetap, pcaps, recordsOf } from "../support/program.js";

const USBPCAP = 249;
const PRIVATE = 147;

/** A capture of two interfaces that nobody reads, and one that is read. */
function mixed(linkTypes: readonly number[]): Uint8Array {
  const writer = ng.createPcapngWriter(true);
  return concat(
    writer.sectionHeader(),
    ...linkTypes.map((linkType) => writer.interfaceDescription(linkType)),
    ...[...linkTypes.keys(), 0].map((index) =>
      writer.enhancedPacket(index, ng.timeStamp(1_700_000_000, 0, 6), new Uint8Array(60)),
    ),
  );
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-folder-"));
  const below = join(folder, "a", "b");
  mkdirSync(below, { recursive: true });
  copyFileSync(join(pcaps, "s02-offload-ack", "bridge.pcap"), join(below, "bridge.pcap"));
  symlinkSync(folder, join(below, "loop"));
  symlinkSync("nowhere", join(below, "broken"));
  writeFileSync(join(folder, "notes.txt"), "a backup was running");
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "mixed.pcapng"), mixed([USBPCAP, 1, PRIVATE]));
  writeFileSync(join(folder, "usb"), mixed([USBPCAP]));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a folder of all sorts", () => {
  it("is told with what was passed over", async () => {
    const { stdout, code } = await leasetap(["analyze", join(folder, "a", "b"), join(folder, "notes.txt")]);
    expect(stdout).toContain("lost its address");
    expect(stdout).not.toContain("passed over");
    expect(code).toBe(3);
    const whole = await leasetap(["analyze", folder]);
    expect(whole.stdout).toContain("2 files in the folders are no captures and were passed over.");
    expect(whole.stdout.match(/bridge\.pcap: 82 frames/g)).toHaveLength(1);
  });

  it("has the same on standard error where records are asked for", async () => {
    const { stdout, stderr } = await leasetap(["analyze", folder, "--json"]);
    expect(stderr).toContain("leasetap: 2 files in the folders are no captures and were passed over.\n");
    expect(recordsOf(stdout).filter(({ type }) => type === "input")).toHaveLength(3);
  });
});

describe("a folder", () => {
  it("that is the working directory, or lies above it, names its captures as they are", async () => {
    for (const [name, path] of [
      [".", "a/b/bridge.pcap"],
      ["a", "a/b/bridge.pcap"],
      ["./a/", "a/b/bridge.pcap"],
    ] as const) {
      const { stdout } = await leasetap(["analyze", name, "--json"], { cwd: folder });
      expect(recordsOf(stdout)[0]?.["inputs"]).toContain(path);
    }
    const { stdout } = await leasetap(["analyze", "..", "--json"], { cwd: join(folder, "a") });
    expect(recordsOf(stdout)[0]?.["inputs"]).toContain("../a/b/bridge.pcap");
  });

  it("with a compressed file that is damaged at its beginning says so", async () => {
    const damaged = join(folder, "damaged");
    mkdirSync(damaged);
    writeFileSync(join(damaged, "x.gz"), Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff));
    writeFileSync(join(damaged, "x.lz4"), Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60));
    writeFileSync(join(damaged, "x.zst"), Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00));
    const { stderr, code } = await leasetap(["analyze", damaged]);
    rmSync(damaged, { recursive: true });
    expect(stderr).toContain("The gzip-compressed input is damaged");
    expect(stderr).toContain("The lz4-compressed input is cut off");
    expect(stderr).toContain("The zstd-compressed input is cut off");
    expect(code).toBe(3);
  });
});

describe("link types that are not read are named once, with their number,", () => {
  it("where others are read", async () => {
    const path = join(folder, "mixed.pcapng");
    const { stdout, stderr, code } = await leasetap(["analyze", path]);
    expect(stdout.match(/link\s+type/g)).toHaveLength(2);
    expect(stdout).toContain("2 frames are of link type USBPCAP (249), which is not read.");
    expect(stdout).toContain("1 frame is of link type USER0 (147), which is not read.");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const json = await leasetap(["analyze", path, "--json"]);
    expect(json.stderr).toContain(`"${path}": 2 frames are of link type USBPCAP (249), which is not read.\n`);
  });

  it("where nothing else is there, which is an input that could not be read", async () => {
    const { stdout, stderr, code } = await leasetap(["analyze", join(folder, "usb")]);
    expect(stdout.replace(/\s+/g, " ").match(/link type USBPCAP \(249\)/g)).toHaveLength(1);
    expect(stderr.match(/link type USBPCAP \(249\)/g)).toHaveLength(1);
    expect(code).toBe(3);
  });
});

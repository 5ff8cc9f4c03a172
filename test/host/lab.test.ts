import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { describeUnless } from "../support/skip.js";
import { findTool, inCi } from "../support/tools.js";

/** Real bridges, taps and rules in a network namespace; a stand-in holds the taps as QEMU does. */

const NEEDED = ["ip", "ethtool", "python3"];
const missing = NEEDED.filter((tool) => findTool(tool) === null);
const reason =
  process.getuid?.() !== 0
    ? "needs root"
    : missing.length > 0
      ? `needs ${missing.join(", ")}, not installed`
      : existsSync("/dev/net/tun")
        ? null
        : "needs /dev/net/tun";
if (reason !== null && inCi) throw new Error(`leasetap doctor on a real bridge ${reason}`);

const namespace = `leasetap-doctor-${process.pid}`;
const holder = fileURLToPath(new URL("hold-tap.py", import.meta.url));
const machines: ChildProcess[] = [];

function inside(command: string, ...args: string[]): string {
  return execFileSync("ip", ["netns", "exec", namespace, command, ...args], { encoding: "utf8" });
}

/** A process with a QEMU's command line that holds the tap. Its first words are python's own. */
async function machine(tap: string, offload: 0 | 1, ...words: string[]): Promise<void> {
  const args = ["netns", "exec", namespace, "python3", holder, tap, String(offload), ...words];
  const child = spawn("ip", args, { stdio: ["pipe", "pipe", "inherit"] });
  machines.push(child);
  await new Promise((ready, failed) => {
    child.stdout.once("data", ready);
    child.once("exit", failed);
  });
}

interface Judged {
  readonly code: string;
  readonly port: string | null;
}

function judgements(): string[] {
  const lines = inside(process.execPath, inject("program"), "doctor", "-i", "br0", "--json", "--fail-on", "never");
  return lines
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line))
    .filter(isJudged)
    .map(({ code, port }) => `${code} ${port ?? "-"}`);
}

function isJudged(value: unknown): value is Judged {
  return typeof value === "object" && value !== null && "code" in value && "port" in value;
}

describeUnless(reason, "leasetap doctor on a real bridge", () => {
  beforeAll(async () => {
    execFileSync("ip", ["netns", "add", namespace]);
    inside("ip", "link", "add", "br0", "type", "bridge");
    for (const tap of ["tap0", "tap1", "tap2"]) {
      inside("ip", "tuntap", "add", tap, "mode", "tap", "vnet_hdr");
      inside("ip", "link", "set", tap, "master", "br0", "up");
    }
    await machine("tap0", 1, "-name", "web01", "-netdev", "tap,id=n,ifname=tap0", "-device", "virtio-net-pci,netdev=n");
    await machine("tap1", 0, "-name", "db01", "-netdev", "tap,id=n,ifname=tap1", "-device", "e1000,netdev=n");
  });

  afterAll(async () => {
    for (const child of machines) {
      const gone = new Promise((settle) => child.once("exit", settle));
      child.stdin?.end();
      await gone;
    }
    execFileSync("ip", ["netns", "del", namespace]);
  });

  it("virtio is normal, the emulated card is well, the free tap has nobody", () => {
    expect(judgements()).toEqual(["exposed tap0", "machine-unknown tap2"]);
  });

  it("sees offload switched off, and on for a card that knows none", () => {
    inside("ethtool", "-K", "tap0", "tx", "off");
    expect(judgements()).toContain("tx-off-by-hand tap0");
    inside("ethtool", "-K", "tap0", "tx", "on");
    expect(judgements()).toContain("exposed tap0");
  });

  it("names the port's own device in the report", () => {
    const report = inside(process.execPath, inject("program"), "doctor", "-i", "tap0");
    expect(report).toContain("web01 (virtio-net-pci");
    expect(report).toContain("ethtool -K tap0 tx off");
  });

  it("a bridge that is not there is named with those that are", () => {
    expect(() => inside(process.execPath, inject("program"), "doctor", "-i", "br9")).toThrow(
      /Bridges of this host: br0/,
    );
  });
});

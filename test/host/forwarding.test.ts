import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forwardingTable, parseForwarding } from "../../src/host/forwarding.js";
import { describeUnless } from "../support/skip.js";
import { findTool, inCi } from "../support/tools.js";

const reason =
  process.getuid?.() !== 0 ? "needs root, for network namespaces" : findTool("ip") === null ? "needs ip" : null;
if (reason !== null && inCi) throw new Error(`the forwarding table of a real bridge ${reason}`);

describe("a forwarding table", () => {
  const ports = new Map([[258, "vnet3"]]);
  const entry = [0x52, 0x54, 0, 0x12, 0x65, 0x64, 2, 0, 0xe8, 3, 0, 0, 1, 0, 0, 0];

  it("has the address, the port by both bytes of its number, and hundredths of seconds", () => {
    expect(parseForwarding(Uint8Array.from(entry), ports)).toEqual([{ mac: 0x525400126564, port: "vnet3", age: 10 }]);
  });

  it("is read without the bridge's own addresses, without ports that have gone, and without half an entry", () => {
    const own = entry.with(7, 1);
    const gone = entry.with(6, 3);
    const bytes = Uint8Array.from([...own, ...gone, ...entry, ...entry.slice(0, 15)]);
    expect(parseForwarding(bytes, ports)).toHaveLength(1);
  });

  it("of what is no bridge is empty", () => {
    expect(forwardingTable("lo")).toEqual([]);
    expect(forwardingTable("no-such-bridge")).toEqual([]);
  });
});

describeUnless(reason, "the forwarding table of a real bridge", () => {
  const space = `ltfdb${process.pid}`;
  const guest = `${space}g`;
  let inside: ChildProcess | undefined;

  function ip(...args: string[]): void {
    execFileSync("ip", args, { stdio: "pipe" });
  }

  beforeAll(async () => {
    ip("netns", "add", space);
    ip("netns", "add", guest);
    ip("-n", space, "link", "add", "br0", "type", "bridge");
    ip("-n", space, "link", "add", "p0", "type", "veth", "peer", "name", "eth0", "netns", guest);
    ip("-n", space, "link", "set", "p0", "master", "br0");
    ip("-n", guest, "link", "set", "eth0", "address", "52:54:00:fd:b0:01");
    for (const name of ["br0", "p0"]) ip("-n", space, "link", "set", name, "up");
    // sysfs shows the namespace of whoever mounted it: one process stays in there.
    inside = spawn("ip", ["netns", "exec", space, "sh", "-c", "echo ready; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise((ready) => inside?.stdout?.once("data", ready));
    // Coming up, its kernel sends frames by itself (IPv6 router and multicast messages).
    ip("-n", guest, "link", "set", "eth0", "up");
  });

  afterAll(() => {
    inside?.kill("SIGKILL");
    for (const name of [space, guest]) ip("netns", "del", name);
  });

  it("shows who sent a frame, where, and how long ago", async () => {
    const root = `/proc/${String(inside?.pid)}/root`;
    await expect
      .poll(() => forwardingTable("br0", root), { timeout: 10_000, interval: 200 })
      .toMatchObject([{ mac: 0x525400fdb001, port: "p0" }]);
    const age = forwardingTable("br0", root)[0]?.age ?? Infinity;
    expect(age).toBeLessThan(15);
  });
});

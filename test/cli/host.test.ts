import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostFacts } from "../../src/host/facts.js";
import { readRecording, writeRecording } from "../../src/host/recording.js";
import { aBridge, aHost, aMachine, aTap, OFF, ON } from "../host/some-host.js";
import { isJson, leasetap, pcaps, recordsOf, type Json } from "../support/program.js";

/** Its client, 52:54:00:12:65:64, ignores unfinished sums. */
const CAPTURE = join(pcaps, "s02-offload-ack", "bridge.pcap");
const CLIENT = "52:54:00:12:65:64";

describe("analyze --host", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "leasetap-host-"));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function recorded(facts: HostFacts): string {
    const path = join(folder, "host.json");
    writeFileSync(path, writeRecording(facts, "0.0.0", new Date(0)));
    return path;
  }

  const virtio = aTap(ON, aMachine({ model: "virtio-net-pci", mac: CLIENT }));

  async function finding(facts: HostFacts): Promise<Json> {
    const { stdout } = await leasetap(["analyze", CAPTURE, "--json", "--host", recorded(facts)]);
    const [found] = recordsOf(stdout).filter(({ type, code }) => type === "finding" && code === "offload-partial");
    if (found === undefined) throw new Error("there is no such finding");
    return found;
  }

  function commands({ remedies }: Json): unknown[] {
    return Array.isArray(remedies) ? remedies.filter(isJson).map(({ command }) => command) : [];
  }

  it("names the machine, its card and the real device", async () => {
    const found = await finding(aHost([aBridge([virtio])], {}, { servers: [] }));
    expect(found).toMatchObject({
      name: "web01",
      host: {
        port: "vnet3",
        bridge: "br0",
        machine: "web01",
        pid: 812,
        model: "virtio-net-pci",
        mac: CLIENT,
        by: "card",
      },
    });
    expect(found["detail"]).toContain("It is behind vnet3 of br0: web01 (process 812), with a virtio-net-pci card.");
    // No server runs on this host, so that a rule on it would meet nothing.
    expect(commands(found)[0]).toBe("ethtool -K vnet3 tx off");
    expect(commands(found)).toContain("virsh edit web01");
    expect(commands(found).join("\n")).not.toMatch(/CHECKSUM|\bTAP\b/);
  });

  it("puts the rule where the server is", async () => {
    const here = [{ pid: 7, program: "dnsmasq", here: true }];
    const away = [{ pid: 99, program: "dhcpd", here: false }];
    expect(commands(await finding(aHost([aBridge([virtio])], {}, { servers: here })))[0]).toMatch(/^iptables /);
    expect(commands(await finding(aHost([aBridge([virtio])], {}, { servers: away })))[0]).toMatch(
      /^nsenter -t 99 -n iptables /,
    );
  });

  it("says of a client that is not on this host that it is not", async () => {
    const found = await finding(aHost([aBridge([aTap(OFF, aMachine({ model: "e1000" }))])]));
    expect(found).toMatchObject({ name: null, host: null });
    expect(commands(found)).toContain("ethtool -K TAP tx off");
  });

  it("tells the same in the report, and lets no name of a machine reach the terminal as it is", async () => {
    const machine = aMachine({ model: "virtio-net-pci", mac: CLIENT }, { name: "web\u001b]0;x\u0007`01`" });
    const path = recorded(aHost([aBridge([aTap(ON, machine)])], {}, { servers: [] }));
    for (const form of [[], ["--markdown"], ["--json"]]) {
      const { code, stdout } = await leasetap(["analyze", CAPTURE, ...form, "--host", path]);
      expect(code).toBe(1);
      expect(stdout).toContain("ethtool -K vnet3 tx off");
      // eslint-disable-next-line no-control-regex -- that is what is looked for
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    }
    const { stdout } = await leasetap(["analyze", CAPTURE, "--host", path]);
    expect(stdout.replace(/\s+/g, " ")).toContain("Host It is behind vnet3 of br0:");
  });

  it("is about this machine where a capture stands behind the option", async () => {
    const { code, stdout, stderr } = await leasetap(["analyze", "--host", CAPTURE]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("No port of this host is known to lead to it.");
  });

  it("tells in the report, with live - too, what a recording cannot be used for", async () => {
    const path = join(folder, "other.json");
    writeFileSync(path, "{}\n");
    for (const words of [
      ["analyze", CAPTURE, "--host", path],
      ["live", "-", "--host", path],
      ["doctor", "--host", path],
    ]) {
      const { code, stderr } = await leasetap(words);
      expect(code).toBe(3);
      expect(stderr).toContain("is no recording of a host: make one with leasetap doctor --record host.json.");
    }
    const { code, stderr } = await leasetap(["analyze", CAPTURE, "--host", join(folder, "missing.json")]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('missing.json" does not exist')]);
  });

  it("has live name machines as well", async () => {
    const path = recorded(aHost([aBridge([virtio])], {}, { servers: [] }));
    const { stdout } = await leasetap(["live", "-", "--host", path], { input: readFileSync(CAPTURE) });
    expect(stdout).toMatch(/ERROR {3}52:54:00:12:65:64, web01 behind vnet3 \(virtio-net-pci\), lost 10\.8\.12\.150/);
    expect(stdout).toContain("ethtool -K vnet3 tx off");
    const records = recordsOf(
      (await leasetap(["live", "-", "--json", "--host", path], { input: readFileSync(CAPTURE) })).stdout,
    );
    const findings = records.filter(({ type }) => type === "finding");
    expect(findings.length).toBeGreaterThan(1);
    for (const found of findings) {
      if (found["code"] === "offload-partial") expect(found).toMatchObject({ host: { machine: "web01" } });
    }
  });

  it("doctor saves this machine, and judges what was saved", async () => {
    const path = join(folder, "here.json");
    const saved = await leasetap(["doctor", "--record", path, "--fail-on", "never", "--json"]);
    expect([saved.code, saved.stderr]).toEqual([0, ""]);
    const recording = readRecording(readFileSync(path, "utf8"));
    const [first = ""] = saved.stdout.split("\n");
    expect(recording).toMatchObject({ schema: 1 });
    if (typeof recording === "string") return;
    expect(JSON.parse(first)).toEqual({ type: "host", ...recording.host });
    const judged = await leasetap(["doctor", "--host", path, "--fail-on", "never", "--json"]);
    expect(judged.stdout).toBe(saved.stdout);
    const refused = await leasetap(["doctor", "--record", join(folder, "no", "x.json")]);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("its folder does not exist")]);
  });
});

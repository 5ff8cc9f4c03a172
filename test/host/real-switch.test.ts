import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { requireTool } from "../support/tools.js";
import { describeUnless } from "../support/skip.js";
import { HostLab, hostLabReason } from "./host-lab.js";

/** Open vSwitch itself, with its datapath in user space, so that no kernel module is needed. */

const TOOLS = ["ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl"];
const SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";
const OWNER = ["external_ids:attached-mac=fa:16:3e:11:22:33", "external_ids:vm-id=web01", "external_ids:iface-id=abc"];

describeUnless(hostLabReason(...TOOLS), "leasetap doctor on a real Open vSwitch", () => {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-switch-"));
  const socket = join(folder, "db.sock");
  const daemons: ChildProcess[] = [];
  let lab: HostLab;

  function start(program: string, ...args: readonly string[]): void {
    const env = { ...process.env, OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder };
    const command = ["netns", "exec", lab.namespace, requireTool(program), ...args, "-vconsole:off"];
    daemons.push(spawn("ip", command, { env, stdio: "ignore" }));
  }

  /** As doctor itself asks it, at this database. */
  function vsctl(...words: readonly string[]): void {
    lab.run(join(folder, "ovs-vsctl"), "--timeout=20", ...words);
  }

  beforeAll(async () => {
    lab = new HostLab("v");
    const wrapper = join(folder, "ovs-vsctl");
    writeFileSync(wrapper, `#!/bin/sh\nexec ${requireTool("ovs-vsctl")} --db=unix:${socket} "$@"\n`);
    chmodSync(wrapper, 0o755);
    lab.run(requireTool("ovsdb-tool"), "create", join(folder, "conf.db"), SCHEMA);
    start("ovsdb-server", join(folder, "conf.db"), `--remote=punix:${socket}`, `--unixctl=${join(folder, "d.ctl")}`);
    for (let turn = 0; turn < 200 && !existsSync(socket); turn += 1) await sleep(50);
    vsctl("--no-wait", "init");
    start("ovs-vswitchd", `unix:${socket}`, "--disable-system", `--unixctl=${join(folder, "s.ctl")}`);
    lab.run("ip", "tuntap", "add", "tapweb", "mode", "tap", "vnet_hdr");
    lab.run("ip", "link", "set", "tapweb", "up");
    vsctl("add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=netdev");
    vsctl("add-port", "br-int", "tapweb", "--", "set", "interface", "tapweb", ...OWNER);
    vsctl("add-port", "br-int", "vx0", "--", "set", "interface", "vx0", "type=vxlan", "options:remote_ip=192.0.2.9");
  });

  afterAll(async () => {
    for (const daemon of daemons.reverse()) {
      const gone = new Promise((settle) => daemon.once("exit", settle));
      daemon.kill();
      await gone;
    }
    await lab.dismantle();
    rmSync(folder, { recursive: true });
  });

  it("knows its bridge, the kinds of its ports and what was written down of the guest behind one", () => {
    const path = `PATH=${folder}:${process.env["PATH"] ?? ""}`;
    const words = ["doctor", "--json", "--fail-on", "never"];
    const [line = ""] = lab.run("env", path, process.execPath, inject("program"), ...words).split("\n");
    const host: unknown = JSON.parse(line);
    const label = { by: "openvswitch", machine: "web01", card: "abc", mac: "fa:16:3e:11:22:33" };
    const ports: unknown = expect.arrayContaining([
      expect.objectContaining({ name: "tapweb", kind: "tap", label }),
      expect.objectContaining({ name: "vx0", kind: "vxlan", label: null }),
    ]);
    const bridge: unknown = expect.objectContaining({ name: "br-int", kind: "openvswitch", ports });
    expect(host).toHaveProperty("bridges", expect.arrayContaining([bridge]));
    // Its own taps are no guest's.
    expect(host).toHaveProperty("loose", []);
  });

  it("has the ports of its bridge followed by leasetap live as they come", () => {
    lab.run("ip", "link", "set", "br-int", "up");
    lab.run("ip", "link", "add", "later", "type", "veth", "peer", "name", "guest");
    lab.run("ip", "link", "set", "later", "up");
    const path = `PATH=${folder}:${process.env["PATH"] ?? ""}`;
    const live = `timeout 40 "$0" "$1" live -i br-int --follow-ports --json --duration 8s --fail-on never`;
    const plug = "(sleep 3; ovs-vsctl --timeout=20 add-port br-int later) & ";
    const said = lab.run("env", path, "sh", "-c", plug + live, process.execPath, inject("program"));
    // Taps that nobody holds have no carrier, and are captured all the same; vx0 is no interface of the kernel.
    const input = said.split("\n").find((line) => line.includes('"type":"input"')) ?? "";
    expect(JSON.parse(input)).toMatchObject({ interfaces: ["br-int", "tapweb", "later"] });
  });
});

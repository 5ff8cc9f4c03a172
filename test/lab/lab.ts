import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { findTool, inCi } from "../support/tools.js";
import { Running } from "./processes.js";

export const TOOLS = ["ip", "tcpdump", "dhcpd", "dhclient", "dnsmasq", "ethtool", "cc"] as const;

/** Why the lab cannot be built on this machine; null: it can. @throws Error under CI=true, where it must be */
export function labReason(): string | null {
  const reason = whyNot();
  if (reason !== null && inCi) throw new Error(`the lab ${reason}`);
  return reason;
}

function whyNot(): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, for network namespaces";
  const missing = TOOLS.filter((tool) => findTool(tool) === null);
  if (missing.length > 0) return `needs ${missing.join(", ")}, not installed`;
  try {
    const name = `ltlab${process.pid}x`;
    run("ip", "netns", "add", name);
    run("ip", "netns", "del", name);
    return null;
  } catch (error) {
    return `needs network namespaces: ${String(error)}`;
  }
}

function run(tool: string, ...args: readonly string[]): string {
  return execFileSync(findTool(tool) ?? tool, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const SCRIPT = `#!/bin/sh
# What dhclient asks of its script: the address, and a word of why.
echo "script: $reason \${new_ip_address:-none}"
case $reason in
PREINIT) ip link set "$interface" up ;;
BOUND | REBOOT | RENEW | REBIND) ip -4 address replace "$new_ip_address/24" dev "$interface" ;;
EXPIRE | FAIL | RELEASE | STOP) ip -4 address flush dev "$interface" ;;
esac
exit 0
`;

/** Seconds of every lease here: T1 after 10 s, T2 after 17.5 s. */
export const LEASE = 20;

/**
 * A DHCP server and a client, each in a network namespace of its own, joined by a veth pair: a server on a hypervisor
 * and its guest. The kernel leaves UDP checksums between them unfinished, as it does between host and guest.
 */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), "leasetap-lab-"));
  readonly server: string;
  readonly client: string;
  readonly net: string;
  readonly #running: Running[] = [];

  /** @param number 1 to 200, another for each lab that runs at the same time */
  constructor(number: number) {
    const name = `ltlab${process.pid}n${number}`;
    this.server = `${name}s`;
    this.client = `${name}c`;
    this.net = `10.99.${number}`;
    chmodSync(this.folder, 0o755);
    for (const space of [this.server, this.client]) {
      run("ip", "netns", "add", space);
      run("ip", "-n", space, "link", "set", "lo", "up");
    }
    this.join();
  }

  /** The cable between them; the client's end is its port on the host, gone when the guest is. */
  join(): void {
    run("ip", "-n", this.server, "link", "add", "s0", "type", "veth", "peer", "name", "eth0", "netns", this.client);
    run("ip", "-n", this.server, "address", "add", `${this.net}.1/24`, "dev", "s0");
    run("ip", "-n", this.server, "link", "set", "s0", "up");
    run("ip", "-n", this.client, "link", "set", "eth0", "up");
  }

  cut(): void {
    run("ip", "-n", this.server, "link", "del", "s0");
  }

  /** Runs a tool in the server's namespace to its end. */
  onServer(tool: string, ...args: readonly string[]): string {
    return run("ip", "netns", "exec", this.server, findTool(tool) ?? tool, ...args);
  }

  async dhcpd(): Promise<Running> {
    const config = this.file(
      "dhcpd.conf",
      `authoritative; ddns-update-style none; ping-check false;
min-lease-time ${LEASE}; default-lease-time ${LEASE}; max-lease-time ${LEASE};
subnet ${this.net}.0 netmask 255.255.255.0 { range ${this.net}.100 ${this.net}.150; }
`,
    );
    const leases = this.file("dhcpd.leases", "");
    const pid = join(this.folder, "dhcpd.pid");
    const daemon = this.#start(this.server, [
      "dhcpd",
      "-4",
      "-d",
      "-f",
      "-cf",
      config,
      "-lf",
      leases,
      "-pf",
      pid,
      "s0",
    ]);
    await daemon.said(/Server starting service/, 1, 20);
    return daemon;
  }

  async dnsmasq(): Promise<Running> {
    const daemon = this.#start(this.server, [
      "dnsmasq",
      "--keep-in-foreground",
      "--port=0",
      "--conf-file=/dev/null",
      "--log-facility=-",
      "--log-dhcp",
      "--interface=s0",
      "--bind-interfaces",
      "--no-ping",
      "--user=root",
      "--dhcp-authoritative",
      // dnsmasq takes no shorter ones.
      `--dhcp-range=${this.net}.100,${this.net}.150,255.255.255.0,120s`,
      "--dhcp-option=option:T1,10",
      "--dhcp-option=option:T2,17",
      `--dhcp-leasefile=${join(this.folder, "dnsmasq.leases")}`,
      `--pid-file=${join(this.folder, "dnsmasq.pid")}`,
    ]);
    await daemon.said(/started|DHCP, IP range/, 1, 20);
    return daemon;
  }

  /** @param plain it cannot tell that a checksum is still to be filled in */
  dhclient(plain: boolean): Running {
    const config = this.file(
      "dhclient.conf",
      "timeout 20; retry 4; initial-interval 2; backoff-cutoff 4; select-timeout 0; reboot 0; initial-delay 0;\n",
    );
    const script = this.file("script", SCRIPT);
    chmodSync(script, 0o755);
    const files = ["-lf", this.file("client.leases", ""), "-pf", join(this.folder, "client.pid"), "-sf", script];
    const env = plain ? { LD_PRELOAD: this.#shim() } : {};
    return this.#start(this.client, ["dhclient", "-4", "-d", "-v", "-cf", config, ...files, "eth0"], env);
  }

  /** `tcpdump | leasetap live - --json` at the server's end. */
  async live(...options: readonly string[]): Promise<{ readonly live: Running; readonly tcpdump: Running }> {
    const filter = "port 67 or port 68 or icmp or arp";
    const tcpdump = this.#capture(["tcpdump", "-i", "s0", "-U", "-w", "-", filter]);
    const { stdout, stderr } = tcpdump.child;
    if (stdout === null || stderr === null) throw new Error("tcpdump has no output");
    await new Promise<void>((settle) => stderr.once("data", () => settle()));
    stderr.resume();
    const command = [process.execPath, inject("program"), "live", "-", "--json", ...options];
    const live = new Running(command, { stdin: stdout }).listen();
    this.#running.push(live);
    return { live, tcpdump };
  }

  /** `leasetap live -i s0 --json` at the server's end. */
  async liveOnInterface(): Promise<{ readonly live: Running; readonly tcpdump: null }> {
    const live = this.#start(this.server, [process.execPath, inject("program"), "live", "-i", "s0", "--json"]);
    await live.said(/"type":"start"/, 1, 60);
    return { live, tcpdump: null };
  }

  file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Ends all that runs here and takes the namespaces away. */
  async dismantle(): Promise<void> {
    for (const running of this.#running) await running.end("SIGKILL");
    for (const space of [this.server, this.client]) run("ip", "netns", "del", space);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #capture(command: readonly string[]): Running {
    const running = new Running(this.#within(this.server, command));
    this.#running.push(running);
    return running;
  }

  #start(space: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const running = new Running(this.#within(space, command), { env }).listen();
    this.#running.push(running);
    return running;
  }

  #within(space: string, [tool = "", ...args]: readonly string[]): string[] {
    return [findTool("ip") ?? "ip", "netns", "exec", space, findTool(tool) ?? tool, ...args];
  }

  #shim(): string {
    const library = join(this.folder, "plain-client.so");
    const source = fileURLToPath(new URL("plain-client.c", import.meta.url));
    run("cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl");
    return library;
  }
}

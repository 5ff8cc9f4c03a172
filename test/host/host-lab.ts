import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { findTool, inCi } from "../support/tools.js";

/** Why bridges and taps cannot be made on this machine; null: they can. @throws Error under CI=true, where they must */
export function hostLabReason(...tools: readonly string[]): string | null {
  const missing = ["ip", "ethtool", "python3", ...tools].filter((tool) => findTool(tool) === null);
  const reason =
    process.platform !== "linux" || process.getuid?.() !== 0
      ? "needs root on Linux, for network namespaces"
      : missing.length > 0
        ? `needs ${missing.join(", ")}, not installed`
        : existsSync("/dev/net/tun")
          ? null
          : "needs /dev/net/tun";
  if (reason !== null && inCi) throw new Error(`leasetap doctor on a real bridge ${reason}`);
  return reason;
}

/** What TUNSETOFFLOAD is told by whoever holds a tap. */
export const VIRTIO = 7;
export const EMULATED = 0;

const HOLDER = fileURLToPath(new URL("hold-tap.py", import.meta.url));

/** A host in a network namespace of its own, with a bridge br0. */
export class HostLab {
  readonly namespace: string;
  readonly #namespaces: string[] = [];
  readonly #processes: ChildProcessWithoutNullStreams[] = [];

  /** @param name another one for each lab of this process */
  constructor(name: string) {
    this.namespace = this.addNamespace(name);
    this.run("ip", "link", "add", "br0", "type", "bridge");
    this.run("ip", "link", "set", "br0", "up");
  }

  addNamespace(name: string): string {
    const namespace = `ltdoc${process.pid}${name}`;
    execFileSync("ip", ["netns", "add", namespace]);
    this.#namespaces.push(namespace);
    return namespace;
  }

  /** Runs a command in the namespace to its end, and gives its standard output. */
  run(command: string, ...args: readonly string[]): string {
    return this.runIn(this.namespace, command, ...args);
  }

  runIn(namespace: string, command: string, ...args: readonly string[]): string {
    return execFileSync("ip", ["netns", "exec", namespace, command, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** A switch below /proc/sys/net, by its name for sysctl. */
  set(name: string, value: "0" | "1"): void {
    this.run("sh", "-c", `echo ${value} >/proc/sys/${name.replaceAll(".", "/")}`);
  }

  tap(name: string, ...flags: readonly string[]): void {
    this.run("ip", "tuntap", "add", name, "mode", "tap", ...flags);
    this.run("ip", "link", "set", name, "master", "br0", "up");
  }

  /**
   * A process with a QEMU's command line that holds a tap as QEMU does. Its first words are python's own.
   *
   * @returns what tells the kernel another offload, as a guest's driver has QEMU do
   */
  async hold(
    tap: string,
    offload: number,
    words: readonly string[],
    { header = true, namespace = this.namespace } = {},
  ): Promise<(offload: number) => Promise<void>> {
    const child = await this.start(namespace, "python3", HOLDER, tap, String(offload), header ? "1" : "0", ...words);
    return async (other) => {
      child.stdin.write(`${other}\n`);
      await wordFrom(child);
    };
  }

  /** Starts a program that says something when it is ready. */
  async start(namespace: string, ...command: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
    const child = spawn("ip", ["netns", "exec", namespace, ...command]);
    child.stderr.resume();
    this.#processes.push(child);
    await wordFrom(child);
    return child;
  }

  /** Judgements of `leasetap doctor` on the bridge, as "code port". */
  judgements(): string[] {
    return this.records()
      .filter(isJudgement)
      .map(({ code, port }) => `${code} ${port ?? "-"}`);
  }

  /** All records of `leasetap doctor --json` on the bridge. */
  records(): unknown[] {
    const lines = this.doctor("-i", "br0", "--json", "--fail-on", "never").trimEnd().split("\n");
    return lines.map((line): unknown => JSON.parse(line));
  }

  doctor(...args: readonly string[]): string {
    return this.run(process.execPath, inject("program"), "doctor", ...args);
  }

  async dismantle(): Promise<void> {
    for (const child of this.#processes) {
      const gone =
        child.exitCode !== null || child.signalCode !== null
          ? null
          : new Promise((settle) => child.once("exit", settle));
      child.stdin.end();
      child.kill();
      await gone;
    }
    for (const namespace of this.#namespaces) execFileSync("ip", ["netns", "del", namespace]);
  }
}

function wordFrom(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((ready, failed) => {
    child.stdout.once("data", () => ready());
    child.once("exit", () => failed(new Error(`${child.spawnargs.join(" ")} ended before it was ready`)));
  });
}

interface Judgement {
  readonly code: string;
  readonly port: string | null;
}

function isJudgement(value: unknown): value is Judgement {
  return typeof value === "object" && value !== null && "code" in value && "port" in value;
}

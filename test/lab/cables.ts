import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { findTool } from "../support/tools.js";
import { Running } from "./processes.js";

/** A stream that is being recorded. */
export interface Recording {
  readonly running: Running;
  /** What it consists of, once it has ended. */
  end(): Promise<Uint8Array>;
}

/** A network namespace with cables in it, whose ends are named after them: "a" has the ends "a0" and "a1". */
export class Cables {
  readonly #space: string;
  readonly #running: Running[] = [];

  /** @param number 1 to 200, another for each that is there at the same time */
  constructor(number: number) {
    this.#space = `ltcap${process.pid}n${number}`;
    ip("netns", "add", this.#space);
    this.ip("link", "set", "lo", "up");
    // Nobody in there speaks IPv6 by himself.
    this.#run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
  }

  lay(...names: readonly string[]): void {
    const batch = names.flatMap((name) => [
      `link add ${name}0 type veth peer name ${name}1`,
      `link set ${name}0 up`,
      `link set ${name}1 up`,
    ]);
    execFileSync(findTool("ip") ?? "ip", ["-n", this.#space, "-b", "-"], { input: batch.join("\n") });
  }

  cut(name: string): void {
    this.ip("link", "del", `${name}0`);
  }

  ip(...words: readonly string[]): void {
    ip("-n", this.#space, ...words);
  }

  /**
   * Records these interfaces; returns when they are being watched.
   *
   * @param within a command that runs another one
   */
  async record(patterns: readonly string[], within: readonly string[] = []): Promise<Recording> {
    const running = this.#start([...within, process.execPath, helper("record.mjs"), distFolder(), ...patterns]);
    const chunks: Buffer[] = [];
    running.child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    running.listen("stderr");
    await running.said(/^watching/, 1, 60);
    return {
      running,
      end: async () => {
        await running.end("SIGTERM");
        return new Uint8Array(Buffer.concat(chunks));
      },
    };
  }

  /** Starts `leasetap live --json` and returns when it watches. */
  async live(...options: readonly string[]): Promise<Running> {
    const live = this.#start([process.execPath, inject("program"), "live", "--json", ...options]).listen();
    await live.said(/"type":"start"/, 1, 60);
    return live;
  }

  /** Starts `leasetap live` as root without CAP_NET_RAW, and returns what it says in the end. */
  async refused(...options: readonly string[]): Promise<{ readonly said: string; readonly code: number | null }> {
    const without = ["setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw"];
    const live = this.#start([...without, process.execPath, inject("program"), "live", ...options]).listen();
    const code = await live.exit;
    return { said: live.lines.map(({ text }) => text).join("\n"), code };
  }

  /** Runs a tool to its end. @throws Error if it fails */
  async finish(...command: readonly string[]): Promise<void> {
    const running = this.#start(command).listen();
    if ((await running.exit) === 0) return;
    throw new Error(`${command.join(" ")}: ${running.lines.map(({ text }) => text).join("\n")}`);
  }

  /**
   * Sends frames in turn, `count` in all, so many a second.
   *
   * @param begun called when it has begun
   */
  async send(
    end: string,
    frames: readonly Uint8Array[],
    count: number,
    rate: number,
    begun?: () => void,
  ): Promise<void> {
    const words = [process.execPath, helper("send-frames.mjs"), end, String(count), String(rate)];
    const input = Readable.from(frames.map((frame) => `${Buffer.from(frame).toString("hex")}\n`));
    const sender = new Running(this.#within(words), { stdin: input }).listen();
    this.#running.push(sender);
    await sender.said(/^sending/, 1, 60);
    begun?.();
    await sender.said(/^sent/, 1, 120);
  }

  #start(command: readonly string[]): Running {
    const running = new Running(this.#within(command));
    this.#running.push(running);
    return running;
  }

  async dismantle(): Promise<void> {
    for (const running of this.#running) await running.end("SIGKILL");
    ip("netns", "del", this.#space);
  }

  #run(...command: readonly string[]): void {
    const [tool = "", ...words] = this.#within(command);
    execFileSync(tool, words, { stdio: "ignore" });
  }

  #within(command: readonly string[]): string[] {
    return [findTool("ip") ?? "ip", "netns", "exec", this.#space, ...command];
  }
}

function ip(...words: readonly string[]): void {
  execFileSync(findTool("ip") ?? "ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

function helper(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function distFolder(): string {
  return dirname(dirname(inject("program")));
}

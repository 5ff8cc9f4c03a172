import { execFileSync, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { childrenOf, memoryOf, processorTimeOf } from "./process-tree.js";

const PORTS = 100;
/** Milliseconds until all is open, and to measure. */
const SETTLED = 10_000;
const MEASURED = 60_000;

/** What it takes to watch a hundred interfaces on which nothing happens. Needs root, for a network namespace. */
export async function measurePorts(program: string): Promise<string[]> {
  const space = `leasetap-bench-${process.pid}`;
  ip("netns", "add", space);
  try {
    // By IPv6 they would look for routers, and so not be idle.
    const quiet = "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6";
    ip("netns", "exec", space, "sh", "-c", quiet);
    const batch = Array.from({ length: PORTS / 2 }, (_one, index) =>
      [`link add p${index}a type veth peer name p${index}b`, `link set p${index}a up`, `link set p${index}b up`].join(
        "\n",
      ),
    );
    execFileSync("ip", ["-n", space, "-b", "-"], { input: batch.join("\n") });
    const words = ["netns", "exec", space, process.execPath, program, "live", "-i", "p*"];
    const live = spawn("ip", words, { stdio: "ignore" });
    const { pid = 0 } = live;
    await pause(SETTLED);
    const before = processorTimeOf(pid);
    await pause(MEASURED);
    const share = (processorTimeOf(pid) - before) / (MEASURED / 1000);
    const lines = [
      `leasetap live, ${PORTS} ports, idle: ${(memoryOf(pid) / 1e6).toFixed(0)} MB (PSS of ${1 + childrenOf(pid).length} processes), ${(100 * share).toFixed(2)} % of a core`,
    ];
    live.kill("SIGKILL");
    return lines;
  } finally {
    ip("netns", "del", space);
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words);
}

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { FORMATS, writeCapture, type Format } from "./capture.js";
import { watchDay } from "./day.js";
import { measurePorts } from "./ports.js";
import { measureSpeed } from "./speed.js";
import { measureStartup } from "./startup.js";

const USAGE = `npm run bench -- [speed|startup] [--format ${FORMATS.join("|")}] [--size BYTES] [--seed N] [--rounds N]
npm run bench -- ports
npm run bench -- make FILE [--format …] [--size BYTES] [--seed N]
npm run bench -- day [--clients N] [--hours N] [--seed N]`;

/** @param root the checkout, with dist/ in it */
export async function main(root: string, words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      format: { type: "string", default: "pcap" },
      size: { type: "string", default: "1e9" },
      seed: { type: "string", default: "1" },
      rounds: { type: "string", default: "21" },
      clients: { type: "string", default: "10000" },
      hours: { type: "string", default: "24" },
    },
  });
  const [what = "all", path] = positionals;
  const format = FORMATS.find((each) => each === values.format);
  const [size, seed, rounds] = [Number(values.size), Number(values.seed), Number(values.rounds)];
  if (format === undefined || ![size, seed, rounds].every((number) => number >= 1)) throw new Error(USAGE);
  const program = `${root}/dist/cli/main.js`;
  if (what === "make") {
    make(path, format, size, seed);
    return;
  }
  if (what === "ports") {
    print(await measurePorts(program));
    return;
  }
  if (what === "day") {
    print(await watchDay(program, Number(values.clients), Number(values.hours), seed));
    return;
  }
  if (!["all", "speed", "startup"].includes(what)) throw new Error(USAGE);
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores; medians, and what half of the runs lie within`,
  );
  if (what !== "speed") print(measureStartup(program, `${root}/pcaps/s02-offload-ack/bridge.pcap`, 2 * rounds));
  if (what !== "startup") print(measureSpeed(program, { format, size, seed, rounds }));
}

function make(path: string | undefined, format: Format, size: number, seed: number): void {
  if (path === undefined) throw new Error(USAGE);
  console.log(JSON.stringify(writeCapture(path, format, size, seed)));
}

function print(lines: readonly string[]): void {
  console.log(`\n${lines.join("\n")}`);
}

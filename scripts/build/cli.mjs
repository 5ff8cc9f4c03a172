// Builds the command line: node scripts/build/cli.mjs FOLDER, two levels below a folder with package.json (dist/cli).
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundle } from "./bundle.mjs";

/** What leasetap is mostly for: a capture in which a client lost its address. */
const INCIDENT = join(import.meta.dirname, "../../pcaps/s02-offload-ack/bridge.pcap");

const folder = resolve(process.argv[2] ?? "dist/cli");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await bundle(folder);
chmodSync(join(folder, "main.js"), 0o755);
warm("analyze", INCIDENT);
// With an option of leasetap itself before the command, it is the whole program that runs.
warm("--log-level", "silent", "analyze", INCIDENT);

/** Has a program do what is usual, and keep what V8 compiled for it. */
function warm(...words) {
  const arguments_ = [join(import.meta.dirname, "warm.cjs"), folder, ...words];
  const { status, stderr } = spawnSync(process.execPath, arguments_, { encoding: "utf8" });
  // 1: something was found, as it should be in this capture.
  if (status !== 1) throw new Error(`the built program ended with ${status}: ${stderr}`);
}

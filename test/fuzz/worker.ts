import { parentPort, workerData } from "node:worker_threads";
import { run } from "./run.js";

/** What scripts/fuzz.mjs shares with its workers: the case under way, frames so far. */
interface Work {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly state: SharedArrayBuffer;
}

function isWork(value: unknown): value is Work {
  return typeof value === "object" && value !== null && "state" in value && value.state instanceof SharedArrayBuffer;
}

const work: unknown = workerData;
if (!isWork(work)) throw new TypeError("started without work");
const state = new Float64Array(work.state);
const totals = run(work, (number, frames) => {
  state[0] = number;
  state[1] = frames;
});
parentPort?.postMessage({ ...totals, heap: process.memoryUsage().heapUsed });
